"""What n8n shows for a refusal, which depends on how it logs in.

Its OAuth client has texts of its own for some codes, which hide Salesforce's description, and shows
the description for all others. Run with n8n 2.40.5 and 2.41.1; source: npm @n8n/client-oauth2
(ERROR_RESPONSES) and n8n-core (oauth.js).
"""

from sfcred.salesforce.refusals.model import Grant, KnownWording, Refusal
from sfcred.salesforce.refusals.places import (
    BAD_REQUEST,
    BROWSER,
    FIRST_TOKEN,
    OWN_TEXT,
    RECONNECT,
    SECRET_REFUSED,
)

_BY_OAUTH_CLIENT = {
    "invalid_grant": RECONNECT,
    "invalid_client": SECRET_REFUSED,
    "invalid_request": 'n8n shows "The request is missing a required parameter …".',
    "invalid_scope": 'n8n shows "The requested scope is invalid, unknown, or malformed."',
    "unsupported_grant_type": 'n8n shows "The authorization grant type is not supported …".',
}
#: The logins that n8n's OAuth client makes by itself.
_UNATTENDED: frozenset[Grant] = frozenset({"refresh", "client"})


def shown_in_n8n(row: Refusal, wording: KnownWording, grants: frozenset[Grant]) -> str:
    """Return what n8n shows for a refusal.

    Args:
        row: The refusal.
        wording: The answer: where it comes from, and Salesforce's error code.
        grants: The grants that the login can use; empty if unknown.
    """
    shown = _BY_OAUTH_CLIENT.get(wording.error.lower(), OWN_TEXT)
    if "client" in grants and shown == RECONNECT:
        shown = f"{shown} {FIRST_TOKEN}"
    # Such a login opens no window.
    if row.in_n8n == BROWSER and wording.step == "token" and grants and grants <= _UNATTENDED:
        return shown
    if row.in_n8n not in (BAD_REQUEST, RECONNECT) or not wording.error or shown == row.in_n8n:
        return row.in_n8n
    if grants & _UNATTENDED:
        return shown
    return row.in_n8n if grants else f"{row.in_n8n} With OAuth2 or client credentials, {shown}"
