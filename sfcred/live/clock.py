"""Compare Salesforce's clock with this computer's, by the Date header (RFC 9110, 6.6.1)."""

from email.utils import parsedate_to_datetime
from typing import NamedTuple

from sfcred.http.messages import Response

# The header has whole seconds.
_RESOLUTION = 1.0


class Skew(NamedTuple):
    """The difference between two clocks.

    Attributes:
        seconds: How far Salesforce's clock is ahead of this one (negative if it is behind).
        margin: The uncertainty, in seconds, because the answer took time to arrive.
    """

    seconds: float
    margin: float

    @property
    def certain(self) -> float:
        """The difference that is certain, in seconds, never negative."""
        return max(0.0, abs(self.seconds) - self.margin)


def measure(answer: Response, before: Skew | None) -> Skew | None:
    """Return the more precise of two measurements: from this answer, and the previous one.

    Args:
        answer: An answer, with or without a Date header.
        before: The best measurement so far.
    """
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return before
    ours = (answer.sent_at + answer.received_at) / 2
    margin = (answer.received_at - answer.sent_at) / 2 + _RESOLUTION
    skew = Skew(theirs + _RESOLUTION / 2 - ours, margin)
    return before if before is not None and before.margin <= margin else skew
