"""What fails before Salesforce answers: names, connections, proxies and TLS, in Node and Python."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import MY_DOMAIN, NETWORK

_WRONG_NAME = RefusalCause(
    "the My Domain is misspelled, or the sandbox or scratch org no longer exists",
    f"Compare `my_domain` with {MY_DOMAIN}. The name of an org made minutes ago may not be known "
    "everywhere yet.",
    signs=("SFC104", "SFC105"),
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
_PROXY = RefusalCause(
    "the proxy refuses the connection, or wants a user and a password",
    "Check HTTPS_PROXY (with user and password, if the proxy wants them) and NO_PROXY, and ask "
    "whoever runs the proxy to allow the org's address.",
)
_INSPECTED = RefusalCause(
    "a proxy or a security program inspects TLS with a company's own certificate authority, which "
    "the client doesn't know",
    "Give n8n the authority's certificate with NODE_EXTRA_CA_CERTS=/path/ca.pem, and sfcred with "
    "SSL_CERT_FILE. It isn't about `jwt.certificate`. Don't turn off the check.",
)
_NO_AUTHORITIES = RefusalCause(
    "the machine or the container has no list of certificate authorities, or an old one",
    "Install the package ca-certificates, and update it.",
)
_OTHER_HOST = RefusalCause(
    "the answer comes from another server than the address says, or the address has one part too "
    "many",
    f"Compare `my_domain` with {MY_DOMAIN}, and check for a proxy that answers itself.",
    signs=("SFC104", "SFC105"),
)
_TLS_DATE = RefusalCause(
    "the clock of the machine is wrong, or a proxy on the way shows an expired certificate",
    "Synchronize the clock over the network (NTP), then ask whoever runs the proxy. It isn't about "
    "`jwt.certificate`.",
    signs=("clock",),
)
_NO_TLS = RefusalCause(
    "the other side doesn't speak TLS, or only an old version: usually a proxy, or http where "
    "https belongs",
    "Check that HTTPS_PROXY begins with http:// if the proxy itself speaks plain HTTP, and that "
    "`my_domain` has no port.",
    signs=("SFC107",),
)

ROWS: tuple[Refusal, ...] = (
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
            "NameResolutionError",
            "NXDOMAIN",
            "EAI_NONAME",
            "ENODATA",
            "ERR_NAME_NOT_RESOLVED",
            "The connection cannot be established, this usually occurs due to an incorrect host "
            "(domain) value",
        ),
        (_WRONG_NAME, _NO_DNS),
        "n8n shows ENOTFOUND or EAI_AGAIN.",
    ),
    Refusal(
        "name-server-fails",
        texts(
            "network",
            "EAI_AGAIN",
            "Temporary failure in name resolution",
            "getaddrinfo EAI_AGAIN",
            "ESERVFAIL",
            "EAI_NODATA",
            "The DNS server returned an error, perhaps the server is offline",
        ),
        (_NO_DNS, _WRONG_NAME),
        NETWORK,
    ),
    Refusal(
        "connection-refused",
        texts(
            "network",
            "ECONNREFUSED",
            "Connection refused",
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
            "Read timed out",
            "operation timed out",
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
    ),
    Refusal(
        "no-route",
        texts(
            "network",
            "EHOSTUNREACH",
            "ENETUNREACH",
            "No route to host",
            "All connection attempts failed",
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
    ),
    Refusal(
        "proxy-refuses",
        texts(
            "network",
            "tunneling socket could not",
            "Tunnel connection failed",
            "Proxy Authentication Required",
            "407 from proxy",
            "Request failed with status code 407",
            "ProxyError",
            "Cannot connect to proxy",
            "ERR_TUNNEL_CONNECTION_FAILED",
            "ERR_PROXY_CONNECTION_FAILED",
            "Proxy CONNECT aborted",
            "Access Denied by proxy",
        ),
        (_PROXY,),
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
        says_little=True,
    ),
    Refusal(
        "tls-authority-unknown",
        (
            *texts(
                "network",
                "self signed certificate in certificate chain",
                "self signed certificate",
                "unable to get local issuer certificate",
                "unable to get issuer certificate",
                "unable to verify the first certificate",
                "certificate verify failed",
                "certificate not trusted",
                "certificate is not trusted",
                "certificate signed by unknown authority",
                "PKIX path building failed",
                "unable to find valid certification path",
                "a certificate that can't be verified",
            ),
            *codes(
                "network",
                "SELF_SIGNED_CERT_IN_CHAIN",
                "DEPTH_ZERO_SELF_SIGNED_CERT",
                "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
                "UNABLE_TO_GET_ISSUER_CERT",
                "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
                "CERT_UNTRUSTED",
                "CERT_SIGNATURE_FAILURE",
                "SSLCertVerificationError",
                "SEC_E_UNTRUSTED_ROOT",
                "CRYPT_E_NO_REVOCATION_CHECK",
                "CERTIFICATE_VERIFY_FAILED",
                "ERR_CERT_AUTHORITY_INVALID",
            ),
        ),
        (_INSPECTED, _NO_AUTHORITIES),
        NETWORK,
    ),
    Refusal(
        "tls-extra-authority",
        texts(
            "network",
            "Ignoring extra certs from",
        ),
        (
            RefusalCause(
                "NODE_EXTRA_CA_CERTS names a file that n8n can't read, or that is no PEM "
                "certificate",
                "Correct the path, as the container sees it, and convert the file to PEM.",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "tls-name",
        (
            *texts(
                "network",
                "Hostname/IP does not match certificate's altnames",
                "hostname mismatch",
                "doesn't match either of",
                "certificate is not valid for",
            ),
            *codes("network", "ERR_TLS_CERT_ALTNAME_INVALID", "ERR_CERT_COMMON_NAME_INVALID"),
        ),
        (_OTHER_HOST, _INSPECTED),
        NETWORK,
    ),
    Refusal(
        "tls-date",
        (
            *texts(
                "network",
                "certificate has expired",
                "certificate is not yet valid",
                "certificate expired",
            ),
            *codes("network", "CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "ERR_CERT_DATE_INVALID"),
        ),
        (_TLS_DATE, _INSPECTED),
        NETWORK,
    ),
    Refusal(
        "tls-protocol",
        (
            *texts(
                "network",
                "wrong version number",
                "packet length too long",
                "handshake failure",
                "unsupported protocol",
                "unsafe legacy renegotiation",
                "tlsv1 alert",
                "sslv3 alert",
                "write EPROTO",
            ),
            *codes(
                "network",
                "EPROTO",
                "ERR_SSL_WRONG_VERSION_NUMBER",
                "WRONG_VERSION_NUMBER",
                "ERR_SSL_PROTOCOL_ERROR",
            ),
        ),
        (_NO_TLS, _INSPECTED),
        NETWORK,
    ),
)
