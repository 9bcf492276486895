"""The web server flow (RFC 6749, section 4.1) with PKCE (RFC 7636) and state."""

import base64
import hashlib
import secrets
from typing import NamedTuple
from urllib.parse import urlencode

from pydantic import SecretStr

from sfcred.http.messages import Request
from sfcred.oauth.client import Client


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


def ask(client_id: SecretStr, host: str, redirect_uri: str, scopes: list[str]) -> Consent:
    """Prepare a consent.

    Args:
        client_id: The Consumer Key of the app that asks.
        host: The org's URL, without a slash at its end.
        redirect_uri: One of the app's Callback URLs, to the letter.
        scopes: The scopes to ask for.
    """
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(64)
    query = {
        # A fresh login, as n8n has it: else the consent is whoever's is logged in.
        "prompt": "login",
        "response_type": "code",
        "client_id": client_id.get_secret_value(),
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    url = f"{host}/services/oauth2/authorize?{urlencode(query)}"
    return Consent(SecretStr(url), SecretStr(state), SecretStr(verifier), redirect_uri)


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def token_request(client: Client, host: str, consent: Consent, code: SecretStr) -> Request:
    """Return a request that exchanges the code for tokens.

    Args:
        client: The app that asked.
        host: The org's URL, without a slash at its end.
        consent: The consent that the code belongs to.
        code: What Salesforce sent the browser back with.
    """
    fields: dict[str, str | SecretStr] = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": consent.redirect_uri,
        "code_verifier": consent.verifier,
    }
    return client.token_request(host, fields)
