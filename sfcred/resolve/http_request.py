"""Decide where n8n's HTTP Request node may send a credential's token."""

from typing import Literal, NamedTuple

from sfcred.errors import NotKnown
from sfcred.n8n.http_domains import AllowedDomains
from sfcred.resolve.authority import is_generic
from sfcred.resolve.credential import Credential
from sfcred.urls import take_apart


class HttpRequest(NamedTuple):
    """What n8n's *Allowed HTTP Request Domains* is set to, and why."""

    allowed: AllowedDomains
    why: str


def decide_http_request(credential: Credential) -> HttpRequest:
    """Return where the token may go. Without `n8n.http_request`, it is nowhere.

    Only HTTP Request nodes use n8n's generic credential, so there it is the org.

    A list doesn't need the host of the login: n8n doesn't apply it there (source: n8n 2.40.5 and
    2.41.1, run with a JWT credential; n8n logs in with a client of its own).

    Raises:
        NotKnown: It is `org`, and the spec has no address of the org; or the flow is undecided.
    """
    n8n = credential.spec.n8n
    wanted = n8n.http_request if n8n else None
    default = default_hosts(credential)
    why = "n8n.http_request" if wanted else f"n8n.http_request is not set, which means {default}"
    wanted = wanted or default
    if wanted == "none":
        return HttpRequest(AllowedDomains("none"), why)
    if wanted == "any":
        return HttpRequest(AllowedDomains("all"), why)
    is_list = isinstance(wanted, list)
    hosts = [host.lower() for host in wanted] if is_list else [_org_host(credential)]
    return HttpRequest(AllowedDomains("domains", tuple(dict.fromkeys(hosts))), why)


def default_hosts(credential: Credential) -> Literal["none", "org"]:
    """Return what `n8n.http_request` is if the spec doesn't set it."""
    return "org" if credential.has_generic_type else "none"


def _org_host(credential: Credential) -> str:
    authority = credential.authority
    if credential.spec.my_domain is None or authority is None or is_generic(authority):
        raise NotKnown(
            "n8n.http_request is org, but the spec has no address of the org",
            hint="Add my_domain (Setup, My Domain, Current My Domain URL).",
            topic="my_domain",
        )
    return take_apart(authority.url).host.lower()
