"""Helpers for project checks of Consumer Keys: report which ones were not compared."""

from collections.abc import Iterator, Sequence
from typing import Literal

from sfcred.checks.api import Problem, ProjectEntry
from sfcred.errors import Cause

_UNKNOWN = "so sfcred can't tell whether they are the same"
_NOTHING_TO_DO = "If each app has its own Consumer Key, there is nothing to do."


def not_compared(entries: Sequence[ProjectEntry]) -> Iterator[Problem]:
    """Report, once per project, that some Consumer Keys could not be compared with others.

    Args:
        entries: The credentials that the check covers.

    Yields:
        At most one problem, at the first credential whose key can't be compared with the others.
    """
    kinds = {entry.client_kind for entry in entries}
    places = {entry.client for entry in entries if entry.client_kind == "place"}
    if len(kinds) < 2 and len(places) < 2:  # noqa: PLR2004 - all of one kind
        return
    apart: Literal["place", "value"] = "place" if places else "value"
    number = sum(entry.client_kind == apart for entry in entries)
    # At one of these, if the run is about it; otherwise at one that they can't be compared with.
    first = min(entries, key=lambda one: (not one.is_chosen, one.client_kind != apart))
    message = f"{_described(apart, number, len(entries))}, {_UNKNOWN}"
    unknown = Problem(message, ("client_id",), _NOTHING_TO_DO, entry=first, is_unknown=True)
    yield unknown._replace(cause=Cause.SECRET)


def _described(apart: Literal["place", "value"], number: int, total: int) -> str:
    """Return which Consumer Keys can't be compared, and why, for a message."""
    one = number == 1
    keys = f"{number} of {total} Consumer Keys {'is' if one else 'are'}"
    if apart == "value":
        return (
            f"{keys} read from a secret, and the others from the specs. Comparing them could tell "
            "a pull request whether its guess at the secret is right"
        )
    return f"{keys} not available here, or in a file that a pull request can write"
