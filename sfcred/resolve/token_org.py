"""Tell whether a token that n8n stores is from another org than the spec's.

n8n keeps a token, with its org's address (`instance_url`), when the login host changes, and its
Salesforce nodes call that address. So a credential for production can go on using a sandbox.
"""

from collections.abc import Mapping

from sfcred.resolve.authority import Authority
from sfcred.resolve.credential import Credential
from sfcred.salesforce.host_tables import HostKind
from sfcred.salesforce.hosts import Host, classify
from sfcred.salesforce.same_org import are_different_orgs
from sfcred.urls import split_url


def foreign_instance(credential: Credential, token: object) -> str:
    """Return the address that a token is for, if that certainly isn't the spec's org.

    Args:
        credential: A credential with OAuth2 or client credentials.
        token: n8n's oauthTokenData.

    Returns:
        Scheme and host; empty if it is the spec's org, or if the names can't tell.
    """
    authority = credential.authority
    value = token.get("instance_url") if isinstance(token, Mapping) else None
    url = split_url(value) if isinstance(value, str) else None
    if authority is None or url is None or url.is_one_of(credential.context.allow_hosts):
        return ""
    host = classify(url.host)
    if host.kind is HostKind.FOREIGN and credential.has_generic_type:
        return ""  # n8n never calls it: its HTTP Request nodes have addresses of their own
    return f"{url.scheme}://{url.netloc}" if _is_elsewhere(host, authority) else ""


def _is_elsewhere(host: Host, authority: Authority) -> bool:
    # An authority that isn't Salesforce's is a person's own choice, and tells nothing of the org.
    if host.kind is HostKind.FOREIGN:
        return authority.host.kind is not HostKind.FOREIGN
    return are_different_orgs(host, authority.host)


def leads_to_another_org(before: str, after: str) -> bool:
    """Return whether two login URLs certainly lead to different orgs. An empty one isn't known."""
    one, other = split_url(before), split_url(after)
    if one is None or other is None:
        return False
    return are_different_orgs(classify(one.host), classify(other.host))
