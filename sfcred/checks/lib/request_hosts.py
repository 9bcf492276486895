"""Helpers for checks of HTTP Request nodes: whose a host is, and whether n8n sends it the token."""

from typing import TYPE_CHECKING

from sfcred.n8n.http_domains import AllowedDomains
from sfcred.n8n.versions import HTTP_DOMAINS, has
from sfcred.resolve.http_request import decide_http_request
from sfcred.salesforce.hosts import classify, is_salesforce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfcred.resolve.credential import Credential


def limits_of(credentials: "Sequence[Credential]") -> list[AllowedDomains]:
    """Return where n8n sends each credential's token. n8n before 1.110 sends it to any host.

    Raises:
        NotKnown: `n8n.http_request` is `org`, and the spec has no address of the org; or the flow
            is undecided.
    """
    return [
        AllowedDomains("all")
        if has(HTTP_DOMAINS, one.n8n.version) is False
        else decide_http_request(one).allowed
        for one in credentials
    ]


def is_foreign(host: str, credentials: "Sequence[Credential]") -> bool:
    """Return whether a host is not the org's, and no spec's own list has it.

    Args:
        host: The host in lower case, with its port if the address has one.
        credentials: The credentials that the node may use.

    Raises:
        NotKnown: As for limits_of.
    """
    return not (_is_own(host, credentials) or _is_listed(host, credentials))


def name_of(host: str) -> str:
    """Return a host without its port, which n8n doesn't compare."""
    return host.partition(":")[0]


def _is_listed(host: str, credentials: "Sequence[Credential]") -> bool:
    allowed = [decide_http_request(one).allowed for one in credentials]
    return any(one.mode == "domains" and one.allows(name_of(host)) for one in allowed)


def _is_own(host: str, credentials: "Sequence[Credential]") -> bool:
    """Return whether a host is the org's, as far as the specs tell."""
    if any(host in one.context.allow_hosts for one in credentials):
        return True
    found = classify(name_of(host))
    domains = {
        one.authority.host.my_domain or one.authority.url
        for one in credentials
        if one.authority and one.spec.my_domain
    }
    if f"https://{name_of(host)}" in domains:
        return True
    if not is_salesforce(name_of(host)):  # customers' sites, too: their pages could read the token
        return False
    # Without a My Domain, or at an instance (na139.salesforce.com), it can be any org.
    return not domains or found.org is None or found.my_domain in domains
