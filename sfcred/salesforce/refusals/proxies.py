"""A proxy on the way: one that refuses, and settings that lead to none."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts
from sfcred.salesforce.refusals.places import NETWORK

_PROXY = RefusalCause(
    "the proxy refuses the connection, or wants a user and a password",
    "Check HTTPS_PROXY (with user and password, if the proxy wants them) and NO_PROXY, and ask "
    "whoever runs the proxy to allow the org's address.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "proxy-refuses",
        texts(
            "network",
            "tunneling socket could not be established, statusCode",
            "tunneling socket could not",
            "Tunnel connection failed",
            "Proxy Authentication Required",
            "407 from proxy",
            "Request failed with status code 407",
            "ProxyError",
            "Cannot connect to proxy",
            "Unable to connect to proxy",
            "Unable to tunnel through proxy",
            "HTTP code 407 from proxy",
            "CONNECT tunnel failed",
            "from proxy after CONNECT",
            "ERR_PROXY_AUTH_UNSUPPORTED",
            "Failed to connect to proxy",
            "Proxy response (407)",
            "ERR_PROXY_CERTIFICATE_INVALID",
            "ERR_TUNNEL_CONNECTION_FAILED",
            "ERR_PROXY_CONNECTION_FAILED",
            "Proxy CONNECT aborted",
            "Access Denied by proxy",
            "Can't initialize server context",
        ),
        (_PROXY,),
        NETWORK,
    ),
    Refusal(
        "proxy-unusable",
        texts(
            "network",
            "Could not resolve proxy",
            "Couldn't resolve proxy",
            "ERR_NO_SUPPORTED_PROXIES",
            "InvalidProxyURL",
            "Proxy URL had no scheme",
            "Missing dependencies for SOCKS support",
            "Using SOCKS proxy, but the",
            "Unknown scheme for proxy URL",
        ),
        (
            RefusalCause(
                "the variable HTTPS_PROXY or ALL_PROXY names a proxy that the program can't use: "
                "the address is misspelled or has no http://, or it is a SOCKS proxy, which needs "
                "another package",
                "Correct the address (`http://proxy.acme.com:3128`), or unset the variable. For "
                "SOCKS in Python, install PySocks (requests) or socksio (httpx).",
            ),
        ),
        NETWORK,
    ),
)
