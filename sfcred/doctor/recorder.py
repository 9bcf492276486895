"""Run checks, each one isolated from the others, and record what they find."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sfcred.checks import about_the_visit, explaining, has_trait
from sfcred.checks.api import AnyCheck, CheckKind, Group, Handed, Trait
from sfcred.doctor.rules import NO_RULES, Rules
from sfcred.doctor.subject import Causes, Found, Subject
from sfcred.doctor.suppress import Ledger
from sfcred.errors import Cause, NotKnown, SecretNotHere, bug_place
from sfcred.findings import (
    Crash,
    Finding,
    LiveCount,
    NotRun,
    Report,
    Result,
    Rule,
    Severity,
    Suppressed,
)
from sfcred.resolve.credential import Credential
from sfcred.text.printable import counted
from sfcred.text.redact import masker


@dataclass
class Draft:
    """What a run has found so far. The report, which no longer changes, is made from it."""

    moment: datetime
    checks: int
    files: int = 0
    results: list[Result] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    not_run: list[NotRun] = field(default_factory=list)
    crashes: list[Crash] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    live: LiveCount | None = None

    def report(self) -> Report:
        """Return the report."""
        return Report(
            tuple(self.results),
            tuple(self.findings),
            tuple(self.not_run),
            tuple(self.crashes),
            tuple(self.suppressed),
            self.files,
            self.checks,
            self.live,
            self.moment,
        )


class Recorder:
    """Builds up the report of a run.

    Args:
        checks: The checks of the run.
        moment: When the run started (UTC).
        require_secrets: Report a reference that can't be read as an error.

    Attributes:
        draft: What was found so far.
        ledger: The rules that suppress findings.
    """

    def __init__(
        self, checks: Sequence[AnyCheck], moment: datetime, *, require_secrets: bool
    ) -> None:
        self._checks = checks
        self._require_secrets = require_secrets
        self._masked = masker()  # many credentials get the same messages
        self.draft = Draft(moment, len(checks))
        self.ledger = Ledger()

    def ids(self, group: Group) -> list[str]:
        """Return the ids of a group's checks."""
        return [check.id for check in self._checks if check.group == group]

    def ran(self) -> Mapping[str, AnyCheck]:
        """Return the run's checks by id, except those that crashed for any credential."""
        crashed = {crash.check for crash in self.draft.crashes}
        return {check.id: check for check in self._checks if check.id not in crashed}

    def crash(self, check: str, error: Exception, credential: str | None, file: str) -> None:
        """Record that a check crashed, which is a bug in sfcred."""
        self.draft.crashes.append(Crash(check, credential, file, bug_place(error)))

    def crash_of_visit(self, error: Exception, credential: Credential) -> None:
        """Record that a visit to an org crashed, under the check that is about the visit."""
        # The visit took place even if that check isn't selected.
        self.crash(about_the_visit(), error, credential.name, credential.source.shown)

    def run(
        self,
        kind: CheckKind[Handed],
        handed: Handed,
        credential: Credential | None,
        file: str,
        rules: Rules = NO_RULES,
    ) -> tuple[list[Found], frozenset[str]]:
        """Run the checks of a kind.

        Args:
            kind: The kind of checks.
            handed: The object that they examine.
            credential: The credential that it belongs to, if any.
            file: The file that it belongs to, as messages show it.
            rules: The rules that apply there.

        Returns:
            What the checks found, and the ids of those that crashed or could not be run.
        """
        found: list[Found] = []
        skipped: dict[tuple[object, ...], tuple[NotKnown, list[str]]] = {}
        without_answer: set[str] = set()
        for check in kind.among(self._checks):
            try:
                if credential is not None and not _applies(check, credential):
                    continue
                # One by one: if a check stops halfway, what it found until then counts.
                for problem in check.function(handed):
                    found.append(Found(check, problem))  # noqa: PERF401 - see above
            except NotKnown as reason:
                key = (reason.message, reason.hint, reason.cause, reason.because_of, reason.topic)
                skipped.setdefault(key, (reason, []))[1].append(check.id)
                without_answer.add(check.id)
            except Exception as error:  # noqa: BLE001 - a crash must not hide other findings
                name = credential.name if credential else None
                self.crash(check.id, error, name, file)
                without_answer.add(check.id)
        for why, checks in skipped.values():
            self.not_run(checks, credential, why, file, rules)
        unrun = sum(len(ids) for why, ids in skipped.values() if isinstance(why, SecretNotHere))
        return list(self._reported(found, unrun)), frozenset(without_answer)

    def _reported(self, found: Sequence[Found], unrun: int) -> Iterator[Found]:
        """Yield what this run reports, with the number of checks that a missing secret prevents."""
        for item in found:
            check, problem = item
            if problem.when_required not in (None, self._require_secrets):
                continue
            if problem.counts_unrun and unrun:
                were = "was" if unrun == 1 else "were"
                text = f"{problem.message}, so {counted(unrun, 'check')} {were} not run"
                item = Found(check, problem._replace(message=text))  # noqa: PLW2901 - the same item
            yield item

    def not_run(
        self,
        checks: Sequence[str],
        credential: Credential | None,
        reason: NotKnown,
        file: str,
        rules: Rules = NO_RULES,
    ) -> None:
        """Record checks that could not be run: why, and what to do."""
        entry = NotRun(
            (),
            credential.name if credential else None,
            credential.profile if credential else None,
            file,
            self._masked(reason.message),
            self._masked(reason.hint),
            reason.cause,
            (*reason.because_of, *explaining(reason.topic)),
        )
        ignored = [
            check for check in checks if check in rules and not has_trait(check, Trait.ALWAYS)
        ]
        asked = [check for check in checks if check not in ignored]
        if asked:
            self.draft.not_run.append(entry._replace(checks=tuple(asked)))
        if ignored:
            self.draft.not_run.append(
                entry._replace(checks=tuple(ignored), cause=Cause.IGNORED, because_of=())
            )

    def record(
        self, found: Sequence[Found], subject: Subject, before: Sequence[Found] = ()
    ) -> None:
        """Record problems as findings, or as suppressed findings.

        Args:
            found: The problems.
            subject: What the problems are about.
            before: Earlier problems, which can explain these.
        """

        def rule_for(item: Found) -> Rule | None:
            always = Trait.ALWAYS in item.check.traits
            return None if always else subject.rules.get(item.check.id)

        # An ignored finding explains nothing: what follows from it is reported on its own.
        causes = Causes(item for item in (*before, *found) if rule_for(item) is None)
        for item in found:
            finding = self._finding(item, causes, subject)
            rule = rule_for(item)
            if rule is None:
                self.draft.findings.append(finding)
            else:
                self.ledger.use(rule)
                self.draft.suppressed.append(Suppressed(finding, rule))

    def _finding(self, item: Found, causes: Causes, subject: Subject) -> Finding:
        check, problem = item
        place = subject.place_of(problem)
        severity = problem.severity or check.severity
        if self._require_secrets and Trait.ABOUT_SECRETS in check.traits:
            severity = Severity.ERROR
        return Finding(
            check.id,
            check.name,
            severity,
            subject.credential,
            subject.profile,
            subject.file,
            place.line,
            place.column,
            self._masked(problem.message),
            self._masked(problem.hint),
            causes.of(item),
            subject.line(place.line),
            problem.fix,
            problem.at,
        )


def _applies(check: AnyCheck, credential: Credential) -> bool:
    """Return whether a check covers a credential's flow.

    Raises:
        NotKnown: The check is for one flow only, and the credential's flow isn't decided. A check
            for several flows is called even then, because it can look at the fields of each.
    """
    return check.covers(
        credential.flow if isinstance(check.flow, str) else credential.decision.flow
    )
