"""An app as a client of the token endpoint, authenticated as in n8n (RFC 6749, section 2.3.1)."""

import base64
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.http.messages import Request


class Client(NamedTuple):
    """An app's Consumer Key and Consumer Secret; the secret is None for an app without one."""

    client_id: SecretStr
    secret: SecretStr | None

    def token_request(self, host: str, fields: Mapping[str, str | SecretStr]) -> Request:
        """Return a token request that authenticates this app.

        Args:
            host: The org's URL, without a trailing slash.
            fields: The form's fields for the grant.

        Returns:
            The request, with a Basic header. Without a secret, the client_id is in the body.
        """
        url = token_url(host)
        if self.secret is None:
            return Request("POST", url, {**fields, "client_id": self.client_id})
        return Request("POST", url, fields, self._basic(self.secret))

    def _basic(self, secret: SecretStr) -> SecretStr:
        pair = f"{self.client_id.get_secret_value()}:{secret.get_secret_value()}"
        encoded = base64.b64encode(pair.encode("utf-8", "surrogateescape"))
        return SecretStr(f"Basic {encoded.decode('ascii')}")


def token_url(host: str) -> str:
    """Return the URL of an org's token endpoint (RFC 6749, section 3.2)."""
    return f"{host}/services/oauth2/token"
