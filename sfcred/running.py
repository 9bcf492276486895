"""Run a program with bounds: on its time, on its output, and on what it finds.

sfcred itself starts programs only here (cloud clients and `webbrowser` start their own). A program
gets the environment that it is handed and no program of the project's on its PATH. It can ask
nobody for a passphrase, and ends with all that it started.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from sfcred.ending import started
from sfcred.programs import without_programs_of

_CHUNK = 64 * 1024
# How long a wait may be deaf to Ctrl-C on systems whose locks are, in seconds.
_TICK = 0.2


class Command(NamedTuple):
    """What to run.

    Attributes:
        arguments: The program, by its whole path, and its arguments.
        folder: Where it runs.
        environ: All variables that it gets. Its PATH loses what the project brings.
        project: The project's root.
        stdin: What it is told.
    """

    arguments: list[str]
    folder: Path
    environ: Mapping[str, str]
    project: Path
    stdin: bytes = b""


class Bounds(NamedTuple):
    """What it may take.

    Attributes:
        seconds: From its start to its end.
        output: Bytes of its standard output.
        complaint: Bytes of its standard error that are kept; 0: none is read.
    """

    seconds: float
    output: int
    complaint: int = 0


class Finished(NamedTuple):
    """What came of it: its exit status (negative: the signal that ended it), and what it wrote."""

    status: int
    output: bytes
    complaint: bytes


class TimedOut(Exception):
    """The program took too long."""


class TooMuchOutput(Exception):
    """The program wrote too much."""


def run(command: Command, bounds: Bounds) -> Finished:
    """Run a program to its end.

    Args:
        command: What to run.
        bounds: Where it is ended before.

    Returns:
        What came of it. The program and what it started in its session are gone. (On Windows what
        it started may live on; it isn't waited for.)

    Raises:
        OSError: It can't be started.
        TimedOut: It took too long, or something that it started keeps its output open.
        TooMuchOutput: It wrote more than the bound.
    """
    ends = time.monotonic() + bounds.seconds
    with started(lambda: _start(command, bounds), _end) as process:
        output = _Reader(process.stdout, bounds.output)
        complaint = _Reader(process.stderr, bounds.complaint, drains=True)
        _feed(process.stdin, command.stdin)
        text = output.content_by(ends)
        if output.is_cut:
            raise TooMuchOutput
        return Finished(_status_by(process, ends), text, complaint.content_by(ends))


def _start(command: Command, bounds: Bounds) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - the callers' fixed arguments, no shell
        command.arguments,
        cwd=command.folder,
        env=without_programs_of(command.project, command.environ),
        stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if bounds.complaint else subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,  # without a terminal; ignored on Windows
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End it and what it started, and take note of its end."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)


def _status_by(process: "subprocess.Popen[bytes]", ends: float) -> int:
    try:
        return process.wait(timeout=max(0, ends - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimedOut from None


class _Reader:
    """Reads a pipe in a thread, so that nobody waits for one that is kept open for ever.

    Args:
        pipe: The pipe, which the thread closes; None: there is nothing to read.
        limit: The most that is kept, in bytes.
        drains: Read on beyond the limit, so that the program isn't held up.

    Attributes:
        is_cut: There was more than the limit.
    """

    def __init__(self, pipe: IO[bytes] | None, limit: int, *, drains: bool = False) -> None:
        self.is_cut = False
        self._content = bytearray()
        self._limit, self._drains = limit, drains
        self._is_done = threading.Event()
        if pipe is None:
            self._is_done.set()
        else:
            threading.Thread(target=self._read, args=(pipe,), daemon=True).start()

    def content_by(self, ends: float) -> bytes:
        """Return what was read, once there is no more to come.

        Raises:
            TimedOut: The time is over before.
        """
        while not self._is_done.wait(min(_TICK, max(0, ends - time.monotonic()))):
            if time.monotonic() >= ends:
                raise TimedOut
        return bytes(self._content)

    def _read(self, pipe: IO[bytes]) -> None:
        with suppress(OSError), pipe:
            while chunk := pipe.read(_CHUNK):
                room = self._limit - len(self._content)
                self._content += chunk[:room]
                self.is_cut = self.is_cut or len(chunk) > room
                if self.is_cut and not self._drains:
                    break
        self._is_done.set()


def _feed(pipe: IO[bytes] | None, content: bytes) -> None:
    if pipe is not None:
        threading.Thread(target=_write, args=(pipe, content), daemon=True).start()


def _write(pipe: IO[bytes], content: bytes) -> None:
    rest = memoryview(content)
    with suppress(OSError), pipe:  # a program that stopped reading says why by its status
        while rest:
            rest = rest[pipe.write(rest) :]
