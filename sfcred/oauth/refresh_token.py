"""The refresh grant (RFC 6749, section 6), as n8n sends it."""

import base64

from pydantic import SecretStr

from sfcred.http.messages import Request
from sfcred.resolve.credential import Credential


def token_request(credential: Credential, host: str) -> Request:
    """Asks for an access token with the refresh token of a consent already given.

    Args:
        credential: An OAuth2 credential with a refresh token.
        host: The URL of the org that is asked.

    Raises:
        NotKnown: A value can't be read here.
    """
    form: dict[str, str | SecretStr] = {
        "grant_type": "refresh_token",
        "refresh_token": credential.value(("oauth2", "refresh_token")),
    }
    authorization = client_authentication(credential)
    if authorization is None:
        form["client_id"] = credential.value(("client_id",))
    return Request("POST", f"{host}/services/oauth2/token", form, authorization)


def client_authentication(credential: Credential) -> SecretStr | None:
    """The client's name and secret as a Basic header (RFC 6749, section 2.3.1), as n8n has it.

    Returns:
        The header's value; None for an app without a secret, which names itself in the body.

    Raises:
        NotKnown: A value can't be read here.
    """
    if credential.declared(("oauth2", "client_secret")) is None:
        return None
    client = credential.value(("client_id",)).get_secret_value()
    secret = credential.value(("oauth2", "client_secret")).get_secret_value()
    pair = f"{client}:{secret}".encode("utf-8", "surrogateescape")
    return SecretStr("Basic " + base64.b64encode(pair).decode("ascii"))
