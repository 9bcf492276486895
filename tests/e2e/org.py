"""A stand-in for a Salesforce org, on loopback: strict where Salesforce is, and it remembers."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.x509 import load_pem_x509_certificate

TOKEN = "/services/oauth2/token"
USERINFO = "/services/oauth2/userinfo"
QUERY = "/services/data/v59.0/query"
RECORD_ID = "001000000000001AAA"
#: How far in the future Salesforce lets an assertion expire.
LONGEST_LIFE = 300

Answer = tuple[int, object]


class Request(NamedTuple):
    """A request and how it was answered."""

    method: str
    path: str
    form: dict[str, str]
    authorization: str
    status: int

    @property
    def claims(self) -> dict[str, Any]:
        """What its assertion says. That it was verified, the status tells."""
        claims: dict[str, Any] = jwt.decode(
            self.form["assertion"], options={"verify_signature": False}
        )
        return claims

    @property
    def basic(self) -> str:
        """User and password of HTTP Basic."""
        kind, _, credentials = self.authorization.partition(" ")
        assert kind == "Basic", f"no HTTP Basic: {kind}"
        return base64.b64decode(credentials).decode()


class Approval(NamedTuple):
    """A user whom an app may log in by an assertion."""

    username: str
    certificate: str


class Consent(NamedTuple):
    """A refresh token that an app was given."""

    client_secret: str
    refresh_token: str


class Org:
    """One org: its apps by Consumer Key, and the requests that it has seen."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._approvals: dict[str, Approval] = {}
        self._consents: dict[str, Consent] = {}
        self._tokens: set[str] = set()
        self._server = _Server(self)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stops serving."""
        self._server.shutdown()
        self._server.server_close()

    def approve(self, client_id: str, username: str, certificate: str) -> None:
        """Sets an app up for the JWT flow."""
        self._approvals[client_id] = Approval(username, certificate)

    def connect(self, client_id: str, client_secret: str, refresh_token: str) -> None:
        """Sets an app up for the web server flow, with a consent already given."""
        self._consents[client_id] = Consent(client_secret, refresh_token)

    @contextmanager
    def watched(self) -> Iterator[list[Request]]:
        """The requests that come meanwhile; the list is filled at the end."""
        begin = len(self.requests)
        seen: list[Request] = []
        yield seen
        seen += self.requests[begin:]

    def answer(self, method: str, path: str, form: dict[str, str], authorization: str) -> Answer:
        """What the org says to a request."""
        if (method, path) == ("POST", TOKEN):
            return self._grant(form, authorization)
        if authorization.removeprefix("Bearer ") not in self._tokens:
            return 401, [
                {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
            ]
        if (method, path) == ("GET", QUERY):
            record = {"attributes": {"type": "Account"}, "Id": RECORD_ID}
            return 200, {"totalSize": 1, "done": True, "records": [record]}
        if (method, path) == ("GET", USERINFO):
            return 200, {"organization_id": "00D000000000001EAA"}
        return 404, [{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}]

    def _grant(self, form: dict[str, str], authorization: str) -> Answer:
        grant_type = form.get("grant_type")
        if grant_type == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return self._grant_assertion(form.get("assertion", ""))
        if grant_type == "refresh_token":
            return self._grant_refresh(form, authorization)
        return _refusal("unsupported_grant_type", "grant type not supported")

    def _grant_assertion(self, assertion: str) -> Answer:
        try:
            issuer = jwt.decode(assertion, options={"verify_signature": False}).get("iss", "")
            approval = self._approvals.get(issuer)
            if approval is None:
                return _refusal("invalid_client_id", "client identifier invalid")
            claims = self._verified(assertion, approval)
        except jwt.InvalidAudienceError:
            return _refusal("invalid_grant", "audience is invalid")
        except jwt.InvalidTokenError:
            return _refusal("invalid_grant", "invalid assertion")
        if claims["exp"] > time.time() + LONGEST_LIFE:
            return _refusal("invalid_grant", "invalid assertion")
        if claims["sub"] != approval.username:
            return _refusal("invalid_grant", "user hasn't approved this consumer")
        return self._granted()

    def _verified(self, assertion: str, approval: Approval) -> dict[str, Any]:
        key: Any = load_pem_x509_certificate(approval.certificate.encode()).public_key()
        claims: dict[str, Any] = jwt.decode(
            assertion, key, algorithms=["RS256"], audience=self.url,
            options={"require": ["iss", "sub", "aud", "exp"], "strict_aud": True},
        )  # fmt: skip
        return claims

    def _grant_refresh(self, form: dict[str, str], authorization: str) -> Answer:
        for client_id, consent in self._consents.items():
            given = f"{client_id}:{consent.client_secret}".encode()
            if authorization == "Basic " + base64.b64encode(given).decode():
                break
        else:
            return _refusal("invalid_client", "invalid client credentials")
        if form.get("refresh_token") != consent.refresh_token:
            return _refusal("invalid_grant", "expired access/refresh token")
        return self._granted()

    def _granted(self) -> Answer:
        token = f"00D000000000001!e2e{len(self._tokens)}"
        self._tokens.add(token)
        return 200, {
            "access_token": token,
            "instance_url": self.url,
            "id": f"{self.url}/id/00D000000000001EAA/005000000000001AAA",
            "token_type": "Bearer",
            "scope": "api refresh_token",
        }


def _refusal(error: str, description: str) -> Answer:
    return 400, {"error": error, "error_description": description}


class _Server(ThreadingHTTPServer):
    def __init__(self, org: Org) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.org = org


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        org, path = self.server.org, urlsplit(self.path).path
        form, authorization = self._form(), self.headers.get("Authorization", "")
        status, answer = org.answer(self.command, path, form, authorization)
        org.requests.append(Request(self.command, path, form, authorization, status))
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _form(self) -> dict[str, str]:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        return {key: values[0] for key, values in parse_qs(body, keep_blank_values=True).items()}

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Quiet: the requests are recorded."""
