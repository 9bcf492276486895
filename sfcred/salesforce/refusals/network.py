"""What fails before Salesforce answers: names, connections and proxies.

The texts are those of Node, Python, Go, Java, curl, browsers, Linux, macOS and Windows. TLS is in
`tls`.
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import MY_DOMAIN, NETWORK

_WRONG_NAME = RefusalCause(
    "the My Domain is misspelled, or the sandbox or scratch org no longer exists",
    f"Compare `my_domain` with {MY_DOMAIN}. The name of an org made minutes ago may not be known "
    "everywhere yet.",
    signs=("SFC104", "SFC105"),
    unless=("n8n_host", "other_service"),
)
_WRONG_N8N = RefusalCause(
    "the name of n8n's host is misspelled, or only known in another network",
    "Compare it with the address in the browser when n8n is open. If it is only known in a private "
    "network, connect to its VPN.",
    signs=("n8n_host",),
)
_NO_DNS = RefusalCause(
    "the machine that runs n8n has no working DNS server (typical in containers and behind a "
    "company's proxy)",
    "Resolve the name on that machine (`getent hosts login.salesforce.com`), then set its DNS "
    "server or its proxy.",
)
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
        "host-is-no-name",
        texts(
            "network",
            "getaddrinfo ENOTFOUND {unset}",
            "getaddrinfo EAI_AGAIN {unset}",
            "Could not resolve host: {unset}",
            "Failed to resolve '{unset}'",
            "Failed to resolve '{unset}' ([Errno {any}] Name or service not known",
            "dial tcp: lookup {unset}",
        ),
        (
            RefusalCause(
                "the program asked for a host called `undefined`, `null` or `https`: a part of the "
                "address isn't set, or `https://` is in it twice",
                "Look at the whole address: in the node, the expression in its URL field; in a "
                "script, the variable with the host. In a spec, `my_domain` has https:// once.",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "name-not-found",
        texts(
            "network",
            "getaddrinfo",
            "ENOTFOUND",
            "Name or service not known",
            "nodename nor servname provided, or not known",
            "No address associated with hostname",
            "Could not resolve host",
            "Couldn't resolve host",
            "Could not resolve hostname",
            "wget: bad address",
            "UnknownHostException",
            "no such host",
            "No such host is known",
            "WinError 11001",
            "Errno 11001",
            "The remote name could not be resolved",
            "could not translate host name",
            "failed to lookup address information",
            "WSAHOST_NOT_FOUND",
            "DNS_PROBE_FINISHED_NXDOMAIN",
            "NameResolutionError",
            "NXDOMAIN",
            "EAI_NONAME",
            "ENODATA",
            "ERR_NAME_NOT_RESOLVED",
            "server IP address could not be found",
            "Non-existent domain",
            "DNS name does not exist",
            "Host could not be resolved",
            "Unable to resolve host",
            "Name does not resolve",
            "DNS error",
            "DomainNotFoundError",
            "The org cannot be found",
            "The connection cannot be established, this usually occurs due to an incorrect host "
            "(domain) value",
        ),
        (_WRONG_NAME, _NO_DNS, _WRONG_N8N),
        "n8n shows ENOTFOUND or EAI_AGAIN.",
        of_any_service=True,
    ),
    Refusal(
        "name-server-fails",
        texts(
            "network",
            "EAI_AGAIN",
            "Temporary failure in name resolution",
            "getaddrinfo EAI_AGAIN",
            "ESERVFAIL",
            "SERVFAIL",
            "server misbehaving",
            "can't find {any}: Server failed",
            "WinError 11002",
            "DNS_PROBE_FINISHED_BAD_CONFIG",
            "queryA ETIMEOUT",
            "Resolving timed out",
            "EAI_NODATA",
            "The DNS server returned an error, perhaps the server is offline",
        ),
        (_NO_DNS, _WRONG_NAME),
        NETWORK,
        of_any_service=True,
    ),
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
            _WRONG_NAME,
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
                "the request never reached Salesforce; the cause below it, or in the details, says "
                "why",
                "Pass the whole text to `sfcred explain --error -`, with the lines that begin with "
                "cause, errno or Caused by.",
            ),
        ),
        NETWORK,
        only_a_status=True,
        of_any_service=True,
    ),
)
