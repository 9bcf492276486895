"""The subjects of problems, and which problems explain which."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sfcred.checks.api import AnyCheck, Problem
from sfcred.doctor.rules import NO_RULES, Rules
from sfcred.findings import Rule, Severity
from sfcred.resolve.credential import Credential
from sfcred.spec.fields import CHECK_PATTERN
from sfcred.spec.masking import masked_line
from sfcred.spec.source import Node, Place, Route, Source

_SECRET_ROUTES: frozenset[Route] = frozenset(
    {
        ("oauth2", "client_secret"),
        ("oauth2", "refresh_token"),
        ("jwt", "private_key"),
        ("client_credentials", "client_secret"),
    }
)


class Found(NamedTuple):
    """A check and a problem that it yielded."""

    check: AnyCheck
    problem: Problem


class Subject(NamedTuple):
    """The subject of a check's problems: names for the report, positions, and masked lines."""

    credential: str | None
    profile: str | None
    file: str
    place_of: Callable[[Problem], Place]
    line: Callable[[int], str]
    rules: Rules


class Waiting(NamedTuple):
    """A credential that waits for its login, and what the offline checks found."""

    number: int
    credential: Credential
    subject: Subject
    found: list[Found]
    unknown: frozenset[str]


class Candidate(NamedTuple):
    """A credential that workflows may use, and how its findings are reported."""

    credential: Credential
    subject: Subject


class Causes:
    """The problems of one subject, indexed so that looking up a finding's cause is fast.

    Args:
        found: The problems, in the order in which they were found.
    """

    def __init__(self, found: Iterable[Found]) -> None:
        self._errors: set[str] = set()
        # The first problem of each check, separately for each secret's field.
        self._first: dict[tuple[str, Route | None], int] = {}
        self._ids: list[str] = []
        for number, item in enumerate(found):
            check, at = item.check.id, item.problem.at
            self._ids.append(check)
            if is_error(item):
                self._errors.add(check)
            self._first.setdefault((check, at if at in _SECRET_ROUTES else None), number)

    def of(self, item: Found) -> str | None:
        """Return the id of the first finding that explains this one, if any does."""
        named = item.problem.because_of
        # A warning may be wrong about the cause, so it doesn't explain Salesforce's own answer.
        if named and named in self._errors:
            return named
        at = item.problem.at
        # A problem with one secret doesn't explain a problem with another.
        places = (None, at) if at in _SECRET_ROUTES else (None, *_SECRET_ROUTES)
        numbers = [
            self._first[check, place]
            for check in item.check.follows
            for place in places
            if (check, place) in self._first
        ]
        return self._ids[min(numbers)] if numbers else None


def is_error(item: Found) -> bool:
    """Return whether a problem is an error."""
    return (item.problem.severity or item.check.severity) is Severity.ERROR


def rules_of(root: Node, source: Source) -> Rules:
    """Return a spec's own rules. They come from the YAML, so an invalid spec has them, too.

    Args:
        root: The document, with or without a profile applied.
        source: Its file.
    """
    node = root.find(("doctor", "ignore"))
    if node is None or not isinstance(node.value, dict):
        return NO_RULES
    # A key that isn't a check id could be a secret. The schema check reports its position.
    checks = [check for check in node.value if re.fullmatch(CHECK_PATTERN, check)]
    return {check: _rule(check, root, source) for check in checks}


def _rule(check: str, root: Node, source: Source) -> Rule:
    route = ("doctor", "ignore", check)
    place = root.place_of(route, key=True)
    reason = root.find(route)
    return Rule(
        check,
        str(reason.value) if reason else "",
        "spec",
        source.shown,
        place,
        masked_line(source, place.line),
    )
