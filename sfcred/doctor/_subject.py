"""What problems are about, and which of them explain which."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sfcred.checks._api import Check, Problem, Rule, Severity
from sfcred.doctor._ignores import NO_RULES, Rules
from sfcred.resolve.credential import Credential
from sfcred.spec.masking import masked_line
from sfcred.spec.model import CHECK_PATTERN
from sfcred.spec.source import Node, Place, Route, Source

_SECRET_ROUTES: frozenset[Route] = frozenset(
    {("oauth2", "client_secret"), ("oauth2", "refresh_token"), ("jwt", "private_key")}
)


class Found(NamedTuple):
    """A check and a problem that it yielded."""

    check: Check
    problem: Problem


class Subject(NamedTuple):
    """What a check's problems are about: names for the report, places, and masked lines."""

    credential: str | None
    profile: str | None
    file: str
    place_of: Callable[[Problem], Place]
    line: Callable[[int], str]
    rules: Rules


class Waiting(NamedTuple):
    """A credential that waits for its login: what the offline checks said of it."""

    number: int
    credential: Credential
    subject: Subject
    found: list[Found]
    unknown: frozenset[str]


def cause_of(item: Found, found: Sequence[Found]) -> str | None:
    """The id of a finding that explains this one."""
    named = item.problem.because_of
    # A mere warning may be wrong about the cause: what Salesforce said then stands for itself.
    if named and any(other.check.id == named and _is_error(other) for other in found):
        return named
    for other in found:
        if other.check.id in item.check.follows and _related(other.problem.at, item.problem.at):
            return other.check.id
    return None


def _is_error(item: Found) -> bool:
    return (item.problem.severity or item.check.severity) is Severity.ERROR


def _related(cause: Route, effect: Route) -> bool:
    # Trouble with one secret says nothing about another.
    return cause == effect or not {cause, effect} <= _SECRET_ROUTES


def rules_of(root: Node, source: Source) -> Rules:
    """What a spec leaves out: from the YAML itself, for specs that can't be understood otherwise.

    Args:
        root: The document, with or without a profile applied.
        source: Its file.
    """
    node = root.find(("doctor", "ignore"))
    if node is None or not isinstance(node.value, dict):
        return NO_RULES
    # Another key is no check's id, but perhaps a secret: SFC002 says where it is.
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
