"""Serve a local org on 127.0.0.1 with uvicorn."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import UsageError, system_reason
from sfcred.installed import install_command
from sfcred.local_org.options import ServerOptions
from sfcred.local_org.org import LocalOrg
from sfcred.local_org.registry import Registry
from sfcred.memory import collect_as_usual
from sfcred.oauth.loopback import loopback_socket

if TYPE_CHECKING:
    import uvicorn


_ADDRESS = "127.0.0.1"
# How long a server may take to start, in seconds.
_START = 10


class BoundPort(NamedTuple):
    """An org, and the socket that is reserved for it."""

    org: LocalOrg
    server_socket: socket.socket

    @property
    def host(self) -> str:
        """`HOST:PORT`."""
        return self.org.base_url.removeprefix("http://")


def take_port(registry: Registry, port: int) -> BoundPort:
    """Return an org on a port of this machine. Other machines can't reach it.

    Args:
        registry: The apps and users.
        port: The port; 0 for a free one.

    Raises:
        UsageError: The port is taken, or the packages of the extra are not installed.
    """
    _require_packages()
    try:
        listener = loopback_socket(_ADDRESS, port)
    except OSError as error:
        raise UsageError(
            f"can't listen on port {port}: {system_reason(error)}",
            hint="Stop the program that uses it (another local org?), or choose another port with "
            "--port.",
        ) from None
    if listener is None:
        raise TypeError("a machine without IPv4")
    url = f"http://{_ADDRESS}:{listener.getsockname()[1]}"
    return BoundPort(LocalOrg(registry, url), listener)


def serve(port: BoundPort, options: ServerOptions) -> None:
    """Serve until Ctrl-C."""
    collect_as_usual()
    server = _server(port, options)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[port.server_socket])


@contextlib.contextmanager
def running(port: BoundPort, options: ServerOptions) -> Iterator[BoundPort]:
    """Serve from a thread while the block runs, for tests, the demo and the benchmark."""
    server = _server(port, options)
    thread = threading.Thread(target=server.run, args=([port.server_socket],), daemon=True)
    thread.start()
    for _ in range(_START * 100):
        if server.started:
            break
        time.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(_START)


def _require_packages() -> None:
    """Make sure that the extra is installed, before anything else happens.

    Raises:
        UsageError: The packages of the extra are not installed.
    """
    try:
        import starlette  # noqa: F401 - is it installed?
        import uvicorn  # noqa: F401 - is it installed?
    except ImportError:
        raise UsageError(
            "the local org needs packages that aren't installed",
            hint=f"Install them: `{install_command('local-org')}`.",
        ) from None


def _server(port: BoundPort, options: ServerOptions) -> "uvicorn.Server":
    import uvicorn

    from sfcred.local_org.app import make_app

    config = uvicorn.Config(
        make_app(port.org, options),
        access_log=False,
        log_level="critical",
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
