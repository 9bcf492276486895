"""The network as the client sees it: every step ends by one deadline.

A time-out for each read wouldn't do: a server that sends a byte now and then never meets one. The
sockets themselves are httpcore's.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from sfcred.http.messages import Unreachable

#: The most addresses of one host that are tried.
_ADDRESSES = 6
# httpcore waits for each part that the system takes of what is written; small pieces are taken
# whole, so that the deadline is looked at between them.
_PIECE = 16 * 1024
# Of one flow at the same time: the authority's, and that of the instance it names.
_CONNECTIONS = 2
_LOOKUP_FAILED = "Check the network and the address, and try again."
_PROXY_HINT = "Write its address as http://HOST:PORT. SOCKS proxies can't be used."


class Deadline:
    """When an exchange has to be over.

    Args:
        seconds: From now.
    """

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self._ends

    def left(self, at_most: float = float("inf")) -> float:
        """The seconds that are left, but at most so many.

        Raises:
            TimeoutException: None are left.
        """
        seconds = min(self._ends - time.monotonic(), at_most)
        if seconds <= 0:
            raise httpcore.ReadTimeout
        return seconds


class Network(httpcore.NetworkBackend):
    """Connects by the deadline of the exchange that goes on.

    Args:
        connect_seconds: The longest that a connection may take, its handshake not counted.

    Attributes:
        deadline: The current exchange's. A connection may live on to the next exchange.
    """

    def __init__(self, connect_seconds: float) -> None:
        self.deadline = Deadline(0)
        self.connect_seconds = connect_seconds
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connects to a host at one of its addresses, in turn.

        Raises:
            ConnectError, ConnectTimeout: None answers in time.
            Unreachable: The host's name is not resolved in time.
        """
        ends = Deadline(self.deadline.left(self.connect_seconds))
        addresses = _addresses(host, port, ends.left())[:_ADDRESSES]
        for number, address in enumerate(addresses, 1):
            share = ends.left() / (len(addresses) - number + 1)  # the last ones get their turn, too
            try:
                stream = self._sockets.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
            else:
                return _Stream(stream, self)
        raise httpcore.ConnectError


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends by the network's deadline."""

    def __init__(self, stream: httpcore.NetworkStream, network: Network) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._network.deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        for start in range(0, len(buffer), _PIECE):
            piece = buffer[start : start + _PIECE]
            self._stream.write(piece, self._network.deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        # Python's handshake takes its time-out for the whole of it, however many packets come.
        left = self._network.deadline.left(self._network.connect_seconds)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    """A host's IP addresses. The system's own lookup has no time-out, so a thread does it.

    Raises:
        ConnectError: The name is not known.
        Unreachable: No answer in time. The thread is left behind; it doesn't keep the process.
    """
    if host == "localhost":  # whatever a name server says: plain http must stay on this machine
        return ["127.0.0.1", "::1"]
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            answers.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise Unreachable(
            "the host's name was not found in time (DNS)", hint=_LOOKUP_FAILED
        ) from None
    if isinstance(answer, OSError | UnicodeError):
        raise httpcore.ConnectError from answer
    if isinstance(answer, Exception):
        raise answer
    return answer


class Transport(httpx.HTTPTransport):
    """httpx's own transport over this network: httpx has no parameter for it.

    Args:
        ssl_context: Whose certificates are believed; None for plain http.
        proxy: A proxy's URL; None: connect directly.
        connect_seconds: See Network.

    Raises:
        Unreachable: The proxy is of a sort that can't be used.
    """

    def __init__(
        self, ssl_context: ssl.SSLContext | None, proxy: str | None, connect_seconds: float
    ) -> None:
        self._network = Network(connect_seconds)
        self._pool = _pool(self._network, ssl_context, proxy)
        self.is_proxied = proxy is not None

    def begin(self, seconds: float) -> None:
        """Begins an exchange, which has to be over in so many seconds."""
        self._network.deadline = Deadline(seconds)

    @property
    def is_late(self) -> bool:
        """Whether the exchange's time is up."""
        return self._network.deadline.is_over


def _pool(
    network: Network, ssl_context: ssl.SSLContext | None, proxy: str | None
) -> httpcore.ConnectionPool:
    if proxy is None:
        return httpcore.ConnectionPool(
            ssl_context=ssl_context, max_connections=_CONNECTIONS, network_backend=network
        )
    try:
        return _proxied(network, ssl_context, proxy)
    except (ValueError, TypeError):  # a port that is no number, a host that isn't written in ASCII
        raise Unreachable(
            "the proxy of HTTPS_PROXY or ALL_PROXY has an address that can't be read",
            hint=_PROXY_HINT,
        ) from None


def _proxied(
    network: Network, ssl_context: ssl.SSLContext | None, proxy: str
) -> httpcore.ConnectionPool:
    parts = urlsplit(proxy)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable(
            "the proxy of HTTPS_PROXY or ALL_PROXY is not an HTTP proxy", hint=_PROXY_HINT
        )
    name, password = unquote(parts.username or "").encode(), unquote(parts.password or "").encode()
    return httpcore.HTTPProxy(
        proxy_url=parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(),
        proxy_auth=(name, password) if name else None,
        ssl_context=ssl_context,
        proxy_ssl_context=ssl_context if parts.scheme == "https" else None,
        max_connections=_CONNECTIONS,
        network_backend=network,
    )


def proxy_for(host: str) -> str | None:
    """The proxy that the environment (or the system's settings) names for https to a host.

    Returns:
        Its URL; None for none, or where NO_PROXY names the host.
    """
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    if not proxy or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
