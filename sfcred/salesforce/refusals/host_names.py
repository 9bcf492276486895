"""What Node, Python, Go, Java, curl and browsers say of a host whose name they can't look up."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts
from sfcred.salesforce.refusals.places import MY_DOMAIN, NETWORK

WRONG_NAME = RefusalCause(
    "the My Domain is misspelled or was renamed, or the sandbox or scratch org was deleted",
    f"Compare `my_domain` with {MY_DOMAIN}. The name of an org made minutes ago may not be known "
    "everywhere yet.",
    signs=("SFC104", "SFC105"),
    unless=("n8n_host", "other_service", "login_host"),
)
_NO_DNS = RefusalCause(
    "the machine that runs n8n is offline or has no working DNS server (typical in containers, "
    "with a VPN, and behind a company's proxy)",
    "Resolve the name on that machine (`getent hosts login.salesforce.com`), then set its DNS "
    "server or its proxy.",
)
_WRONG_N8N = RefusalCause(
    "the name of n8n's host is misspelled, or only known in another network",
    "Compare it with the address in the browser when n8n is open. If it is only known in a private "
    "network, connect to its VPN.",
    signs=("n8n_host",),
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
            "server with the specified hostname could not be found",
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
        (WRONG_NAME, _NO_DNS, _WRONG_N8N),
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
        (_NO_DNS, WRONG_NAME),
        NETWORK,
        of_any_service=True,
    ),
)
