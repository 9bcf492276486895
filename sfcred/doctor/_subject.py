"""What problems are about, and which of them explain which."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from sfcred.checks._api import Check, Problem, Severity
from sfcred.resolve.credential import Credential
from sfcred.spec.load import Declaration
from sfcred.spec.source import Place, Route

_SECRET_ROUTES: frozenset[Route] = frozenset(
    {("oauth2", "client_secret"), ("oauth2", "refresh_token"), ("jwt", "private_key")}
)


class Found(NamedTuple):
    """A check and a problem that it yielded."""

    check: Check
    problem: Problem


class Subject(NamedTuple):
    """What a check's problems are about: names for the report, and places."""

    credential: str | None
    profile: str | None
    file: str
    place_of: Callable[[Problem], Place]
    line: Callable[[int], str]
    ignored: Mapping[str, str]


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


def ignores_of(declaration: Declaration | None) -> Mapping[str, str]:
    """From the YAML itself, for specs that can't be understood otherwise."""
    node = declaration.node.find(("doctor", "ignore")) if declaration else None
    if node is None or not isinstance(node.value, dict):
        return NOTHING
    return {check: str(reason.value) for check, reason in node.value.items()}


NOTHING: Mapping[str, str] = MappingProxyType({})
