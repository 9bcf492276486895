"""Why a host can't be reached, without the library's own text, which may contain the URL."""

import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.http.messages import Unreachable
from sfcred.salesforce.host_tables import HostKind
from sfcred.salesforce.hosts import classify

if TYPE_CHECKING:
    import httpx

_LATER = "Check the network, the proxy (if any) and the address, and try again."
_ANCHOR = "Set SSL_CERT_FILE to a file with your company's certificate authority."
_SELF_SIGNED = 18
#: What is wrong with a certificate, by OpenSSL's number (x509_vfy.h), and what to do.
_CERTIFICATES = {
    9: ("is not valid yet", "Check the clock of this computer, and the certificate."),
    10: ("has expired", "Renew it on the server, or check the clock of this computer."),
    _SELF_SIGNED: (
        "is not trusted: it is self-signed",
        "If it is the right one, set SSL_CERT_FILE to a file with this certificate.",
    ),
    62: ("is for another host name", "Check the address for typos."),
    64: ("is for another address", "Use the host name that it is for."),
}
#: What to do about a name that DNS doesn't know, by what the host is.
_NOT_FOUND = {
    HostKind.MY_DOMAIN: "Compare my_domain with Setup, My Domain: it can be misspelled or renamed, "
    "or of an org that was deleted or is minutes old. If it is right, check this machine's DNS, "
    "VPN and proxy (HTTPS_PROXY).",
    HostKind.GENERIC_LOGIN: "This name always exists, so this machine can't look up Salesforce's "
    "names: check that it is online, and its DNS, VPN and proxy (HTTPS_PROXY).",
}
#: What OpenSSL calls an answer that isn't TLS.
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"})


def too_slow(seconds: float) -> Unreachable:
    """Describe an answer that isn't complete in time."""
    return Unreachable(f"no complete answer within {seconds:.0f} seconds", hint=_LATER)


def unreachable(error: "httpx.HTTPError", host: str, *, proxied: bool) -> Unreachable:
    """Describe a transport failure.

    Args:
        error: What httpx raised.
        host: The host that the request was for.
        proxied: Whether a proxy was asked.
    """
    import httpx

    reasons = list(_reasons(error))
    for reason in reasons:
        if isinstance(reason, ssl.SSLError | ssl.CertificateError):
            return _unsafe(reason, host)
    # With a proxy, sfcred only looks up and connects to the proxy itself.
    if isinstance(error, httpx.ProxyError) or (
        proxied and isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
    ):
        return Unreachable(
            "the proxy in HTTPS_PROXY can't be reached, or refused the connection",
            hint="Check HTTPS_PROXY and NO_PROXY.",
        )
    for reason in reasons:
        if isinstance(reason, socket.gaierror):
            return _not_looked_up() if reason.errno == socket.EAI_AGAIN else _not_found(host)
    if isinstance(error, httpx.TimeoutException):
        return Unreachable("no answer in time", hint=_LATER)
    if isinstance(error, httpx.ConnectError):
        return Unreachable(
            "can't connect: nothing listens there, or a firewall blocks it", hint=_LATER
        )
    return Unreachable("the connection was closed, or the response was not HTTP", hint=_LATER)


def _unsafe(error: ssl.SSLError, host: str) -> Unreachable:
    if isinstance(error, ssl.SSLCertVerificationError):
        number = getattr(error, "verify_code", 0)
        if number == _SELF_SIGNED and classify(host).kind is not HostKind.FOREIGN:
            number = 0  # Salesforce's own certificate never is
        why, hint = _CERTIFICATES.get(
            number, ("is not trusted. A company proxy often causes this", _ANCHOR)
        )
        return Unreachable(f"the connection is not safe: the host's certificate {why}", hint=hint)
    if getattr(error, "reason", None) in _NO_TLS:
        return Unreachable(
            "what listens there doesn't speak TLS, so https can't be used",
            hint="Check the port. Behind a proxy, use the proxy's address.",
        )
    return Unreachable(
        "the connection is not safe: TLS could not be set up",
        hint="Check the address, and any proxy or firewall that inspects TLS.",
    )


def _not_looked_up() -> Unreachable:
    return Unreachable("the host name could not be looked up: DNS gave no answer", hint=_LATER)


def _not_found(host: str) -> Unreachable:
    """Describe a name that DNS doesn't know. Only an org's has to do with My Domain.

    A machine that is offline, or whose DNS server only knows a private network, gives the same
    answer as a name that doesn't exist, so the name's fault is never stated as a fact.
    """
    hint = _NOT_FOUND.get(
        classify(host).kind,
        "Check the address for typos. If the host is only known in a private network, connect to "
        "its VPN.",
    )
    return Unreachable("the host name was not found in DNS", hint=hint)


def _reasons(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
