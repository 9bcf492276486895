"""Notice credentials for which files' `select` and ignores leave no check that applies."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sfcred.checks.api import AnyCheck, Group, Trait
from sfcred.doctor.options import Options
from sfcred.doctor.rules import Rules
from sfcred.doctor.select import selected
from sfcred.doctor.statuses import Key
from sfcred.errors import Cause
from sfcred.findings import NotRun
from sfcred.text.printable import counted, one_line
from sfcred.text.redact import redact

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential

#: The groups of the checks that look at credentials. Those of workflows look at nodes: what they
#: find, or don't, says nothing about whether a credential works.
CREDENTIAL_GROUPS: tuple[Group, ...] = ("offline", "project", "live", "app")


class Unchecked:
    """What a run leaves out because of files, which a pull request can change.

    What the person leaves out is their choice, and not noted here.

    Args:
        known: The checks that a run of this kind can have.
        options: The options of the run.

    Attributes:
        unselected: The ids of the checks that aren't selected.
        keys: The credentials that no check was left for.
    """

    def __init__(self, known: Sequence[AnyCheck], options: Options) -> None:
        self._options = options
        by_person = options._replace(select=()) if options.select_source else options
        about = [check for check in known if check.group in CREDENTIAL_GROUPS]
        self._wanted = [check for check in about if selected(check, by_person)]
        self._left = [check for check in about if selected(check, options)]
        self.unselected = tuple(check.id for check in known if not selected(check, options))
        self.keys: list[Key] = []
        self._ignored: tuple[str, ...] = ()  # for the first of them

    def note(self, credential: "Credential", rules: Rules, unknown: frozenset[str]) -> None:
        """Note a credential, if no check that applies to it is left.

        Args:
            credential: The credential.
            rules: The ignores that apply to it.
            unknown: The ids of checks that could not be run.
        """
        if not rules and not self._options.select_source:
            return
        flow = credential.decision.flow
        left = [one for one in self._left if one.covers(flow) and one.id not in unknown]
        if not any(check.covers(flow) for check in self._wanted) or any(
            check.id not in rules or Trait.ALWAYS in check.traits for check in left
        ):
            return
        if not self.keys:
            self._ignored = tuple(check.id for check in left)
        self.keys.append((credential.source.shown, credential.profile, credential.name))

    def entries(self) -> Iterator[NotRun]:
        """Yield what to tell about the checks that weren't run. It is bounded."""
        source = self._options.select_source
        if source and self.unselected:
            yield self._of_select(source)
        if self._ignored:
            file, profile, name = self.keys[0]
            reason = f"every check that applies{self._and_others()} is ignored: nothing was checked"
            hint = "sfcred doctor --no-ignores runs them."
            yield NotRun(self._ignored, name, profile, file, reason, hint, Cause.UNREADABLE)

    def _of_select(self, source: str) -> NotRun:
        listed = ", ".join(map(one_line, self._options.select))
        reason = f"`select` in {source} runs only {listed}"
        if self.keys and not self._ignored:
            reason += f", and none of these could be run for {self.keys[0][2]}{self._and_others()}"
        hint = "sfcred doctor --no-ignores runs the others, too."
        # With the form alone, nothing is said about any credential.
        is_nothing = bool(self.keys) or not self._left
        cause = Cause.UNREADABLE if is_nothing else Cause.IGNORED
        return NotRun(self.unselected, None, None, source, redact(reason), hint, cause)

    def _and_others(self) -> str:
        others = len(self.keys) - 1
        return f" (and to {counted(others, 'other credential')})" if others else ""
