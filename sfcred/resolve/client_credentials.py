"""Decide how a credential's n8n can log in with client credentials, and what it then has to store.

`n8n.client_credentials` has the table of versions.
"""

from sfcred.n8n.client_credentials import GRANT, Way, way_of
from sfcred.resolve.authority import Authority
from sfcred.resolve.credential import Credential
from sfcred.salesforce.scopes import NOT_WITH_CLIENT_CREDENTIALS, identify


def way_to_log_in(credential: Credential) -> Way | None:
    """Return how the credential's n8n can use client credentials.

    Without `n8n.version` it is the overwrite, which newer versions need.

    Args:
        credential: A credential with this flow.

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


def granted_scopes(credential: Credential) -> tuple[str, ...]:
    """Return the stated scopes of the app that this flow grants."""
    meant = ((identify(text), text) for text in credential.app.scopes or ())
    wires = (scope.wire if scope else text for scope, text in meant)
    return tuple(wire for wire in wires if wire not in NOT_WITH_CLIENT_CREDENTIALS)
