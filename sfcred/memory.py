"""Postpone garbage collection in short runs, and leave it out when the process ends.

Imports create about 70,000 objects that live until the process ends. Searching them for garbage
took a third of the time of a cold `sfcred doctor` (measured with Python 3.11). Long runs still need
garbage collection.
"""

import gc

# A cold `doctor --live` of one spec creates 105,000 objects, the most of all short runs.
_SHORT_RUN = 150_000

_usual: tuple[int, int, int] | None = None


def postpone_collection() -> None:
    """Postpone garbage collection until there are more objects than in a short run.

    The first collection restores Python's usual thresholds. Call it when the process starts.
    """
    global _usual  # noqa: PLW0603 - the collector is global too
    _usual = gc.get_threshold()
    gc.set_threshold(_SHORT_RUN, *_usual[1:])
    gc.callbacks.append(_first_collection)


def collect_as_usual() -> None:
    """Restore Python's usual thresholds, if needed. Call it before waiting or serving."""
    global _usual  # noqa: PLW0603 - see above
    if _usual is not None:
        gc.set_threshold(*_usual)
        gc.callbacks.remove(_first_collection)
        _usual = None


def skip_last_collection() -> None:
    """Leave all objects to the system. Call it just before the process ends.

    Python would search them for garbage twice more: a twentieth of the time of a cold doctor.
    """
    gc.freeze()


def _first_collection(_phase: str, _info: dict[str, int]) -> None:
    collect_as_usual()
