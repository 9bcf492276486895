"""Options of a local org."""

from collections.abc import Callable
from typing import NamedTuple


class ServerOptions(NamedTuple):
    """Options of a local org's server.

    Attributes:
        latency: How long it waits before each answer, in seconds.
        note: Called with one line per request, which has only the method and path.
        refresh: Called before each answer, to learn specs that were changed in the meantime.
        started_with: What the org was started with, by label, for its page.
    """

    latency: float = 0.0
    note: Callable[[str], object] = lambda _line: None
    refresh: Callable[[], object] = lambda: None
    started_with: tuple[tuple[str, str], ...] = ()
