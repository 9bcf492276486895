"""Waits on this machine for the browser to come back from Salesforce (RFC 8252, section 7.3).

The browser begins at an address of this listener, which sends it on: so the address that a person
sees, and that a browser is started with, holds no Consumer Key.
"""

import errno
import hmac
import html
import io
import queue
import secrets
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from sfcred.errors import UsageError, system_reason
from sfcred.oauth.authorization_code import Consent

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# How long a browser waits for the page that tells how it ended, in seconds.
_PATIENCE = 60
# And how long the terminal waits for the browser to have got it.
_COURTESY = 3
_TICK = 0.2
# How long a browser may take to send its request, in seconds.
_REQUEST_SECONDS = 10
# The most connections that may be open without having sent one; the oldest makes room.
_WAITING = 100
_LOOPBACK = ("127.0.0.1", "::1")
# What a system answers that has no IPv6, or none on its loopback interface.
_NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)


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
        self._hosts = _host_headers(consent.redirect_uri, port)
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
        route, _, query = target.partition("?")
        if host not in self._hosts:  # a name that was made to lead here (DNS rebinding)
            return HTTPStatus.FORBIDDEN, Page(
                "Not here", "This address is not sfcred's.", good=False
            )
        if route == self._start:
            return HTTPStatus.FOUND, self._consent.url.get_secret_value()
        if route == self._path:
            return self._came_back(query)
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


def _host_headers(redirect_uri: str, port: int) -> set[str]:
    """The Host headers of browsers that were led here by the start address or the callback."""
    names = {"localhost", *_LOOPBACK, urlsplit(redirect_uri).hostname or "localhost"}
    written = {f"[{name}]" if ":" in name else name for name in names}
    ports = {f":{port}", "" if port == 80 else f":{port}"}  # noqa: PLR2004 - HTTP's own port
    return {f"{name}{end}" for name in written for end in ports}


@contextmanager
def listening(consent: Consent) -> Iterator[Listener]:
    """Listens at the consent's redirect URI while the block runs.

    On both loopback addresses: a browser may take either for `localhost`, and the other one must
    not be somebody else's, who would get the code.

    Raises:
        UsageError: The port is taken at one of them.
    """
    redirect = urlsplit(consent.redirect_uri)
    port = redirect.port or 80
    listener = Listener(consent, port)
    host = redirect.hostname or "localhost"
    addresses = dict.fromkeys((*_LOOPBACK, *([] if host == "localhost" else [host])))
    with ExitStack() as stack:
        for address in addresses:
            try:
                open_socket = loopback_socket(address, port)
            except OSError as error:
                raise _taken(address, port, error) from None
            if open_socket is not None:
                stack.enter_context(_serving(open_socket, listener))
        stack.callback(listener.give_up)
        yield listener


def loopback_socket(address: str, port: int) -> socket.socket | None:
    """A listening socket that is this process's alone.

    Args:
        address: An IP address of this machine.
        port: 0 takes a free one.

    Returns:
        The socket; None for an IPv6 address where the machine has no IPv6.

    Raises:
        OSError: The port is taken, or not allowed.
    """
    is_v6 = ":" in address
    family = socket.AF_INET6 if is_v6 else socket.AF_INET
    try:
        # With its protocol named, asyncio sends small answers at once (TCP_NODELAY).
        made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError:
        if is_v6:
            return None
        raise
    try:
        if is_v6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if sys.platform == "win32":  # there SO_REUSEADDR would let another program take the port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
        made.listen(128)
    except OSError as error:
        made.close()
        if is_v6 and error.errno in _NO_IPV6:
            return None
        raise
    return made


def _taken(address: str, port: int, error: OSError) -> UsageError:
    return UsageError(
        f"port {port} of this machine can't be used at the address {address}: "
        f"{system_reason(error)}. A browser may go there for localhost, and another program would "
        "get the login's code",
        hint="End what uses it (another sfcred login?), or take another port that the app has "
        "a callback for: --port.",
    )


@contextmanager
def _serving(open_socket: socket.socket, listener: Listener) -> Iterator[None]:
    server = _Server(open_socket, type("Handler", (_Handler,), {"listener": listener}))
    thread = threading.Thread(target=server.serve_forever, args=(_TICK,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    # Browsers open connections in advance and leave them idle: nobody waits for those.
    daemon_threads = True

    def __init__(self, open_socket: socket.socket, handler: type["_Handler"]) -> None:
        address = open_socket.getsockname()
        super().__init__(address, handler, bind_and_activate=False)
        self.socket.close()
        self.socket = open_socket
        self._waiting: dict[socket.socket, None] = {}
        self._counting = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own. Connections that send nothing can't keep others out."""
        with self._counting:
            self._waiting[request] = None
            crowded = len(self._waiting) > _WAITING
            oldest = next(iter(self._waiting)) if crowded else None
        if oldest is not None:
            self.is_read(oldest)
            with suppress(OSError):
                oldest.shutdown(socket.SHUT_RDWR)
        super().process_request(request, client_address)

    def is_read(self, connection: socket.socket) -> None:
        """Notes that a connection's request is there, or never will be."""
        with self._counting:
            self._waiting.pop(connection, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Prints nothing where a browser hung up: that is its affair."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Incoming(io.RawIOBase):
    """What a browser sends, which has to be all there in time."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._ends = time.monotonic() + seconds

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Reads some.

        Raises:
            TimeoutError: The time is up.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class _Handler(BaseHTTPRequestHandler):
    listener: Listener
    server: _Server
    server_version, sys_version = "sfcred", ""

    def setup(self) -> None:
        """As its parent, with a deadline for the request."""
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(_Incoming(self.connection, _REQUEST_SECONDS))

    def finish(self) -> None:
        """As its parent."""
        self.server.is_read(self.connection)
        super().finish()

    def parse_request(self) -> bool:
        """As its parent; then no more is read."""
        is_sound = super().parse_request()
        self.server.is_read(self.connection)
        self.connection.settimeout(_REQUEST_SECONDS)
        return is_sound

    def do_GET(self) -> None:
        """A page, or a way on."""
        hosts = self.headers.get_all("Host") or [""]
        status, content = self.listener.answer(self.path, hosts[0] if len(hosts) == 1 else "")
        if isinstance(content, str):
            self._send(status, b"", {"Location": content})
        else:
            self._send(status, page(content).encode(), {"Content-Type": "text/html; charset=utf-8"})
        self.listener.delivered(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Nothing but the status, for what is no GET of a browser's: the parent would tell more."""
        del message, explain
        self._send(HTTPStatus(code), b"", {"Allow": "GET"})

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
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
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
