"""What is left out: by a spec, by the configuration for some paths, by the baseline."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from sfcred.checks import find_check
from sfcred.checks.api import Rule, Unmatched
from sfcred.doctor.model import ALWAYS, NotRun

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

#: What is left out for a credential, by the check's id.
Rules = Mapping[str, Rule]
NO_RULES: Rules = MappingProxyType({})

# What these find depends on the machine or the day: tomorrow, or in CI, an ignore that is of no
# use here may be needed. The same goes for all that an org says.
_PASSING = frozenset({"SFC005", "SFC008", "SFC009", "SFC012", "SFC409", "SFC410"})
_PASSING_GROUPS = frozenset({"live", "app"})

_Scope = tuple[str | None, str | None, str]


class Ledger:
    """Which rules there were in a run, for which credentials, and which of them were of use."""

    def __init__(self) -> None:
        self._rules: dict[Rule, set[_Scope]] = {}
        self._used: set[Rule] = set()
        self._beside: dict[frozenset[_Scope], Rules] = {}

    def enter(
        self, rules: Iterable[Rule], credential: str | None, profile: str | None, file: str
    ) -> None:
        """Notes that these rules hold for a credential."""
        for rule in rules:
            self._rules.setdefault(rule, set()).add((credential, profile, file))

    def announce(self, rules: Iterable[Rule]) -> None:
        """Notes that there are these rules, whatever they hold for."""
        for rule in rules:
            self._rules.setdefault(rule, set())

    def use(self, rule: Rule) -> None:
        """Notes that a rule took a finding out."""
        self._used.add(rule)

    def names(self, rule: Rule) -> list[str]:
        """The credentials that a rule of a spec holds for; empty for other rules."""
        if rule.origin != "spec":
            return []
        return sorted({name for name, _, _ in self._rules[rule] if name})

    def rules_beside(self, rule: Rule) -> Rules:
        """What is left out where a rule holds: an ignore of no use may be ignored, too."""
        scopes = frozenset(self._rules.get(rule, ()))
        if not scopes:
            return NO_RULES
        if scopes not in self._beside:
            # All that hold there hold for any one of the scopes: the others needn't be looked at.
            candidates = self._by_scope[next(iter(scopes))]
            self._beside[scopes] = {r.check: r for r in candidates if scopes <= self._rules[r]}
        return self._beside[scopes]

    @cached_property
    def _by_scope(self) -> Mapping[_Scope, Sequence[Rule]]:
        """The rules by what they hold for; asked for when all of them are entered."""
        found: dict[_Scope, list[Rule]] = {}
        for rule, scopes in self._rules.items():
            for scope in scopes:
                found.setdefault(scope, []).append(rule)
        return found

    def unmatched(
        self, ran: Mapping[str, str], not_run: Iterable[NotRun], *, whole: bool
    ) -> Iterator[Unmatched]:
        """The rules that took nothing out, as far as this run can judge it.

        Args:
            ran: The checks that ran, by id, with their groups.
            not_run: What could not be checked.
            whole: All of the project's specs were looked at.
        """
        unknown = {
            (check, entry.credential, entry.profile, entry.file)
            for entry in not_run
            for check in entry.checks
        }
        for rule, scopes in self._rules.items():
            if rule in self._used:
                continue
            if rule.check in ALWAYS or find_check(rule.check) is None:
                yield Unmatched(rule, ineffective=True)
            elif is_settled(rule.check, ran, whole=whole) and not any(
                (rule.check, *scope) in unknown for scope in scopes
            ):
                yield Unmatched(rule)


def is_settled(check: str, ran: Mapping[str, str], *, whole: bool) -> bool:
    """Whether what a check didn't find in this run isn't there."""
    group = ran.get(check)
    if group is None or group in _PASSING_GROUPS or check in _PASSING:
        return False
    return whole or group != "project"


class PathRules:
    """The configuration's rules for files, by patterns of .gitignore's kind."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]]) -> None:
        self._rules = rules

    def all(self) -> Iterator[Rule]:
        """The rules, whether they fit a file or not."""
        for rules in self._rules.values():
            yield from rules

    def of(self, path: str) -> Rules:
        """The rules for a file, given relative to the project's root, with slashes."""
        if not self._rules:
            return NO_RULES
        fitting = [rules for matches, rules in self._compiled if matches.match_file(path)]
        return {rule.check: rule for rules in fitting for rule in rules}

    @cached_property
    def _compiled(self) -> "list[tuple[GitIgnoreSpec, Sequence[Rule]]]":
        from pathspec import GitIgnoreSpec

        return [(GitIgnoreSpec.from_lines([p]), rules) for p, rules in self._rules.items()]
