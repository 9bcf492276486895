"""Servers on loopback that answer as told, and sfcred as a separate process."""

import contextlib
import os
import queue
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from tests.conftest import KEPT
from tests.helpers.project import ENVIRON

Talk = Callable[[socket.socket], None]
#: A process that takes longer has missed its deadline.
PATIENCE = 60


class Server:
    """A server that records requests and counts connections, with TLS if it has a context."""

    def __init__(
        self, talk: Talk, *, reads: bool = True, context: ssl.SSLContext | None = None
    ) -> None:
        self.heard = b""
        self.connections = 0
        self._talk = talk
        self._reads = reads
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            if self._reads:
                self.heard += read_request(connection)
            self._talk(connection)

    def close(self) -> None:
        self._listener.close()


def read_request(connection: socket.socket) -> bytes:
    """Read a request with its body. Answering earlier would reset the connection."""
    request = b""
    while part := connection.recv(65536):
        request += part
        head, end, body = request.partition(b"\r\n\r\n")
        size = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
        if (end and len(body) >= (int(size[1]) if size else 0)) or not request[:1].isalpha():
            break
    return request


class Done(NamedTuple):
    """How a process ended."""

    status: int
    out: str
    err: str
    seconds: float


def sfcred(
    *arguments: str | Path, environ: Mapping[str, str] | None = None, before: str = ""
) -> Done:
    """Run the command line as a process. `before` is Python code that runs first in it."""
    began = time.monotonic()
    done = subprocess.run(
        command(arguments, before),
        env=variables(environ),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr, time.monotonic() - began)


def isolated(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `python -I -m sfcred` with this process's variables, and nothing on standard input."""
    return subprocess.run(
        [sys.executable, "-I", "-m", "sfcred", *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )


def command(arguments: Sequence[str | Path], before: str = "") -> list[str]:
    code = f"{before}\nimport sys\nfrom sfcred.cli import main\nsys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", code, *map(str, arguments)]


def variables(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {*KEPT, "USERPROFILE"}
    own = {name: value for name, value in os.environ.items() if name in kept}
    return {**own, **ENVIRON, **(environ or {})}


def interrupt(process: subprocess.Popen[str]) -> tuple[Done, float]:
    """Send Ctrl-C, and return how the process ended and how long that took."""
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    return Done(process.returncode, out, err, 0), time.monotonic() - began


_CONNECT = socket.socket.connect


def connected(port: int) -> socket.socket:
    """Connect to a port of this machine, in tests that can't use the network otherwise."""
    connection = socket.socket()
    _CONNECT(connection, ("127.0.0.1", port))
    return connection


class Running:
    """sfcred as a serving process whose lines are read as they arrive."""

    def __init__(
        self,
        *arguments: str | Path,
        stream: str,
        environ: Mapping[str, str] | None = None,
        before: str = "",
    ) -> None:
        self.process = subprocess.Popen(
            command(arguments, before),
            env=variables({"PYTHONUNBUFFERED": "1", **(environ or {})}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: str) -> None:
        for line in getattr(self.process, stream):
            self.said.append(line)
            self._lines.put(line)
        self._lines.put("")

    def line(self, pattern: str) -> re.Match[str]:
        """Wait for a line."""
        while line := self._lines.get(timeout=PATIENCE):
            if found := re.search(pattern, line):
                return found
        raise AssertionError("".join(self.said))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def end(self) -> float:
        """Send Ctrl-C, and return how long the process took to end."""
        began = time.monotonic()
        self.process.send_signal(2)
        self.process.wait(PATIENCE)
        return time.monotonic() - began


def ask(port: int, *lines: str, address: str = "127.0.0.1") -> str:
    """Send these exact lines, and read until the end of the answer."""
    with socket.create_connection((address, port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
        answer = b""
        with contextlib.suppress(OSError):
            while part := connection.recv(65536):
                answer += part
    return answer.decode("utf-8", "replace")
