"""Decide the fields that only n8n's generic OAuth2 credential has: the grant type and the scopes.

n8n's own Salesforce credential always asks for `full refresh_token`, with PKCE. The generic one
asks for what its fields contain (run with n8n 2.40.5 and 2.41.1).
"""

from sfcred.n8n.client_credentials import GRANT
from sfcred.n8n.versions import GENERIC_PKCE, has
from sfcred.resolve.client_credentials import granted_scopes
from sfcred.resolve.credential import Credential
from sfcred.salesforce.scopes import identify

#: Without `app.scopes`: enough for the REST API, and for a connection that lasts.
_DEFAULT_SCOPES = ("api", "refresh_token")


def asked_scopes(credential: Credential) -> tuple[str, ...]:
    """Return the scopes that n8n asks for, by their technical names: those of `app.scopes`.

    With client credentials, those that the flow can get. None means everything that the app has.
    """
    if credential.flow == "client_credentials":
        return granted_scopes(credential)
    return scope_names(credential.app.scopes or []) or _DEFAULT_SCOPES


def scope_names(scopes: list[str]) -> tuple[str, ...]:
    """Return the technical names of scopes; one that sfcred doesn't know stays as it is."""
    meant = ((identify(text), text) for text in scopes)
    return tuple(scope.wire if scope else text for scope, text in meant)


def grant_type(credential: Credential) -> str:
    """Return n8n's Grant Type, as n8n stores it: pkce, authorizationCode or clientCredentials.

    A consent has PKCE, unless the app doesn't require it or n8n doesn't know it.
    """
    if credential.flow == "client_credentials":
        return GRANT
    can = has(GENERIC_PKCE, credential.n8n.version) is not False
    return "pkce" if can and credential.app.pkce_required is not False else "authorizationCode"
