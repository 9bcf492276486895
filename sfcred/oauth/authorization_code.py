"""The web server flow (RFC 6749, section 4.1) with PKCE (RFC 7636) and state."""

import base64
import hashlib
import secrets
from typing import NamedTuple
from urllib.parse import urlencode

from pydantic import SecretStr

from sfcred.http.messages import Request
from sfcred.oauth.refresh_token import client_authentication
from sfcred.resolve.credential import Credential


class Consent(NamedTuple):
    """A consent that is being asked for.

    Attributes:
        url: Where the browser goes. It holds the Consumer Key, so it is shown nowhere.
        state: What has to come back, to tell this login from others (RFC 6749, section 10.12).
        verifier: The proof that the code's exchange needs (RFC 7636, section 4.1).
        redirect_uri: Where Salesforce sends the browser afterwards.
    """

    url: SecretStr
    state: SecretStr
    verifier: SecretStr
    redirect_uri: str


def ask(credential: Credential, host: str, redirect_uri: str, scopes: list[str]) -> Consent:
    """Prepares a consent.

    Args:
        credential: Whose app asks.
        host: The URL of the org.
        redirect_uri: One of the app's Callback URLs, to the letter.
        scopes: What is asked for.

    Raises:
        NotKnown: The Consumer Key can't be read here.
    """
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(64)
    query = {
        # A fresh login, as n8n has it: else the consent is whoever's is logged in.
        "prompt": "login",
        "response_type": "code",
        "client_id": credential.value(("client_id",)).get_secret_value(),
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    url = f"{host}/services/oauth2/authorize?{urlencode(query)}"
    return Consent(SecretStr(url), SecretStr(state), SecretStr(verifier), redirect_uri)


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def exchange(credential: Credential, host: str, consent: Consent, code: SecretStr) -> Request:
    """Turns the code into tokens.

    Raises:
        NotKnown: A value can't be read here.
    """
    form: dict[str, str | SecretStr] = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": consent.redirect_uri,
        "code_verifier": consent.verifier,
    }
    authorization = client_authentication(credential)
    if authorization is None:
        form["client_id"] = credential.value(("client_id",))
    return Request("POST", f"{host}/services/oauth2/token", form, authorization)
