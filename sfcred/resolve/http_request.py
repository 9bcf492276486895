"""Decide where n8n's HTTP Request node may send a credential's token."""

from typing import Literal, NamedTuple

from sfcred.errors import NotKnown
from sfcred.n8n.http_domains import AllowedDomains
from sfcred.n8n.versions import MY_DOMAIN_JWT, has
from sfcred.resolve.authority import generic_host, is_generic
from sfcred.resolve.credential import Credential
from sfcred.urls import take_apart


class HttpRequest(NamedTuple):
    """What n8n's *Allowed HTTP Request Domains* is set to.

    Attributes:
        allowed: What sfcred writes.
        stated: The same without the host of the login, if the spec's list doesn't have it.
        why: What decided it, in words.
    """

    allowed: AllowedDomains
    stated: AllowedDomains
    why: str


def decide_http_request(credential: Credential) -> HttpRequest:
    """Return where the token may go. Without `n8n.http_request`, it is nowhere.

    Only HTTP Request nodes use n8n's generic credential, so there it is the org.

    For a JWT credential, the host of the login is added to a list that doesn't have it: n8n applies
    the list to requests of the credential itself that go through its common client
    (credentials-helper of n8n 2.40.5). The login doesn't there, nor in 2.41.1, so it works without
    (run in both); but whether it does is up to n8n's node.

    Raises:
        NotKnown: It is `org`, and the spec has no address of the org; or the flow is undecided.
    """
    n8n = credential.spec.n8n
    wanted = n8n.http_request if n8n else None
    default = default_hosts(credential)
    why = "n8n.http_request" if wanted else f"n8n.http_request is not set, which means {default}"
    wanted = wanted or default
    if wanted == "none":
        return _as_stated(AllowedDomains("none"), why)
    if wanted == "any":
        return _as_stated(AllowedDomains("all"), why)
    is_list = isinstance(wanted, list)
    hosts = [host.lower() for host in wanted] if is_list else [_org_host(credential)]
    stated = AllowedDomains("domains", tuple(dict.fromkeys(hosts)))
    if credential.flow == "jwt" and not stated.allows(login := _login_host(credential)):
        allowed = AllowedDomains("domains", (*stated.domains, login))
        return HttpRequest(allowed, stated, f"{why}, and the host of the login")
    return _as_stated(stated, why)


def _as_stated(allowed: AllowedDomains, why: str) -> HttpRequest:
    return HttpRequest(allowed, allowed, why)


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


def _login_host(credential: Credential) -> str:
    """Return the host that n8n logs in at: my_domain, if this n8n has that field."""
    authority = credential.authority
    knows_my_domain = has(MY_DOMAIN_JWT, credential.n8n.version) is not False
    if credential.spec.my_domain and knows_my_domain and authority:
        return take_apart(authority.url).host.lower()
    return generic_host(credential.spec.environment)
