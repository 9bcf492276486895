"""Options of a local org."""

from collections.abc import Callable
from typing import NamedTuple


class ServerOptions(NamedTuple):
    """Options of a local org's server.

    Attributes:
        latency: How long it waits before each answer, in seconds.
        note: Called with one line per request, which has only the method and path.
    """

    latency: float = 0.0
    note: Callable[[str], object] = lambda _line: None
