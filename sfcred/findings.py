"""The results of a run: findings, suppressed findings, checks not run. Report formats read them."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from sfcred.errors import Cause
from sfcred.spec.source import Place, Route

if TYPE_CHECKING:
    from sfcred.needs.model import CredentialNeeds
    from sfcred.resolve.credential import Credential
    from sfcred.resolve.decisions import Decision


class Severity(StrEnum):
    """The severity of a finding."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """The severity as a number; larger is worse."""
        return {"error": 3, "warning": 2, "info": 1}[self.value]


class Rule(NamedTuple):
    """A rule that suppresses a check's findings in one place, with the reason.

    Attributes:
        check: The check's id.
        reason: The reason given by whoever wrote the rule.
        origin: Where the rule comes from: a spec, the configuration (for some paths, or its
            `ignore` for all of them), or the baseline.
        file: The file that contains the rule, as messages show it.
        place: The position in that file.
        excerpt: The line at that position, masked; empty outside of specs.
        scope: What the rule applies to, if that isn't the spec that contains it.
    """

    check: str
    reason: str
    origin: Literal["spec", "path", "configuration", "baseline"]
    file: str
    place: Place
    excerpt: str = ""
    scope: str = ""


class Finding(NamedTuple):
    """A problem and its position.

    `line` and `column` start at 1; `excerpt` is the masked line. `fix` is the value that
    `doctor --fix` writes at this position, if the right value is certain. `route` is the field
    that the finding is about; empty for a whole file.
    """

    check: str
    name: str
    severity: Severity
    credential: str | None
    profile: str | None
    file: str
    line: int
    column: int
    message: str
    hint: str
    because_of: str | None
    excerpt: str
    fix: str | None = None
    route: Route = ()

    def is_about(self, credential: "Credential") -> bool:
        """Return whether it is a credential's own, and not another's with the same name."""
        same = (self.credential, self.file) == (credential.name, credential.source.shown)
        return same and self.profile in (None, credential.profile)


class Suppressed(NamedTuple):
    """A finding that isn't reported, and the rule that suppresses it."""

    finding: Finding
    rule: Rule


class NotRun(NamedTuple):
    """Checks that could not be run for a credential: why, and what to do about it, if anything.

    `because_of` names the checks that report the obstacle. Once the report is complete, `cause`
    tells whether one of them did.
    """

    checks: tuple[str, ...]
    credential: str | None
    profile: str | None
    file: str
    reason: str
    hint: str = ""
    cause: Cause = Cause.UNREADABLE
    because_of: tuple[str, ...] = ()


class Crash(NamedTuple):
    """A check that crashed: a bug in sfcred. `what` has the error's type and place, no values."""

    check: str
    credential: str | None
    file: str
    what: str


class Obstacle(NamedTuple):
    """Why something could not be read, and what to do about it."""

    reason: str
    hint: str


class Details(NamedTuple):
    """More about a credential, for reports that show it.

    Attributes:
        decisions: What was decided about the credential, with the reasons.
        secrets: The fields that are references, and descriptions of where their values come from.
        certificate_until: When the certificate expires (timezone-aware); None without one.
        certificate_from: When the certificate becomes valid (timezone-aware); None without one.
        certificate_obstacle: Why the certificate can't be read, whatever is selected or ignored;
            None if it can, or if there is none.
        needs: What workflows need of it; None if none were read, or none uses it.
        key_file: The private key's file. Credentials with the same one change their certificate
            together. None if the key isn't in a file.
    """

    decisions: "tuple[Decision, ...]"
    secrets: tuple[tuple[str, str], ...]
    certificate_until: datetime | None
    certificate_from: datetime | None = None
    certificate_obstacle: Obstacle | None = None
    needs: "CredentialNeeds | None" = None
    key_file: str | None = None


class Result(NamedTuple):
    """A credential that was examined.

    Attributes:
        status: The severity of its worst finding. Without findings: ok, or unknown if something
            could not be read, reached or compared, a login failed, a check crashed, or the
            configuration selects no check that looks at the credential.
        live: With --live, the result of the login: logged_in, refused, consent_needed or
            unreached.
        details: Only if the run was asked for them.
        n8n_type: n8n's type of the credential; None if the flow is not decided.
    """

    name: str
    profile: str | None
    file: str
    flow: str | None
    environment: str | None
    authority: str | None
    status: str
    live: str | None = None
    details: Details | None = None
    n8n_type: str | None = None


class Report(NamedTuple):
    """Everything that a run found. `moment` is when it started (UTC)."""

    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    not_run: tuple[NotRun, ...]
    crashes: tuple[Crash, ...]
    suppressed: tuple[Suppressed, ...]
    files: int
    checks: int
    live: "LiveCount | None" = None
    moment: datetime = datetime.min  # noqa: DTZ901 - every run gives its own

    @property
    def ignored(self) -> int:
        """The number of findings that specs and the configuration ignore."""
        return len(self.suppressed) - self.in_baseline

    @property
    def in_baseline(self) -> int:
        """The number of findings that the baseline suppresses."""
        return sum(one.rule.origin == "baseline" for one in self.suppressed)

    def with_only(self, findings: Iterable[Finding]) -> "Report":
        """Return the report with these findings alone, without results and what was not run."""
        return self._replace(findings=tuple(findings), results=(), not_run=())

    def count(self, severity: Severity) -> int:
        """Return the number of findings of a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def unreadable(self) -> list[NotRun]:
        """The part of not_run that changes the exit status: not read, reached or compared."""
        return [one for one in self.not_run if one.cause is Cause.UNREADABLE]

    @property
    def unselected(self) -> list[NotRun]:
        """What a configuration file's `select` switches off for every credential."""
        return [one for one in self.not_run if one.cause is Cause.IGNORED and not one.credential]

    def exit_status(self, fail_on: Severity) -> int:
        """Return the process's exit status, as the README lists them.

        130 after Ctrl-C, 3 if a check crashed, 1 for findings at or above `fail_on`, 4 if something
        could not be read, reached or compared, or if no file is a spec; otherwise 0.
        """
        if self.crashes:
            return 3
        if self.live is not None and self.live.interrupted:
            return 130
        if any(f.severity.rank >= fail_on.rank for f in self.findings):
            return 1
        return 4 if self.unreadable or (self.files and not self.results) else 0


class LiveCount(NamedTuple):
    """The results of the logins, counted.

    Attributes:
        logged_in: Credentials that got a token.
        unreached: Credentials that could not be judged: the org could not be reached, or a value
            that the login needs can't be read here.
        untried: Those of them whose login could not begin.
        interrupted: Ctrl-C ended the run, so the remaining logins were not tried.
        local_org: The URL of the local org that all of them went to, as a rehearsal; None if they
            went to the orgs of the specs. A rehearsal says nothing about Salesforce.
    """

    logged_in: int = 0
    unreached: int = 0
    untried: int = 0
    interrupted: bool = False
    local_org: str | None = None
