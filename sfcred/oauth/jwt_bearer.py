"""The JWT bearer flow (RFC 7523), with the same claims as n8n's."""

from pydantic import SecretStr

from sfcred.errors import NotKnown
from sfcred.http.messages import Request
from sfcred.resolve.credential import Credential

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
#: How long an assertion lives, in seconds: n8n's own choice, and what Salesforce's help asks for.
LIFETIME = 180


def token_request(credential: Credential, host: str, audience: str, now: float) -> Request:
    """Asks for a token with a signed assertion.

    Args:
        credential: Whose private key signs.
        host: The URL of the org that is asked.
        audience: The claim `aud`; n8n always sends the same URL as `host`.
        now: Seconds since the epoch.

    Raises:
        NotKnown: A value can't be read here, or there is no usable private key.
    """
    assertion = sign(credential, audience, now)
    return Request(
        "POST",
        f"{host}/services/oauth2/token",
        {"grant_type": GRANT_TYPE, "assertion": assertion},
    )


def sign(credential: Credential, audience: str, now: float) -> SecretStr:
    """An assertion: RS256 over iss (Consumer Key), sub (username), aud, iat and exp.

    Raises:
        NotKnown: A value can't be read here, or there is no usable private key.
    """
    import jwt

    from sfcred.keys.private_key import MIN_RSA_BITS, PrivateKey

    key = credential.private_key
    usable = isinstance(key, PrivateKey) and key.algorithm == "RSA"
    if not isinstance(key, PrivateKey) or not usable or (key.bits or 0) < MIN_RSA_BITS:
        raise NotKnown("jwt.private_key is no usable private key", hint="See SFC401 to SFC406.")
    claims = {
        "iss": credential.value(("client_id",)).get_secret_value(),
        "sub": credential.value(("jwt", "username")).get_secret_value(),
        "aud": audience,
        "iat": int(now),
        "exp": int(now) + LIFETIME,
    }
    return SecretStr(jwt.encode(claims, key.for_signing(), algorithm="RS256"))
