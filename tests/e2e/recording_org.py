"""A stand-in org that answers everything, and records what each case of the oracle sends."""

import base64
import json
import re
import threading
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

#: What identifies a case: its credential's instance URL ends with it.
_CASE = re.compile(r"/case-([0-9]+)(/.*)")


class RecordingOrg:
    """A server on loopback.

    Attributes:
        url: Its address.
        requests: What was sent, by the number of the case.
    """

    def __init__(self) -> None:
        self.requests: dict[int, list[dict[str, Any]]] = {}
        owner = self

        class Handler(_Handler):
            org = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def instance_url(self, case: int) -> str:
        """Return the instance URL of a case."""
        return f"{self.url}/case-{case}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    org: RecordingOrg
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        if url.path == "/services/oauth2/token":
            self._answer(self._token(body))
            return
        found = _CASE.fullmatch(url.path)
        assert found is not None, self.path
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        request = {
            "method": self.command,
            "path": re.sub(r"^/services/data/v[0-9.]+", "", found[2]),
            "query": query.get("q"),
            "fields": sorted(_fields(body, self.headers.get("Content-Type") or "")),
        }
        self.org.requests.setdefault(int(found[1]), []).append(request)
        self._answer({"records": [], "actions": [], "id": "001", "success": True})

    do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815 - the server's own names

    def _token(self, body: bytes) -> dict[str, str]:
        """Return a token for the instance URL of the case that the user's name contains."""
        assertion = parse_qs(body.decode())["assertion"][0]
        claims = assertion.split(".")[1]
        user = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]
        case = int(user.partition("@")[0].removeprefix("case"))
        return {"access_token": f"00D!case{case}", "instance_url": self.org.instance_url(case)}

    def _answer(self, content: object) -> None:
        data = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


def _fields(body: bytes, kind: str) -> list[str]:
    """Return the names of a body's fields. A multipart body has a part with JSON, and a file."""
    if not body:
        return []
    if not kind.startswith("multipart/"):
        return list(json.loads(body))
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = BytesParser(EmailMessage, policy=default).parsebytes(head + body)
    names: list[str] = []
    for part in message.iter_parts():
        name = part.get_param("name", header="Content-Disposition")
        names += list(json.loads(part.get_content())) if name == "entity_content" else [str(name)]
    return names
