"""Wait for something that has no time limit of its own."""

import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# On some systems the main thread can't react to Ctrl-C while it waits, so it waits this many
# seconds at a time.
_TICK = 0.2
# What starts a program (Python's audit events).
_STARTS = frozenset(
    {"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.exec", "os.spawn"}
    | {"os.system", "os.startfile", "os.startfile/2", "pty.spawn"}
)


class Overdue(Exception):
    """There was no answer in time."""


class _Mine(threading.local):
    """Whether the caller still waits for the current thread."""

    is_given_up: threading.Event | None = None


_mine = _Mine()
_watch_once = threading.Lock()


def in_time(ask: Callable[[], T], seconds: float) -> T:
    """Call a function in a thread, and wait for its result.

    Args:
        ask: The function. It goes on after the time limit, but doesn't keep the process alive, and
            starts no more programs: the caller's precautions for those are over by then.
        seconds: The time limit.

    Raises:
        Overdue: There is no result in time.
        Exception: Whatever `ask` raises.
    """
    answers: queue.SimpleQueue[tuple[T] | Exception] = queue.SimpleQueue()
    is_given_up = threading.Event()

    def work() -> None:
        _mine.is_given_up = is_given_up
        try:
            answers.put((ask(),))
        except Exception as error:  # noqa: BLE001 - raised in the thread that waits for it
            answers.put(error)
        except BaseException as error:  # noqa: BLE001 - a panic in Rust code
            answers.put(RuntimeError(type(error).__name__))

    threading.Thread(target=work, daemon=True).start()
    answer = first_of(answers, seconds)
    if answer is None:
        is_given_up.set()
        _watch()
        raise Overdue
    if isinstance(answer, Exception):
        raise answer
    return answer[0]


def first_of(
    answers: "queue.SimpleQueue[T]", seconds: float, is_over: Callable[[], bool] = lambda: False
) -> T | None:
    """Wait for the first item of a queue, so that Ctrl-C works on every system.

    Args:
        answers: The queue.
        seconds: The time limit; math.inf for none.
        is_over: Whether nothing is worth waiting for any more.

    Returns:
        The item; None if there is none in time, or if it is over.
    """
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0 and not is_over():
        try:
            return answers.get(timeout=min(_TICK, left))
        except queue.Empty:
            continue
    return None


def _watch() -> None:
    """Begin to watch what threads start. It can't be undone, and costs time, so only if needed."""
    if _watch_once.acquire(blocking=False):
        sys.addaudithook(_refuse_late_start)


def _refuse_late_start(event: str, _arguments: object) -> None:
    if event in _STARTS and (given_up := _mine.is_given_up) is not None and given_up.is_set():
        raise Overdue
