"""A local org in this process: requests go to the application, not to a socket."""

import asyncio
import base64
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from sfcred.local_org.app import make_app
from sfcred.local_org.org import LocalOrg
from sfcred.local_org.registry import Registry, register
from sfcred.resolve.context import Context
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, Project, credentials_of

BASE = "http://127.0.0.1:8787"
REDIRECT = "http://localhost:1717/OauthRedirect"
BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
OAUTH2 = f"""\
name: acme-oauth
oauth2: {{refresh_token: {{env: ACME_REFRESH_TOKEN}}}}
app: {{callback_urls: ["{REDIRECT}", "https://n8n.acme.com/rest/oauth2-credential/callback"]}}
n8n: {{id: acmeOauth}}
"""


class Browser:
    """A client that talks to the application."""

    def __init__(self, org: LocalOrg) -> None:
        self.org = org
        self.app = make_app(org)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request."""

        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                return await client.request(method, path, **options)

        return asyncio.run(go())

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def token(self, form: dict[str, str], **options: Any) -> httpx.Response:
        """Send a token request."""
        return self.ask("POST", "/services/oauth2/token", data=form, **options)

    def basic(self, client: str = CONSUMER_KEY, secret: str = CONSUMER_SECRET) -> dict[str, str]:
        """Return a Basic header."""
        pair = base64.b64encode(f"{client}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def authorize(self, **changes: str | None) -> httpx.Response:
        """Open the authorize page."""
        query = {
            "response_type": "code",
            "client_id": CONSUMER_KEY,
            "redirect_uri": REDIRECT,
            "scope": "api refresh_token",
            "state": "s1",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "code_challenge_method": "S256",
            **changes,
        }
        given = {name: value for name, value in query.items() if value is not None}
        return self.get("/services/oauth2/authorize", params=given)

    def decide(self, decision: str = "allow", **changes: str) -> dict[str, str]:
        """Go through login and consent, and return the callback's parameters."""
        ticket = ticket_of(self.authorize(**changes))
        page = self.ask("POST", "/_local/login", data={"ticket": ticket, "username": "x"})
        assert page.status_code == 200
        form = {"ticket": ticket_of(page), "decision": decision}
        back = self.ask("POST", "/_local/consent", data=form)
        assert back.status_code == 302
        query = parse_qs(urlsplit(back.headers["location"]).query)
        return {name: values[0] for name, values in query.items()}


def ticket_of(page: httpx.Response) -> str:
    """Return the hidden field of a form."""
    assert page.status_code == 200, page.text
    return page.text.partition('name="ticket" value="')[2].partition('"')[0]


def registry_of(project: Project) -> Registry:
    """Return a registry with a JWT app and an OAuth2 app."""
    paths = [
        project.credential("{}\n", "jwt", "jwt.yaml"),
        project.credential(OAUTH2, "oauth2", "oauth2.yaml"),
    ]
    context = Context(project=project.folder, now=datetime.now(UTC))
    found = credentials_of(paths, context)
    return register(found)


@pytest.fixture
def browser(project: Project) -> Browser:
    return Browser(LocalOrg(registry_of(project), BASE))


@pytest.fixture
def assertion(project: Project) -> Callable[..., str]:
    """Sign an assertion with valid claims, or with others."""

    def sign(key: str = "rsa-2048", algorithm: str = "RS256", **changes: Any) -> str:
        claims = {
            "iss": CONSUMER_KEY,
            "sub": "n8n@acme.com.uat",
            "aud": BASE,
            "exp": int(time.time()) + 180,
            **changes,
        }
        return jwt.encode(claims, project.workshop.text(key), algorithm=algorithm)

    return sign
