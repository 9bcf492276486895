"""Turn a credential into the plain values that sfcred.oauth makes requests from."""

from pydantic import SecretStr

from sfcred.errors import NotKnown
from sfcred.keys.algorithms import MIN_RSA_BITS
from sfcred.keys.private_key import PrivateKey
from sfcred.oauth.client import Client
from sfcred.oauth.jwt_bearer import Issuer
from sfcred.resolve.credential import Credential

_REFRESH_TOKEN = ("oauth2", "refresh_token")


def client_of(credential: Credential) -> Client:
    """Return the app of a credential with OAuth2 or client credentials.

    Raises:
        NotKnown: A value can't be read here, or client credentials lack their secret.
    """
    route = credential.secret_route
    is_needed = credential.flow == "client_credentials" or credential.declared(route) is not None
    secret = credential.value(route) if is_needed else None
    return Client(credential.value(("client_id",)), secret)


def refresh_token_of(credential: Credential) -> SecretStr | None:
    """Return the refresh token of an OAuth2 credential; None if the spec names none.

    Raises:
        NotKnown: It can't be read here.
    """
    if credential.declared(_REFRESH_TOKEN) is None:
        return None
    return credential.value(_REFRESH_TOKEN)


def issuer_of(credential: Credential) -> Issuer:
    """Return who signs a JWT credential's assertions.

    Raises:
        NotKnown: A value can't be read here, or there is no usable private key.
    """
    key = credential.private_key
    if not isinstance(key, PrivateKey) or key.algorithm != "RSA" or (key.bits or 0) < MIN_RSA_BITS:
        raise NotKnown(
            "jwt.private_key is not a usable private key",
            hint="Run `sfcred doctor` to see what is wrong with the key.",
            topic="private_key",
        )
    return Issuer(credential.value(("client_id",)), credential.value(("jwt", "username")), key)
