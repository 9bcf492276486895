"""Clean up when a signal, or Ctrl-C, ends the process.

Python runs no `finally` for SIGTERM and SIGHUP, nor for threads that still work when the process
ends. What must not stay behind then (a program that runs with the person's logins, a temporary
folder) is registered here for as long as it is there.
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
# What is being started, one entry each, and the signals that wait for it.
_starts: list[object] = []
_waiting: list[int] = []
_is_over = threading.Event()
# How long the end of the process waits for a start in another thread, in seconds.
_PATIENCE, _TICK = 2.0, 0.02


def handle_signals() -> None:
    """Let SIGTERM, SIGHUP and SIGQUIT clean up before they end the process, as they do by default.

    A signal that is ignored (nohup) or handled otherwise stays as it is. For the main thread.
    """
    for name in ("SIGTERM", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)  # Windows has only the first
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


@contextmanager
def cleaned_up(cleanup: Callable[[], object]) -> Iterator[None]:
    """Register a clean-up while the block runs, for what ends the process meanwhile."""
    _cleanups.append(cleanup)
    try:
        yield
    finally:
        _cleanups.remove(cleanup)


@contextmanager
def started(start: Callable[[], T], end: Callable[[T], object]) -> Iterator[T]:
    """Start something, and end it after the block, whatever happens at whichever moment.

    Args:
        start: Starts it. Signals and Ctrl-C wait meanwhile: there is no moment at which it is there
            and nothing knows it.
        end: Ends it. May be called more than once, also out of a signal's handler.

    Yields:
        What `start` gave.

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
    """Let what would end the process wait until the block is done.

    Blocking the signals wouldn't do: a program that is started would inherit that, and could not be
    ended by them.
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
    """Let Ctrl-C wait. It comes through in the main thread only, as KeyboardInterrupt."""
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
        os.kill(os.getpid(), number)  # to the process: the main thread handles it at once
    else:
        signal.raise_signal(number)  # os.kill would end the process without a word


def _end(number: int, _frame: FrameType | None) -> None:
    # In this order: a start in another thread that ends just now must see the signal.
    _waiting.append(number)
    if _starts:
        return
    _clean_up()
    # Ended by the signal itself: that is what the parent process looks for.
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _clean_up() -> None:
    for cleanup in reversed(_cleanups):
        with suppress(Exception):
            cleanup()


def _at_exit() -> None:
    """Threads that still work are not waited for: what they started would live on."""
    _is_over.set()
    ends = time.monotonic() + _PATIENCE
    while _starts and time.monotonic() < ends:
        time.sleep(_TICK)
    _clean_up()


atexit.register(_at_exit)
