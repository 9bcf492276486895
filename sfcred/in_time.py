"""Wait for something that has no time limit of its own."""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Overdue(Exception):
    """There was no answer in time."""


def in_time(ask: Callable[[], T], seconds: float) -> T:
    """Call a function in a thread, and wait for its result.

    Args:
        ask: The function. It goes on after the time limit, but doesn't keep the process alive.
        seconds: The time limit.

    Raises:
        Overdue: There is no result in time.
        Exception: Whatever `ask` raises.
    """
    answers: queue.SimpleQueue[tuple[T] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put((ask(),))
        except Exception as error:  # noqa: BLE001 - raised in the thread that waits for it
            answers.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise Overdue from None
    if isinstance(answer, Exception):
        raise answer
    return answer[0]
