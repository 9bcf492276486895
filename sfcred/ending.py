"""Clean up when a signal or Ctrl-C ends the process.

Python doesn't run `finally` blocks for SIGTERM and SIGHUP, nor for threads that are still running
when the process ends. Things that must not be left behind (a program that runs with your logins, a
temporary folder) are registered here while they exist.
"""

import atexit
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

_cleanups: list[Callable[[], object]] = []
# One entry for each start in progress, and the signals that wait for it.
_starts: list[object] = []
_waiting: list[int] = []
_is_over = threading.Event()
# How long the process waits for a start in another thread before it ends, in seconds.
_PATIENCE, _TICK = 2.0, 0.02
# A shell's exit status for what a signal ended is this plus the signal's number.
_BY_SIGNAL = 128


def handle_signals() -> None:
    """Clean up on SIGTERM, SIGHUP and SIGQUIT before they end the process.

    On Windows, SIGBREAK comes with Ctrl-Break, and when the console is closed.

    Signals that are ignored (nohup) or already handled stay as they are. Call it from the main
    thread.
    """
    for name in ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


@contextmanager
def cleaned_up(cleanup: Callable[[], object]) -> Iterator[None]:
    """Register a cleanup that runs if the process ends during the block."""
    _cleanups.append(cleanup)
    try:
        yield
    finally:
        _cleanups.remove(cleanup)


@contextmanager
def started(start: Callable[[], T], end: Callable[[T], object]) -> Iterator[T]:
    """Start something, and make sure that it is ended after the block.

    Args:
        start: Starts it. Signals and Ctrl-C wait until it is registered, so it can't be missed.
        end: Ends it. It can be called more than once, and from a signal handler.

    Yields:
        What `start` returned.

    Raises:
        InterruptedError: The process is about to end.
        Exception: Whatever `start` raises.
    """
    there: list[T] = []

    def cleanup() -> None:
        for one in there:
            end(one)

    with cleaned_up(cleanup):
        try:
            with _signals_put_off():
                there.append(start())
            yield there[0]
        finally:
            cleanup()


@contextmanager
def _signals_put_off() -> Iterator[None]:
    """Delay whatever would end the process until the block is done.

    Blocking the signals isn't an option: a program that is started would inherit the block, and
    signals could not end it.
    """
    start = object()
    _starts.append(start)
    try:
        if _is_over.is_set():
            raise InterruptedError
        with _interrupts_put_off():
            yield
    finally:
        _starts.remove(start)
        if _waiting and not _starts:
            _send(_waiting.pop())


@contextmanager
def _interrupts_put_off() -> Iterator[None]:
    """Delay Ctrl-C, which only the main thread gets, as KeyboardInterrupt."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


def _send(number: int) -> None:
    if os.name == "posix":
        os.kill(os.getpid(), number)  # sent to the process, so the main thread handles it at once
    else:
        signal.raise_signal(number)  # os.kill would end the process at once


def _end(number: int, _frame: FrameType | None) -> None:
    # The order matters: a start that finishes in another thread right now must see the signal.
    _waiting.append(number)
    _is_over.set()  # another thread may otherwise go on and start the next one meanwhile
    if _starts:
        return
    _clean_up()
    # End by the signal itself, because parent processes check for that.
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    # The kernel doesn't end a container's first process by a signal that it has no handler for.
    os._exit(_BY_SIGNAL + number)


def _clean_up() -> None:
    for cleanup in reversed(tuple(_cleanups)):
        with suppress(Exception):
            cleanup()


def _at_exit() -> None:
    """Clean up without waiting for threads, or what they started would be left running."""
    _is_over.set()
    ends = time.monotonic() + _PATIENCE
    while _starts and time.monotonic() < ends:
        time.sleep(_TICK)
    _clean_up()


atexit.register(_at_exit)
