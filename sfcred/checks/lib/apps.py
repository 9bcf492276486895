"""Helpers for checks that compare a spec's app with an org's."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from sfcred.checks.api import Problem
from sfcred.errors import Cause, NotKnown
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

REDEPLOY = "Redeploy the app, or update the spec to match it."


def in_turn(
    app: "Deployed", *parts: "Callable[[Deployed], Iterator[Problem]]"
) -> Iterator[Problem]:
    """Run the parts of a check. A part that can't be compared doesn't stop the next ones.

    Args:
        app: The app in the spec and in the org. If the org doesn't have it, no part runs.
        parts: The parts of the check.

    Raises:
        NotKnown: At the end, with all that could not be compared.
    """
    if app.org_app is None:
        return
    reasons: list[NotKnown] = []
    for part in parts:
        try:
            yield from part(app)
        except NotKnown as reason:
            if reason.message not in [one.message for one in reasons]:
                reasons.append(reason)
    if reasons:
        raise _together(reasons)


def _together(reasons: list[NotKnown]) -> NotKnown:
    worst = next((one for one in reasons if one.cause is Cause.UNREADABLE), reasons[0])
    if len(reasons) == 1:
        return worst
    message = "; ".join(one.message for one in reasons)
    return NotKnown(
        message,
        hint=worst.hint,
        cause=worst.cause,
        because_of=worst.because_of,
        topic=worst.topic,
    )


def names(texts: Sequence[str]) -> str:
    """Return names for a message."""
    return ", ".join(map(show, texts))
