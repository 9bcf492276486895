"""Helpers for project checks of Consumer Keys: report which ones were not compared."""

from collections.abc import Iterator, Sequence

from sfcred.checks.api import Problem, ProjectEntry
from sfcred.errors import Cause

_WHY = "values from references are never compared with values that a pull request can write"


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
    apart = "place" if places else "value"
    number = sum(entry.client_kind == apart for entry in entries)
    first = next(entry for entry in entries if entry.client_kind == apart)
    message = (
        f"the client_id of {number} of {len(entries)} credentials is not compared with the others: "
        + (_WHY if apart == "value" else f"it can't be read, or {_WHY}")
    )
    unknown = Problem(message, ("client_id",), "", entry=first, is_unknown=True)
    yield unknown._replace(cause=Cause.SECRET)
