"""Clean up when a signal ends the process.

Python runs no `finally` for SIGTERM and SIGHUP. What must not stay behind then (a program that runs
with the person's logins, a temporary folder) is registered here for as long as it is there.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_cleanups: list[Callable[[], object]] = []


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
    """Register a clean-up while the block runs, for a signal that ends the process meanwhile."""
    _cleanups.append(cleanup)
    try:
        yield
    finally:
        _cleanups.remove(cleanup)


def _end(number: int, _frame: FrameType | None) -> None:
    for cleanup in reversed(_cleanups):
        with suppress(Exception):
            cleanup()
    # Ended by the signal itself: that is what the parent process looks for.
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
