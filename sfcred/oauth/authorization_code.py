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
    """A request for a person's consent.

    Attributes:
        url: The URL for the browser. It contains the Consumer Key, so it is never shown.
        state: The value that has to come back, to identify this login (RFC 6749, section 10.12).
        verifier: The secret needed to exchange the code (RFC 7636, section 4.1).
        redirect_uri: The URL that Salesforce sends the browser to afterwards.
    """

    url: SecretStr
    state: SecretStr
    verifier: SecretStr
    redirect_uri: str


def ask(client_id: SecretStr, host: str, redirect_uri: str, scopes: list[str]) -> Consent:
    """Prepare a request for consent.

    Args:
        client_id: The Consumer Key of the app.
        host: The org's URL, without a trailing slash.
        redirect_uri: One of the app's Callback URLs, exactly.
        scopes: The scopes to ask for.
    """
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(64)
    query = {
        # Ask for a fresh login, as n8n does. Otherwise whoever is logged in would consent.
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
    """Return a request that exchanges a code for tokens.

    Args:
        client: The app that asked.
        host: The org's URL, without a trailing slash.
        consent: The consent that the code belongs to.
        code: The code that the browser brought back.
    """
    fields: dict[str, str | SecretStr] = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": consent.redirect_uri,
        "code_verifier": consent.verifier,
    }
    return client.token_request(host, fields)
