"""The rules that suppress findings, and those of the configuration for some paths."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from sfcred.findings import Rule

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

#: The rules that apply to a credential, by the check's id.
Rules = Mapping[str, Rule]
NO_RULES: Rules = MappingProxyType({})


class PathRules:
    """The configuration's rules for files, by patterns in .gitignore's syntax."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]]) -> None:
        self._rules = rules

    def all(self) -> Iterator[Rule]:
        """Yield all rules, whether or not they match a file."""
        for rules in self._rules.values():
            yield from rules

    def of(self, path: str) -> Rules:
        """Return the rules for a file, given by its path from the project's root, with slashes."""
        if not self._rules:
            return NO_RULES
        fitting = [rules for matches, rules in self._compiled if matches.match_file(path)]
        return {rule.check: rule for rules in fitting for rule in rules}

    @cached_property
    def _compiled(self) -> "list[tuple[GitIgnoreSpec, Sequence[Rule]]]":
        from pathspec import GitIgnoreSpec

        return [(GitIgnoreSpec.from_lines([p]), rules) for p, rules in self._rules.items()]
