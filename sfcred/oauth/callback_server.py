"""The local server that receives the browser's callback (RFC 8252, section 7.3)."""

import io
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from sfcred.errors import UsageError, system_reason
from sfcred.oauth.authorization_code import Consent
from sfcred.oauth.callback import LOOPBACK, Listener, redirect_of
from sfcred.oauth.loopback import loopback_socket

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# How often the server checks whether to stop, in seconds.
_TICK = 0.2
# How long a browser may take to send its request, in seconds.
_REQUEST_SECONDS = 10
# The largest request, in bytes. Python's server allows a hundred lines of this length.
_LARGEST = 64 * 1024
# The most open connections that haven't sent a request. Beyond that, the oldest is closed.
_WAITING = 100
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Connection": "close",
}


@contextmanager
def listening(consent: Consent) -> Iterator[Listener]:
    """Listen at the consent's redirect URI while the block runs.

    It listens on both loopback addresses: a browser may use either for `localhost`, and a program
    that had the other one would get the code.

    Raises:
        UsageError: The port is taken on one of them.
    """
    redirect = redirect_of(consent.redirect_uri)
    host, port = redirect.host, redirect.port
    listener = Listener(consent, port)
    addresses = dict.fromkeys((*LOOPBACK, *([] if host == "localhost" else [host])))
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


def _taken(address: str, port: int, error: OSError) -> UsageError:
    return UsageError(
        f"can't listen on {address}, port {port}: {system_reason(error)}. A browser may use this "
        "address for localhost, and another program would get the login's code",
        hint="Stop the program that uses the port (another sfcred login?), or pass --port with "
        "another port that the app has a callback for.",
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
    # Browsers open connections in advance and leave them idle. Don't wait for those at the end.
    daemon_threads = True

    def __init__(self, open_socket: socket.socket, handler: type["_Handler"]) -> None:
        address = open_socket.getsockname()
        super().__init__(address, handler, bind_and_activate=False)
        self.socket.close()
        self.socket = open_socket
        self._waiting: dict[socket.socket, None] = {}
        self._counting = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a new thread. Connections that send nothing can't block others."""
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
        """Note that a connection has sent its request, or never will."""
        with self._counting:
            self._waiting.pop(connection, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing when a browser hangs up, which is normal."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Incoming(io.RawIOBase):
    """A browser's request, with one deadline and one size limit for all of it."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._ends = time.monotonic() + seconds
        self._left = _LARGEST

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read a part of it into the buffer, and return the number of bytes.

        Raises:
            TimeoutError: The deadline has passed.
            ConnectionAbortedError: The request is too large. (An end here would look like its own.)
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self._left <= 0:
            raise ConnectionAbortedError
        self._connection.settimeout(left)
        number = self._connection.recv_into(buffer, min(len(memoryview(buffer)), self._left))
        self._left -= number
        return number


class _Handler(BaseHTTPRequestHandler):
    listener: Listener
    server: _Server
    server_version, sys_version = "sfcred", ""

    def setup(self) -> None:
        """Give the request a deadline."""
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(_Incoming(self.connection, _REQUEST_SECONDS))

    def finish(self) -> None:
        """Note that the connection is done."""
        self.server.is_read(self.connection)
        super().finish()

    def parse_request(self) -> bool:
        """Read the request's head. Nothing after it is read."""
        is_sound = super().parse_request()
        self.server.is_read(self.connection)
        self.connection.settimeout(_REQUEST_SECONDS)
        return is_sound

    def do_GET(self) -> None:
        """Answer with a page or a redirect."""
        # HTTP/0.9 has no headers. Newer Pythons set another type in their place.
        is_old = self.request_version == "HTTP/0.9"
        hosts = [""] if is_old else self.headers.get_all("Host") or [""]
        host = hosts[0] if len(hosts) == 1 else ""
        cookies = "" if is_old else "; ".join(self.headers.get_all("Cookie") or [])
        response = self.listener.answer(self.path, host, cookies)
        if response.page is None:
            location, cookie = response.location.get_secret_value(), response.cookie
            more = {"Location": location, "Set-Cookie": cookie.get_secret_value()}
            self._send(response.status, b"", more)
        else:
            body = response.page.html().encode("utf-8", "replace")
            self._send(response.status, body, {"Content-Type": "text/html; charset=utf-8"})
        self.listener.delivered(response.page)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send only the status for anything but a GET: the parent class would reveal more."""
        del message, explain
        self._send(code, b"", {"Allow": "GET"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, **_HEADERS, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Log nothing, because the request line contains the code."""
