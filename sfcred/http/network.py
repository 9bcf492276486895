"""The network under the client: one deadline applies to every step of an exchange.

A timeout per read isn't enough, because a server that sends a byte now and then never exceeds it.
The sockets themselves are httpcore's.
"""

import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from sfcred.http.messages import Unreachable
from sfcred.in_time import Overdue, in_time

#: The number of addresses that are tried per host.
_ADDRESSES = 6
# Bytes per write. A large write could block several times; small ones are sent at once, and the
# deadline is checked between them.
_PIECE = 16 * 1024
# Connections per flow: one to the authority, and one to the instance that it names.
_CONNECTIONS = 2
_LOOKUP_FAILED = "Check the network and the address, and try again."
_PROXY_HINT = "Write its URL as http://HOST:PORT. SOCKS proxies are not supported."


class Deadline:
    """The time by which an exchange has to be complete.

    Args:
        seconds: The number of seconds from now.
    """

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._ends

    def left(self, at_most: float = float("inf")) -> float:
        """Return the remaining seconds, up to a maximum.

        Raises:
            TimeoutException: The time is up.
        """
        seconds = min(self._ends - time.monotonic(), at_most)
        if seconds <= 0:
            raise httpcore.ReadTimeout
        return seconds


class Network(httpcore.NetworkBackend):
    """A network backend that observes the deadline of the current exchange.

    Args:
        connect_seconds: The time that connecting may take, without the TLS handshake.

    Attributes:
        deadline: The deadline of the current exchange. A connection can outlive its exchange.
    """

    def __init__(self, connect_seconds: float) -> None:
        self.deadline = Deadline(0)
        self.connect_seconds = connect_seconds
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is used instead
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a host, trying its addresses in turn.

        Raises:
            ConnectError, ConnectTimeout: No address answers in time.
            Unreachable: The host name is not resolved in time.
        """
        ends = Deadline(self.deadline.left(self.connect_seconds))
        addresses = _addresses(host, port, ends.left())[:_ADDRESSES]
        for number, address in enumerate(addresses, 1):
            share = ends.left() / (len(addresses) - number + 1)  # leave time for the others
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
    """A connection that applies the network's deadline to every step."""

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
        # Python applies this timeout to the whole handshake, not to each packet.
        left = self._network.deadline.left(self._network.connect_seconds)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    """Return a host's IP addresses. A thread looks them up: the system call has no timeout.

    Raises:
        ConnectError: The name is unknown.
        Unreachable: There is no answer in time. The thread goes on, but doesn't keep the process
            alive.
    """
    if host == "localhost":  # not by DNS, because plain http must stay on this machine
        return ["127.0.0.1", "::1"]

    def look_up() -> list[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    try:
        return in_time(look_up, seconds)
    except Overdue:
        raise Unreachable(
            "the DNS lookup of the host name timed out", hint=_LOOKUP_FAILED
        ) from None
    except (OSError, UnicodeError) as error:
        # httpcore removes the cause of what passes through it, but not the context.
        raise httpcore.ConnectError from error


class Transport(httpx.HTTPTransport):
    """httpx's transport on top of this network, because httpx has no parameter for one.

    Args:
        ssl_context: The trusted certificate authorities; None for plain http.
        proxy: The URL of a proxy; None to connect directly.
        connect_seconds: See Network.

    Raises:
        Unreachable: The proxy's type or URL is not supported.
    """

    def __init__(
        self, ssl_context: ssl.SSLContext | None, proxy: str | None, connect_seconds: float
    ) -> None:
        self._network = Network(connect_seconds)
        self._pool = _pool(self._network, ssl_context, proxy)
        self.is_proxied = proxy is not None

    def begin(self, seconds: float) -> None:
        """Begin an exchange that has to be complete within a number of seconds."""
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
    except (ValueError, TypeError):  # a port that isn't a number, or a host that isn't ASCII
        raise Unreachable(
            "the URL of the proxy in HTTPS_PROXY or ALL_PROXY is not valid",
            hint=_PROXY_HINT,
        ) from None


def _proxied(
    network: Network, ssl_context: ssl.SSLContext | None, proxy: str
) -> httpcore.ConnectionPool:
    parts = urlsplit(proxy)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable(
            "the proxy in HTTPS_PROXY or ALL_PROXY is not an HTTP proxy", hint=_PROXY_HINT
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
    """Return the proxy for https to a host, from the environment or the system's settings.

    Returns:
        Its URL; None if there is none, or NO_PROXY lists the host.
    """
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    if not proxy or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
