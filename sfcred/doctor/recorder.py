"""Runs checks, each in its own boundary, and writes down what they say."""

from collections.abc import Sequence

from sfcred.checks.api import Check, Rule, Severity
from sfcred.doctor.model import ALWAYS, Crash, Finding, NotRun, Report, Suppressed
from sfcred.doctor.subject import Causes, Found, Subject
from sfcred.doctor.suppress import Ledger
from sfcred.errors import NotKnown, bug_place
from sfcred.redact import redact
from sfcred.resolve.credential import Credential


class Recorder:
    """The report of a run as it grows.

    Args:
        checks: The checks of the run.
        out: The report so far.
        require_secrets: A reference that can't be read is an error.

    Attributes:
        out: The report.
        ledger: What is left out.
    """

    def __init__(self, checks: Sequence[Check], out: Report, *, require_secrets: bool) -> None:
        self._checks = checks
        self._require_secrets = require_secrets
        self.out = out
        self.ledger = Ledger()

    def ids(self, group: str) -> list[str]:
        """The checks of a group."""
        return [check.id for check in self._checks if check.group == group]

    def groups(self) -> dict[str, str]:
        """The checks of the run, by id, with their groups."""
        return {check.id: check.group for check in self._checks}

    def crash(self, check: str, error: Exception, credential: str | None, file: str) -> None:
        """Notes that a check failed itself."""
        self.out.crashes.append(Crash(check, credential, file, bug_place(error)))

    def run(
        self, group: str, handed: object, credential: Credential | None, file: str
    ) -> tuple[list[Found], frozenset[str]]:
        """What the checks of a group found, and the ids of those that could not be run."""
        found: list[Found] = []
        skipped: dict[tuple[str, str], list[str]] = {}
        for check in self._checks:
            if check.group != group:
                continue
            try:
                found += [Found(check, problem) for problem in check.function(handed)]
            except NotKnown as reason:
                skipped.setdefault((reason.message, reason.hint), []).append(check.id)
            except Exception as error:  # noqa: BLE001 - a crash must not hide other findings
                name = credential.name if credential else None
                self.crash(check.id, error, name, file)
        if credential is not None:
            for (message, hint), checks in skipped.items():
                self.not_run(checks, credential, message, hint)
        return found, frozenset(check for checks in skipped.values() for check in checks)

    def not_run(
        self, checks: Sequence[str], credential: Credential, reason: str, hint: str
    ) -> None:
        """Notes checks that could not be run for a credential, why, and what to do."""
        if checks:
            self.out.not_run.append(
                NotRun(
                    tuple(checks),
                    credential.name,
                    credential.profile,
                    credential.source.shown,
                    redact(reason),
                    redact(hint),
                )
            )

    def record(
        self, found: Sequence[Found], subject: Subject, before: Sequence[Found] = ()
    ) -> None:
        """Makes findings of what was found, or leaves it out.

        Args:
            found: Problems.
            subject: What they are about.
            before: What was found earlier, and may explain them.
        """

        def rule_for(item: Found) -> Rule | None:
            return None if item.check.id in ALWAYS else subject.rules.get(item.check.id)

        # What is ignored explains nothing either: its consequences stand for themselves.
        causes = Causes(item for item in (*before, *found) if rule_for(item) is None)
        for item in found:
            finding = self._finding(item, causes, subject)
            rule = rule_for(item)
            if rule is None:
                self.out.findings.append(finding)
            else:
                self.ledger.use(rule)
                self.out.suppressed.append(Suppressed(finding, rule))

    def _finding(self, item: Found, causes: Causes, subject: Subject) -> Finding:
        check, problem = item
        place = subject.place_of(problem)
        severity = problem.severity or check.severity
        if check.id == "SFC005" and self._require_secrets:
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
            redact(problem.message),
            redact(problem.hint),
            causes.of(item),
            subject.line(place.line),
            problem.fix,
            problem.at,
        )
