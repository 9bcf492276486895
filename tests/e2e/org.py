"""A stand-in for a Salesforce org, on loopback: strict where Salesforce is, and it remembers."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import jwt

TOKEN_PATH = "/services/oauth2/token"


class Request(NamedTuple):
    """A request that the org got."""

    method: str
    path: str
    form: dict[str, str]
    authorization: str


class Org:
    """One org: its app, its users, and the requests it has seen.

    Attributes:
        client_id, client_secret, refresh_token: What the app and a consent look like.
        certificate: The PEM that was uploaded for the JWT flow.
        username: Who is approved.
        claims: Of every assertion that was accepted.
        requests: Everything that was asked.
    """

    def __init__(self) -> None:
        self.client_id = ""
        self.client_secret = ""
        self.refresh_token = ""
        self.certificate = ""
        self.username = ""
        self.claims: list[dict[str, Any]] = []
        self.requests: list[Request] = []
        self.tokens: set[str] = set()
        org = self

        class Handler(_Handler):
            pass

        Handler.org = org
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stops serving."""
        self._server.shutdown()
        self._server.server_close()

    def token(self) -> str:
        """A new access token."""
        token = f"00D000000000001!e2e{len(self.tokens)}"
        self.tokens.add(token)
        return token

    def grant(self, request: Request) -> tuple[int, dict[str, str]]:
        """The token endpoint."""
        match request.form.get("grant_type"):
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                return self._grant_jwt(request.form.get("assertion", ""))
            case "refresh_token":
                return self._grant_refresh(request)
            case _:
                return _refusal("unsupported_grant_type", "grant type not supported")

    def _grant_jwt(self, assertion: str) -> tuple[int, dict[str, str]]:
        key = _public_key(self.certificate)
        try:
            claims = jwt.decode(
                assertion, key, algorithms=["RS256"], audience=self.url, leeway=5,
                options={"require": ["iss", "sub", "aud", "exp"], "strict_aud": True},
            )  # fmt: skip
        except jwt.InvalidAudienceError:
            return _refusal("invalid_grant", "audience is invalid")
        except jwt.InvalidTokenError:
            return _refusal("invalid_grant", "invalid assertion")
        if claims["iss"] != self.client_id:
            return _refusal("invalid_client_id", "client identifier invalid")
        if claims["sub"] != self.username:
            return _refusal("invalid_grant", "user hasn't approved this consumer")
        if claims["exp"] - claims.get("iat", claims["exp"]) > 300:
            return _refusal("invalid_grant", "invalid assertion")
        self.claims.append(claims)
        return self._answer()

    def _grant_refresh(self, request: Request) -> tuple[int, dict[str, str]]:
        given = f"{self.client_id}:{self.client_secret}"
        wanted = "Basic " + base64.b64encode(given.encode()).decode()
        if request.authorization != wanted:
            return _refusal("invalid_client", "invalid client credentials")
        if request.form.get("refresh_token") != self.refresh_token:
            return _refusal("invalid_grant", "expired access/refresh token")
        return self._answer()

    def _answer(self) -> tuple[int, dict[str, str]]:
        return 200, {
            "access_token": self.token(),
            "instance_url": self.url,
            "id": f"{self.url}/id/00D000000000001EAA/005000000000001AAA",
            "token_type": "Bearer",
            "scope": "api refresh_token",
        }


def _public_key(certificate: str) -> Any:
    from cryptography.x509 import load_pem_x509_certificate

    return load_pem_x509_certificate(certificate.encode()).public_key()


def _refusal(error: str, description: str) -> tuple[int, dict[str, str]]:
    return 400, {"error": error, "error_description": description}


class _Handler(BaseHTTPRequestHandler):
    org: Org

    def do_POST(self) -> None:
        request = self._request()
        if request.path == TOKEN_PATH:
            status, answer = self.org.grant(request)
            self._answer(status, answer)
        else:
            self._answer(404, [{"errorCode": "NOT_FOUND", "message": "not found"}])

    def do_GET(self) -> None:
        request = self._request()
        if request.authorization.removeprefix("Bearer ") not in self.org.tokens:
            message = "Session expired or invalid"
            self._answer(401, [{"errorCode": "INVALID_SESSION_ID", "message": message}])
        elif request.path == "/services/data/v59.0/query":
            record = {"attributes": {"type": "Account"}, "Id": "001000000000001AAA"}
            self._answer(200, {"totalSize": 1, "done": True, "records": [record]})
        elif request.path == "/services/oauth2/userinfo":
            self._answer(200, {"organization_id": "00D000000000001EAA"})
        else:
            self._answer(404, [{"errorCode": "NOT_FOUND", "message": "not found"}])

    def _request(self) -> Request:
        length = int(self.headers.get("Content-Length") or 0)
        form = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        fields = {key: values[0] for key, values in form.items()}
        authorization = self.headers.get("Authorization", "")
        request = Request(self.command, urlsplit(self.path).path, fields, authorization)
        self.org.requests.append(request)
        return request

    def _answer(self, status: int, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Quiet: the requests are recorded."""
