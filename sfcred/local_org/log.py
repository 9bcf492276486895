"""What happened at the local org, for its page: logins, refusals and changed specs."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from sfcred.local_org.registry import Registration

Kind = Literal["logged in", "refused", "specs"]
# Enough to look back on, too little to fill the memory.
_KEPT = 50


class LogEntry(NamedTuple):
    """One event.

    Attributes:
        at: The time of day, as `HH:MM:SS`.
        kind: What kind of event it is.
        who: The credentials that it is about, by name; empty if that isn't known.
        text: The flow of a login, or the error and its description. Never a value of a request.
    """

    at: str
    kind: Kind
    who: str
    text: str


class Log:
    """The last events, the newest first.

    Args:
        clock: Returns seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._entries: deque[LogEntry] = deque(maxlen=_KEPT)

    def note(self, kind: Kind, text: str, about: Iterable[Registration] = ()) -> None:
        """Add an event.

        Args:
            kind: What kind of event it is.
            text: What happened.
            about: The registrations that it is about.
        """
        who = ", ".join(dict.fromkeys(one.name for one in about))
        at = time.strftime("%H:%M:%S", time.localtime(self._clock()))
        self._entries.appendleft(LogEntry(at, kind, who, text))

    def entries(self) -> list[LogEntry]:
        """Return the events, the newest first."""
        return list(self._entries)
