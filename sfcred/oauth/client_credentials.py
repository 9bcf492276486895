"""The client credentials grant (RFC 6749, section 4.4), as n8n sends it."""

from sfcred.http.messages import Request
from sfcred.oauth.client import Client


def token_request(client: Client, host: str) -> Request:
    """Return a request for an access token. It names no scope, so the app's scopes count.

    Args:
        client: The app, with its secret.
        host: The org's URL, without a trailing slash.
    """
    return client.token_request(host, {"grant_type": "client_credentials"})
