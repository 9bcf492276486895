"""Decide the fields that only n8n's generic OAuth2 credential has: the grant type and the scopes.

n8n's own Salesforce credential always asks for `full refresh_token`, with PKCE. The generic one
asks for what its fields contain (run with n8n 2.40.5 and 2.41.1).
"""

from typing import Literal

from sfcred.n8n.versions import GENERIC_PKCE, has
from sfcred.resolve.credential import Credential
from sfcred.salesforce.scopes import identify

GrantType = Literal["pkce", "authorizationCode"]

#: Without `app.scopes`: enough for the REST API, and for a connection that lasts.
DEFAULT_SCOPES = ("api", "refresh_token")


def asked_scopes(credential: Credential) -> tuple[str, ...]:
    """Return the scopes that n8n asks for, by their technical names: those of `app.scopes`."""
    declared = credential.app.scopes
    return scope_names(declared) if declared else DEFAULT_SCOPES


def scope_names(scopes: list[str]) -> tuple[str, ...]:
    """Return the technical names of scopes; one that sfcred doesn't know stays as it is."""
    meant = ((identify(text), text) for text in scopes)
    return tuple(scope.wire if scope else text for scope, text in meant)


def grant_type(credential: Credential) -> GrantType:
    """Return n8n's Grant Type: PKCE, unless the app doesn't require it or n8n doesn't have it."""
    can = has(GENERIC_PKCE, credential.n8n.version) is not False
    return "pkce" if can and credential.app.pkce_required is not False else "authorizationCode"
