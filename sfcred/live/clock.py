"""Salesforce's clock against this computer's, from the Date header (RFC 9110, section 6.6.1)."""

from email.utils import parsedate_to_datetime
from typing import NamedTuple

from sfcred.http.messages import Response

# The header has whole seconds.
_RESOLUTION = 1.0


class Skew(NamedTuple):
    """How far apart the clocks are.

    Attributes:
        seconds: How far Salesforce's clock is ahead of this one (negative: behind).
        margin: By how much that may be off, because the answer was on its way.
    """

    seconds: float
    margin: float

    @property
    def certain(self) -> float:
        """The difference that is certain, in seconds without a sign."""
        return max(0.0, abs(self.seconds) - self.margin)


def measure(answer: Response, before: Skew | None) -> Skew | None:
    """The better of two measurements: this answer's, and the one before.

    Args:
        answer: An answer with a Date header, or without.
        before: What is known so far.
    """
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return before
    ours = (answer.sent_at + answer.received_at) / 2
    margin = (answer.received_at - answer.sent_at) / 2 + _RESOLUTION
    skew = Skew(theirs + _RESOLUTION / 2 - ours, margin)
    return before if before is not None and before.margin <= margin else skew
