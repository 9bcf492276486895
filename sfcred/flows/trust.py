"""Where a credential may be sent. A spec is untrusted input, so it never decides this."""

from urllib.parse import urlsplit

from sfcred.errors import NotKnown
from sfcred.resolve.authority import is_loopback
from sfcred.resolve.credential import Credential
from sfcred.salesforce.hosts import HostKind, classify, is_salesforce

_HTTPS_PORT = 443


def may_send(url: str, allow_hosts: frozenset[str]) -> bool:
    """Whether secrets may go to a URL.

    Args:
        url: An absolute URL.
        allow_hosts: `HOST` or `HOST:PORT` that the person at the command line allows.

    Returns:
        True for Salesforce's hosts over https, and for allowed hosts over https, or over http if
        they are this very machine.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None:
        return False
    if {host, f"{host}:{port}"} & allow_hosts:
        return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    # classify() knows the hosts of Salesforce's own staff, which nobody's credential is for.
    trusted = is_salesforce(host) and classify(host).kind is not HostKind.INTERNAL
    return parts.scheme == "https" and port in (None, _HTTPS_PORT) and trusted


def destination(credential: Credential) -> str:
    """Where a credential's logins go: the local org that the person named, else its authority.

    Returns:
        A URL without a slash at its end.

    Raises:
        NotKnown: There is none, or nothing may be sent to it.
    """
    if credential.context.local_org:
        return credential.context.local_org
    authority = credential.authority
    if authority is None:
        raise NotKnown("my_domain has no host in it", hint="See SFC107.")
    if not may_send(authority.url, credential.context.allow_hosts):
        raise NotKnown(
            f"nothing is sent to {authority.host.name}: it is {authority.host.what}",
            hint=f"If you trust it: --allow-host {authority.host.name}.",
        )
    return authority.url
