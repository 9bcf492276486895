"""Decide how a credential's n8n can log in with client credentials, and what it then has to store.

`n8n.client_credentials` has the table of versions.
"""

from sfcred.n8n.client_credentials import GRANT, Way, way_of
from sfcred.resolve.authority import Authority
from sfcred.resolve.credential import Credential
from sfcred.salesforce.scopes import NOT_WITH_CLIENT_CREDENTIALS, scope_names


def way_to_log_in(credential: Credential) -> Way | None:
    """Return how the credential's n8n can use client credentials in its Salesforce nodes.

    Without `n8n.version` it is the overwrite, which newer versions need.

    Args:
        credential: A credential with this flow, of n8n's Salesforce type. (The generic type has a
            field for the flow.)

    Returns:
        The way; None on n8n Cloud, which has neither an import nor an overwrite.
    """
    if credential.n8n.is_cloud:
        return None
    return way_of(credential.n8n.version) or "overwrite"


def stored_fields(authority: Authority) -> dict[str, object]:
    """Return what n8n before 2.41.0 has to store. Without a scope, the app decides.

    Args:
        authority: The org's authority.
    """
    return {
        "grantType": GRANT,
        "accessTokenUrl": authority.token_url,
        "authentication": "header",
        "scope": "",
    }


def overwrite_fields(credential: Credential, authority: Authority) -> dict[str, str]:
    """Return the overwrite that n8n from 2.41.0 on needs.

    It always has a scope: n8n ignores an empty one and asks for `full refresh_token`, which this
    flow doesn't grant.

    Args:
        credential: A credential with this flow.
        authority: Its authority.
    """
    return {
        "grantType": GRANT,
        "accessTokenUrl": authority.token_url,
        "scope": " ".join(granted_scopes(credential) or ("api",)),
    }


def needed_overwrite(credential: Credential) -> str:
    """Return what identifies the overwrite that a credential needs, for comparisons.

    It is empty if it needs none for its flow, or if the spec doesn't tell.

    Args:
        credential: Any credential.
    """
    authority = credential.authority
    if credential.decision.flow is None or authority is None or not credential.is_salesforce_client:
        return ""
    if way_to_log_in(credential) != "overwrite":
        return ""
    return str(overwrite_fields(credential, authority))


def granted_scopes(credential: Credential) -> tuple[str, ...]:
    """Return the stated scopes of the app that this flow grants."""
    wires = scope_names(credential.app.scopes or ())
    return tuple(wire for wire in wires if wire not in NOT_WITH_CLIENT_CREDENTIALS)
