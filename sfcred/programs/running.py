"""Run a program with limits on its time and output.

sfcred itself starts programs only here (cloud clients and `webbrowser` start their own). A program
gets only the given environment, with no program from the project on its PATH. It can't prompt for a
passphrase. When it ends, so does everything that it started.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import IO, NamedTuple

from sfcred.ending import started
from sfcred.programs.trusted import without_programs_of

_CHUNK = 64 * 1024
# In seconds. On systems where waiting for a lock blocks Ctrl-C, the longest such wait.
_TICK = 0.2


class Command(NamedTuple):
    """A program to run.

    Attributes:
        arguments: The program's full path, and its arguments.
        folder: The folder where it runs.
        environ: Variables of the user. What may lead into the project is left out.
        project: The project's root.
        stdin: Its standard input.
        own: Variables that sfcred itself sets. Whatever lies in the project, they are passed.
    """

    arguments: list[str]
    folder: Path
    environ: Mapping[str, str]
    project: Path
    stdin: bytes = b""
    own: Mapping[str, str] = MappingProxyType({})


class Bounds(NamedTuple):
    """Limits for a program.

    Attributes:
        seconds: The time from its start to its end.
        output: The maximum size of its standard output, in bytes.
        complaint: How much of its standard error to keep, in bytes. With 0, none is read.
    """

    seconds: float
    output: int
    complaint: int = 0


class Finished(NamedTuple):
    """A program's exit status (negative for the signal that ended it) and its output."""

    status: int
    output: bytes
    complaint: bytes


class TimedOut(Exception):
    """The program took too long."""


class TooMuchOutput(Exception):
    """The program wrote too much."""


def run(command: Command, bounds: Bounds) -> Finished:
    """Run a program until it ends.

    Args:
        command: The program.
        bounds: Its limits. The program is ended if it exceeds one.

    Returns:
        The result. The program and everything it started in its session have ended. (On Windows,
        what it started can still be running, but isn't waited for.)

    Raises:
        OSError: The program can't be started.
        TimedOut: It took too long, or something that it started keeps its output open.
        TooMuchOutput: It wrote more than the limit.
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
        env={
            **without_programs_of(command.project, command.environ, command.folder),
            **command.own,
        },
        stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if bounds.complaint else subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,  # no terminal to prompt on; ignored on Windows
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the program and what it started, and wait for its end."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)


def _status_by(process: "subprocess.Popen[bytes]", ends: float) -> int:
    try:
        return process.wait(timeout=max(0, ends - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimedOut from None


class _Reader:
    """Reads a pipe in a thread, so that a pipe that is never closed doesn't block sfcred.

    Args:
        pipe: The pipe, which the thread closes. None if there is nothing to read.
        limit: How much to keep, in bytes.
        drains: Keep reading beyond the limit, so that the program isn't blocked.

    Attributes:
        is_cut: Whether there was more than the limit.
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
        """Return what was read, once the pipe ends.

        Raises:
            TimedOut: The time ran out first.
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
    with suppress(OSError), pipe:  # the program stopped reading, and its exit status tells why
        while rest:
            rest = rest[pipe.write(rest) :]
