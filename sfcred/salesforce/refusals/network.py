"""What fails before Salesforce answers: connections.

The texts are those of Node, Python, Go, Java, curl, browsers, Linux, macOS and Windows. Names of
hosts are in `host_names`, and TLS is in `tls`.
"""

from sfcred.salesforce.refusals.causes import NO_TOKEN_ENDPOINT
from sfcred.salesforce.refusals.host_names import WRONG_NAME
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import LIBRARY, MY_DOMAIN, NETWORK

_NO_WAY = RefusalCause(
    "the machine that runs n8n has no way to the org: a firewall, a missing proxy setting, or no "
    "network",
    "Try `curl -sv https://login.salesforce.com` on that machine. Behind a company's proxy, set "
    "HTTPS_PROXY for n8n and for sfcred, and allow the org's address.",
)
_BROKEN = RefusalCause(
    "something on the way closed the connection: a proxy, a firewall, or an idle connection that "
    "was used again",
    "Try again. If it comes back, check the proxy's and firewall's rules for the org's address, "
    "and turn on Retry On Fail in the node's settings.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "connection-refused",
        texts(
            "network",
            "ECONNREFUSED",
            "Connection refused",
            "WinError 10061",
            "actively refused it",
            "ConnectionRefusedError",
            "Errno 111",
            "Errno 61",
            "WSAECONNREFUSED",
            "ERR_CONNECTION_REFUSED",
            "The service refused the connection - perhaps it is offline",
        ),
        (
            RefusalCause(
                "nothing listens at that address: usually a proxy that isn't there, or a firewall "
                "that rejects",
                "Look at the address and port in the error's details. If they aren't the org's, "
                "correct HTTPS_PROXY.",
            ),
            _NO_WAY,
        ),
        NETWORK,
        of_any_service=True,
    ),
    Refusal(
        "connection-closed",
        texts(
            "network",
            "ECONNRESET",
            "socket hang up",
            "Connection reset by peer",
            "EPIPE",
            "ECONNABORTED",
            "forcibly closed by the remote host",
            "WinError 10054",
            "WinError 10053",
            "aborted by the software in your host machine",
            "ConnectionResetError",
            "ConnectionAbortedError",
            "Connection aborted",
            "Errno 104",
            "errno 54",
            "UND_ERR_SOCKET",
            "Premature close",
            "TLS/SSL connection has been closed (EOF)",
            "ERR_STREAM_PREMATURE_CLOSE",
            "ERR_CONNECTION_CLOSED",
            "ERR_CONNECTION_RESET",
            "ERR_CONNECTION_ABORTED",
            "Empty reply from server",
            "Unexpected end of file from server",
            "unexpected EOF",
            "UNEXPECTED_EOF_WHILE_READING",
            "unexpected eof while reading",
            "BadStatusLine",
            "Broken pipe",
            "WSAECONNRESET",
            "Server disconnected",
            "RemoteProtocolError",
            "other side closed",
            "SSL_ERROR_SYSCALL",
            "EOF occurred in violation of protocol",
            "Remote end closed connection without response",
            "ERR_EMPTY_RESPONSE",
            "Client network socket disconnected before secure TLS connection was established",
            "The connection to the server was closed unexpectedly, perhaps it is offline",
            "The connection was aborted, perhaps the server is offline",
            "The server closed the connection unexpectedly",
        ),
        (_BROKEN, _NO_WAY),
        NETWORK,
        of_any_service=True,
    ),
    Refusal(
        "timed-out",
        texts(
            "network",
            "ETIMEDOUT",
            "ESOCKETTIMEDOUT",
            "connect timed out",
            "Connection timed out",
            "ConnectTimeout",
            "ReadTimeout",
            "UND_ERR_HEADERS_TIMEOUT",
            "Headers Timeout Error",
            "Read timed out",
            "operation timed out",
            "WinError 10060",
            "did not properly respond after a period of time",
            "connected host has failed to respond",
            "Connection timeout",
            "SocketTimeoutException",
            "context deadline exceeded",
            "i/o timeout",
            "Errno 110",
            "Errno 60",
            "The semaphore timeout period has expired",
            "UND_ERR_BODY_TIMEOUT",
            "ERR_TIMED_OUT",
            "handshake operation timed out",
            "WSAETIMEDOUT",
            "TimeoutError",
            "request timed out",
            "connect timeout",
            "timeout of {any} exceeded",
            "UND_ERR_CONNECT_TIMEOUT",
            "TLS handshake timeout",
            "nobody answered in time",
            "ERR_CONNECTION_TIMED_OUT",
            "The connection timed out, consider setting the 'Retry on Fail' option in the node "
            "settings",
        ),
        (
            _NO_WAY,
            RefusalCause(
                "the org or the network was slow at that moment",
                "Try again, and turn on Retry On Fail in the node's settings.",
            ),
        ),
        NETWORK,
        of_any_service=True,
    ),
    Refusal(
        "no-route",
        texts(
            "network",
            "EHOSTUNREACH",
            "ENETUNREACH",
            "No route to host",
            "WinError 10051",
            "WinError 10065",
            "unreachable network",
            "unreachable host",
            "Errno 113",
            "Errno 101",
            "Errno 65",
            "Errno 51",
            "ENETDOWN",
            "ERR_INTERNET_DISCONNECTED",
            "ERR_ADDRESS_UNREACHABLE",
            "ERR_NETWORK_CHANGED",
            "All connection attempts failed",
            "Couldn't connect to server",
            "Network is unreachable",
            "EADDRNOTAVAIL",
            "The host is unreachable, perhaps the server is offline",
            "The address is not available, ensure that you have the right IP address",
        ),
        (
            _NO_WAY,
            RefusalCause(
                "the machine tries IPv6 without having it",
                "For n8n, set NODE_OPTIONS=--dns-result-order=ipv4first.",
            ),
            WRONG_NAME,
        ),
        NETWORK,
        of_any_service=True,
    ),
    Refusal(
        "connection-not-permitted",
        texts(
            "network",
            "WinError 10013",
            "forbidden by its access permissions",
            "connect EACCES",
            "connect EPERM",
            "ERR_NETWORK_ACCESS_DENIED",
            "WSAEACCES",
        ),
        (
            RefusalCause(
                "a program or a rule on the machine itself forbids the connection: a local "
                "firewall, a virus scanner, or a container's network policy",
                "Allow n8n (Node) or sfcred (Python) to connect to port 443 there, and try again.",
            ),
            _NO_WAY,
        ),
        NETWORK,
        of_any_service=True,
    ),
    Refusal(
        "answer-cut-off",
        texts("network", "Unexpected end of JSON input", "unexpected end of JSON"),
        (
            RefusalCause(
                "the answer was empty or cut off, usually because a proxy or a host that isn't the "
                "org's login answered",
                f"Compare `my_domain` with {MY_DOMAIN}, check for a proxy, and try again.",
                signs=("SFC104", "SFC105", "SFC107"),
            ),
            RefusalCause(
                "a file that has to be JSON is empty or cut off, such as an import, or the login "
                "that the Salesforce CLI stored",
                "Write the file again: `sfcred render -o FILE` for n8n, or log in again with the "
                "Salesforce CLI.",
            ),
        ),
        NETWORK,
        of_any_service=True,
    ),
    Refusal(
        "answer-not-http",
        (
            *texts("network", "Parse Error: Expected HTTP/", "malformed HTTP response"),
            *codes("network", "HPE_INVALID_CONSTANT", "HPE_INVALID_HEADER_TOKEN"),
        ),
        (
            RefusalCause(
                "what answered doesn't speak HTTP there: usually a proxy of another kind (SOCKS, "
                "or one that doesn't tunnel), or https where plain http is spoken",
                "Check HTTPS_PROXY and the proxy in the node's options: its kind, its port, and "
                "that it allows CONNECT to port 443.",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "address-without-scheme",
        texts(
            "network",
            "Request URL is missing an 'http",
            "No scheme supplied",
            "unsupported protocol scheme",
            "Only absolute URLs are supported",
        ),
        (
            RefusalCause(
                "an address has no https:// at its beginning, or is empty",
                "Write https:// before it, and check that the variable with it is set.",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "address-redirects",
        texts(
            "network",
            "Failed to send request to {any}.lightning.force.com",
            "lightning.force.com/services/oauth2/token",
            "lightning.force.com/services/Soap",
            "Failed to send request to http://",
            "cannot retry due to redirection",
        ),
        (
            RefusalCause(
                "the address takes no logins: it is a Lightning address, or begins with http://",
                f"Use https:// and the org's own address ({MY_DOMAIN}), or login.salesforce.com "
                "(test.salesforce.com for a sandbox).",
                signs=("SFC104", "SFC107"),
            ),
        ),
        NETWORK,
        of_any_service=True,
    ),
    Refusal(
        "answer-no-json",
        texts(
            "network",
            "Unexpected token '<'",
            "Unexpected token < in JSON",
            "invalid character '<' looking for beginning of value",
            "Expecting value: line 1 column 1 (char 0)",
            "Unexpected character encountered while parsing value: <",
            "Unexpected character ('<'",
            "unexpected token at '<",
            "unexpected character: '<",
        ),
        (NO_TOKEN_ENDPOINT,),
        LIBRARY,
        of_any_service=True,
    ),
    Refusal(
        "request-failed",
        texts(
            "network",
            "fetch failed",
            "Max retries exceeded with url",
            "Network Error",
            "Failed to establish a new connection",
            "Failed to send request to",
        ),
        (
            RefusalCause(
                "the request didn't reach Salesforce, or the answer didn't come back; the cause "
                "below it, or in the details, says why",
                "Pass the whole text to `sfcred explain --error -`, with the lines that begin with "
                "cause, errno or Caused by.",
            ),
        ),
        NETWORK,
        only_a_status=True,
        of_any_service=True,
    ),
)
