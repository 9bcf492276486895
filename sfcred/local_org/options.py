"""How a local org answers."""

from collections.abc import Callable
from typing import NamedTuple


class ServerOptions(NamedTuple):
    """How the org answers.

    Attributes:
        latency: How long it waits before each answer, in seconds.
        note: Is called with one line per request: method and path, nothing else.
    """

    latency: float = 0.0
    note: Callable[[str], object] = lambda _line: None
