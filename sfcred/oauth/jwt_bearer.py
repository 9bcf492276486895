"""The JWT bearer flow (RFC 7523), with the same claims as in n8n."""

from typing import TYPE_CHECKING, NamedTuple

from pydantic import SecretStr

from sfcred.http.messages import Request
from sfcred.oauth.client import token_url

if TYPE_CHECKING:
    from sfcred.keys.private_key import PrivateKey

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
#: How long an assertion is valid, in seconds: the value that n8n uses and Salesforce's help gives.
LIFETIME = 180


class Issuer(NamedTuple):
    """The issuer of assertions.

    Attributes:
        client_id: The app's Consumer Key.
        username: The user that the app acts as.
        key: An RSA key of at least 2048 bits.
    """

    client_id: SecretStr
    username: SecretStr
    key: "PrivateKey"


def token_request(issuer: Issuer, host: str, audience: str, now: float) -> Request:
    """Return a request for a token, with a signed assertion.

    Args:
        issuer: The app, the user and the key to sign with.
        host: The org's URL, without a trailing slash.
        audience: The claim `aud`. n8n always sends the same URL as `host`.
        now: Seconds since the epoch.
    """
    fields: dict[str, str | SecretStr] = {
        "grant_type": GRANT_TYPE,
        "assertion": sign(issuer, audience, now),
    }
    return Request("POST", token_url(host), fields)


def sign(issuer: Issuer, audience: str, now: float) -> SecretStr:
    """Return an assertion: RS256 over iss (Consumer Key), sub (username), aud, iat and exp."""
    import jwt

    claims = {
        "iss": issuer.client_id.get_secret_value(),
        "sub": issuer.username.get_secret_value(),
        "aud": audience,
        "iat": int(now),
        "exp": int(now) + LIFETIME,
    }
    return SecretStr(jwt.encode(claims, issuer.key.for_signing(), algorithm="RS256"))
