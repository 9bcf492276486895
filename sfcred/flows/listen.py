"""Waits on this machine for the browser to come back from Salesforce (RFC 8252, section 7.3).

The browser begins at an address of this listener, which sends it on: so the address that a person
sees, and that a browser is started with, holds no Consumer Key.
"""

import hmac
import html
import queue
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from sfcred.errors import UsageError
from sfcred.flows.authorization_code import Consent

# How long a browser waits for the page that tells how it ended, in seconds.
_PATIENCE = 60
# And how long the terminal waits for the browser to have got it.
_COURTESY = 3
_TICK = 0.2


class Returned(NamedTuple):
    """What the browser brought: a code, or an error in Salesforce's words."""

    code: SecretStr | None
    error: str = ""
    description: str = ""


class Page(NamedTuple):
    """What the browser shows at the end."""

    title: str
    text: str
    good: bool


class Listener:
    """A listener for one login.

    Attributes:
        start_url: Where the browser shall begin.
    """

    def __init__(self, consent: Consent, port: int) -> None:
        self._consent = consent
        self._path = urlsplit(consent.redirect_uri).path or "/"
        self._start = f"/start/{secrets.token_hex(8)}"
        self._hosts = {f"localhost:{port}", f"127.0.0.1:{port}"}
        self._returned: queue.Queue[Returned] = queue.Queue()
        self._used = threading.Lock()
        self._ended = threading.Event()
        self._delivered = threading.Event()
        self._page = Page("Nothing came of it", "This login was ended in the terminal.", good=False)
        self.start_url = f"http://localhost:{port}{self._start}"

    def wait(self, seconds: float) -> Returned | None:
        """The first return that belongs to this login; None if none comes in time."""
        while seconds > 0:
            # In small steps, so that Ctrl-C is heard on every system.
            try:
                return self._returned.get(timeout=min(_TICK, seconds))
            except queue.Empty:
                seconds -= _TICK
        return None

    def show(self, page: Page) -> None:
        """Lets the waiting browser show how it ended."""
        self._page = page
        self._ended.set()
        if self._used.locked():
            self._delivered.wait(_COURTESY)

    def give_up(self) -> None:
        """Lets nobody go on waiting."""
        self._ended.set()

    def delivered(self, content: "Page | str") -> None:
        """Notes that a browser got a page."""
        if content is self._page:
            self._delivered.set()

    def answer(self, target: str, host: str) -> "tuple[HTTPStatus, Page | str]":
        """The answer to a request: a page, or where to go.

        Args:
            target: The request's path and query.
            host: Its Host header.
        """
        parts = urlsplit(target)
        if host not in self._hosts:  # a name that was made to lead here (DNS rebinding)
            return HTTPStatus.FORBIDDEN, Page(
                "Not here", "This address is not sfcred's.", good=False
            )
        if parts.path == self._start:
            return HTTPStatus.FOUND, self._consent.url.get_secret_value()
        if parts.path == self._path:
            return self._came_back(parts.query)
        return HTTPStatus.NOT_FOUND, Page("Nothing here", "sfcred waits for a login.", good=False)

    def _came_back(self, query: str) -> tuple[HTTPStatus, Page]:
        fields = {name: values[0] for name, values in parse_qs(query).items()}
        given, wanted = fields.get("state", ""), self._consent.state.get_secret_value()
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            text = "This page belongs to another login. Begin with the address in the terminal."
            return HTTPStatus.BAD_REQUEST, Page("Not this login", text, good=False)
        if not self._used.acquire(blocking=False):
            text = "This login was answered before. You can close this page."
            return HTTPStatus.CONFLICT, Page("Already done", text, good=False)
        code = fields.get("code")
        self._returned.put(
            Returned(
                SecretStr(code) if code else None,
                fields.get("error", "" if code else "no code"),
                fields.get("error_description", ""),
            )
        )
        self._ended.wait(_PATIENCE)
        return HTTPStatus.OK, self._page


@contextmanager
def listening(consent: Consent) -> Iterator[Listener]:
    """Listens at the consent's redirect URI while the block runs.

    Raises:
        UsageError: The port is taken.
    """
    port = urlsplit(consent.redirect_uri).port or 80
    listener = Listener(consent, port)
    try:
        server = _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"listener": listener}))
    except OSError as error:
        reason = (error.strerror or "refused").lower()
        raise UsageError(
            f"port {port} of this machine can't be used: {reason}",
            hint="End what uses it (another sfcred login?), or take another port that the app has "
            "a callback for: --port.",
        ) from None
    thread = threading.Thread(target=server.serve_forever, args=(_TICK,), daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        listener.give_up()
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    # Browsers open connections in advance and leave them idle: nobody waits for those.
    daemon_threads = True
    # Two listeners on one port would take each other's answers.
    allow_reuse_port = False


class _Handler(BaseHTTPRequestHandler):
    listener: Listener
    timeout = 30

    def do_GET(self) -> None:
        """A page, or a way on."""
        status, content = self.listener.answer(self.path, self.headers.get("Host", ""))
        if isinstance(content, str):
            self._send(status, b"", {"Location": content})
        else:
            self._send(status, page(content).encode(), {"Content-Type": "text/html; charset=utf-8"})
        self.listener.delivered(content)

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, **_HEADERS, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Nothing: a request's line holds the code."""


_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Connection": "close",
}


def page(content: Page) -> str:
    """A page as HTML; every text is escaped."""
    title, text = html.escape(content.title), html.escape(content.text)
    colour = "#1a7f37" if content.good else "#b35900"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>sfcred: {title}</title>
<meta name="viewport" content="width=device-width">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto }}
body {{ padding: 0 1rem }}
h1 {{ font-size: 1.6rem; border-left: .4rem solid {colour}; padding-left: .8rem }}
p {{ white-space: pre-line }}
</style></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""
