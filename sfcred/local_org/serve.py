"""Serves a local org on 127.0.0.1, with uvicorn."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import UsageError, system_reason
from sfcred.local_org.org import LocalOrg, Manner
from sfcred.local_org.registry import Registry
from sfcred.oauth.callback_server import loopback_socket

if TYPE_CHECKING:
    import uvicorn


_ADDRESS = "127.0.0.1"
# How long a server may take to begin, in seconds.
_START = 10


class Place(NamedTuple):
    """A port that is taken for an org, and the org."""

    org: LocalOrg
    server_socket: socket.socket

    @property
    def host(self) -> str:
        """`HOST:PORT`."""
        return self.org.base_url.removeprefix("http://")


def take_port(registry: Registry, port: int) -> Place:
    """An org at a port of this machine; nobody else can reach it.

    Args:
        registry: What the org knows.
        port: 0 takes a free one.

    Raises:
        UsageError: The port is taken, or the packages of the extra are missing.
    """
    _require_packages()
    try:
        listener = loopback_socket(_ADDRESS, port)
    except OSError as error:
        raise UsageError(
            f"port {port} of this machine can't be used: {system_reason(error)}",
            hint="End what uses it (another local org?), or choose another: --port.",
        ) from None
    if listener is None:
        raise TypeError("a machine without IPv4")
    url = f"http://{_ADDRESS}:{listener.getsockname()[1]}"
    return Place(LocalOrg(registry, url), listener)


def serve(place: Place, manner: Manner) -> None:
    """Serves until Ctrl-C."""
    server = _server(place, manner)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[place.server_socket])


@contextlib.contextmanager
def running(place: Place, manner: Manner) -> Iterator[Place]:
    """Serves from a thread while the block runs: for tests, the demo and the bench."""
    server = _server(place, manner)
    thread = threading.Thread(target=server.run, args=([place.server_socket],), daemon=True)
    thread.start()
    for _ in range(_START * 100):
        if server.started:
            break
        time.sleep(0.01)
    try:
        yield place
    finally:
        server.should_exit = True
        thread.join(_START)


def _require_packages() -> None:
    """Before anything is promised.

    Raises:
        UsageError: The packages of the extra are missing.
    """
    try:
        import starlette  # noqa: F401 - whether it is there
        import uvicorn  # noqa: F401 - the same
    except ImportError:
        raise UsageError(
            "the local org needs packages that aren't here",
            hint="Install them: pip install 'sfcred[local-org]'",
        ) from None


def _server(place: Place, manner: Manner) -> "uvicorn.Server":
    import uvicorn

    from sfcred.local_org.app import make_app

    config = uvicorn.Config(
        make_app(place.org, manner),
        access_log=False,
        log_level="critical",
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
