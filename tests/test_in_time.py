"""Time limits for functions that have none."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.in_time import Overdue, in_time


def run_it(mark: Path) -> None:
    subprocess.run([sys.executable, "-c", f"open({str(mark)!r}, 'w')"], check=True)


def shell(mark: Path) -> None:
    os.system(f"echo > '{mark}'")  # noqa: S605 - it must not start


def test_an_answer_and_an_error_arrive() -> None:
    assert in_time(lambda: 4711, 5) == 4711
    with pytest.raises(ZeroDivisionError):
        in_time(lambda: 1 // 0, 5)


def test_even_a_panic_is_an_error_at_once() -> None:
    class Panic(BaseException):
        pass

    def panic() -> None:
        raise Panic

    begin = time.monotonic()
    with pytest.raises(RuntimeError, match="Panic"):
        in_time(panic, 30)
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize("start", [run_it, shell])
def test_what_is_too_late_starts_no_program(tmp_path: Path, start: Callable[[Path], None]) -> None:
    mark, goes_on, outcome = tmp_path / "mark", threading.Event(), []

    def late() -> None:
        goes_on.wait(10)
        try:
            start(mark)
        except Overdue:
            outcome.append("refused")
        else:
            outcome.append("started")

    threads = set(threading.enumerate())
    with pytest.raises(Overdue):
        in_time(late, 0.01)
    goes_on.set()
    for thread in set(threading.enumerate()) - threads:
        thread.join(10)
    assert (outcome, mark.exists()) == (["refused"], False)
    start(mark)  # others still can
    assert mark.exists()
