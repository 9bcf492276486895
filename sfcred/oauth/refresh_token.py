"""The refresh grant (RFC 6749, section 6), as n8n sends it."""

from pydantic import SecretStr

from sfcred.http.messages import Request
from sfcred.oauth.client import Client


def token_request(client: Client, host: str, refresh_token: SecretStr) -> Request:
    """Return a request for an access token.

    Args:
        client: The app.
        host: The org's URL, without a trailing slash.
        refresh_token: The refresh token from an earlier consent.
    """
    fields: dict[str, str | SecretStr] = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
    }
    return client.token_request(host, fields)
