"""Garbage collection: late in a short run, as usual in a long one.

Imports make about 70,000 objects that live until the end. Looking for garbage among them took a
third of the time of a cold `sfcred doctor` (measured with Python 3.11). Something that runs for
long must collect its garbage all the same.
"""

import gc

# A cold `doctor --live` of one spec makes 105,000 objects, the largest of the short runs.
_SHORT_RUN = 150_000

_usual: tuple[int, int, int] | None = None


def postpone_collection() -> None:
    """Collect no garbage before so many objects exist that this can't be a short run.

    The first collection brings Python's usual rhythm back. For the start of a process.
    """
    global _usual  # noqa: PLW0603 - as the collector itself, it is the process's
    _usual = gc.get_threshold()
    gc.set_threshold(_SHORT_RUN, *_usual[1:])
    gc.callbacks.append(_first_collection)


def collect_as_usual() -> None:
    """Bring Python's usual rhythm back, for what waits or serves. Does nothing if it is there."""
    global _usual  # noqa: PLW0603 - the same
    if _usual is not None:
        gc.set_threshold(*_usual)
        gc.callbacks.remove(_first_collection)
        _usual = None


def _first_collection(_phase: str, _info: dict[str, int]) -> None:
    collect_as_usual()
