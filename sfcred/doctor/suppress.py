"""Track the rules that suppress findings, to find those that are unused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from sfcred.checks import find_check
from sfcred.checks.api import AnyCheck, Trait, Unmatched
from sfcred.doctor.rules import NO_RULES, Rules
from sfcred.findings import NotRun, Rule

_Scope = tuple[str | None, str | None, str]


class Ledger:
    """The rules of a run, the credentials that they apply to, and which of them were used."""

    def __init__(self) -> None:
        self._rules: dict[Rule, set[_Scope]] = {}
        self._used: set[Rule] = set()
        self._same_scope: dict[frozenset[_Scope], Rules] = {}

    def enter(
        self, rules: Iterable[Rule], credential: str | None, profile: str | None, file: str
    ) -> None:
        """Note that these rules apply to a credential."""
        for rule in rules:
            self._rules.setdefault(rule, set()).add((credential, profile, file))

    def announce(self, rules: Iterable[Rule]) -> None:
        """Note that these rules exist, even if they apply to nothing."""
        for rule in rules:
            self._rules.setdefault(rule, set())

    def use(self, rule: Rule) -> None:
        """Note that a rule suppressed a finding."""
        self._used.add(rule)

    def names(self, rule: Rule) -> list[str]:
        """Return the credentials that a spec's rule applies to; empty for other rules."""
        if rule.origin != "spec":
            return []
        return sorted({name for name, _, _ in self._rules[rule] if name})

    def rules_of_same_scope(self, rule: Rule) -> Rules:
        """Return the rules that apply wherever this one does: an unused ignore can be ignored."""
        scopes = frozenset(self._rules.get(rule, ()))
        if not scopes:
            return NO_RULES
        if scopes not in self._same_scope:
            # Rules that apply to all of the scopes apply to any one of them, so look only there.
            candidates = self._by_scope[next(iter(scopes))]
            self._same_scope[scopes] = {r.check: r for r in candidates if scopes <= self._rules[r]}
        return self._same_scope[scopes]

    @cached_property
    def _by_scope(self) -> Mapping[_Scope, Sequence[Rule]]:
        """The rules by what they apply to. Don't use it before all of them are entered."""
        found: dict[_Scope, list[Rule]] = {}
        for rule, scopes in self._rules.items():
            for scope in scopes:
                found.setdefault(scope, []).append(rule)
        return found

    def unmatched(
        self, ran: Mapping[str, AnyCheck], not_run: Iterable[NotRun], *, whole: bool
    ) -> Iterator[Unmatched]:
        """Yield the rules that suppressed nothing, as far as this run can tell.

        Args:
            ran: The checks that ran, by id.
            not_run: What could not be checked.
            whole: Whether all of the project's specs were examined.
        """
        unknown = {
            (check, entry.credential, entry.profile, entry.file)
            for entry in not_run
            for check in entry.checks
        }
        # Of several rules for a check, one takes its findings; the others aren't unused for that.
        shadowing: dict[str, set[_Scope]] = {}
        for rule in self._used:
            shadowing.setdefault(rule.check, set()).update(self._rules.get(rule, ()))
        for rule, scopes in self._rules.items():
            if rule in self._used or scopes & shadowing.get(rule.check, set()):
                continue
            if not can_be_ignored(rule.check):
                yield Unmatched(rule, ineffective=True)
            elif is_settled(rule.check, ran, whole=whole) and not any(
                (rule.check, *scope) in unknown for scope in scopes
            ):
                yield Unmatched(rule)


def can_be_ignored(check_id: str) -> bool:
    """Return whether the check exists and its findings can be ignored."""
    check = find_check(check_id)
    return check is not None and Trait.ALWAYS not in check.traits


def is_settled(check_id: str, ran: Mapping[str, AnyCheck], *, whole: bool) -> bool:
    """Return whether a finding that this run doesn't have is really gone.

    Args:
        check_id: The id of the finding's check.
        ran: The checks that ran, by id.
        whole: Whether all of the project's specs were examined.
    """
    check = ran.get(check_id)
    if check is None or Trait.TRANSIENT in check.traits:
        return False
    return whole or check.group != "project"
