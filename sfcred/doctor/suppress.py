"""What is left out: by a spec, by the configuration, by the baseline."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from sfcred.checks import find_check
from sfcred.checks.api import AnyCheck, Trait, Unmatched
from sfcred.doctor.rules import NO_RULES, Rules
from sfcred.findings import NotRun, Rule

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
        self, ran: Mapping[str, AnyCheck], not_run: Iterable[NotRun], *, whole: bool
    ) -> Iterator[Unmatched]:
        """Yield the rules that took nothing out, as far as this run can judge it.

        Args:
            ran: The checks that ran, by id.
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
            if not can_be_ignored(rule.check):
                yield Unmatched(rule, ineffective=True)
            elif is_settled(rule.check, ran, whole=whole) and not any(
                (rule.check, *scope) in unknown for scope in scopes
            ):
                yield Unmatched(rule)


def can_be_ignored(check_id: str) -> bool:
    """Tell whether there is such a check, and whether a rule can leave out what it finds."""
    check = find_check(check_id)
    return check is not None and Trait.ALWAYS not in check.traits


def is_settled(check_id: str, ran: Mapping[str, AnyCheck], *, whole: bool) -> bool:
    """Tell whether what a check didn't find in this run isn't there.

    Args:
        check_id: The check.
        ran: The checks that ran, by id.
        whole: All of the project's specs were looked at.
    """
    check = ran.get(check_id)
    if check is None or Trait.TRANSIENT in check.traits:
        return False
    return whole or check.group != "project"
