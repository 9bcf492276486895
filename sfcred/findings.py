"""What a run found: what report formats read."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from sfcred.errors import Cause
from sfcred.spec.source import Place, Route

if TYPE_CHECKING:
    from sfcred.resolve.decisions import Decision


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Larger is worse."""
        return {"error": 3, "warning": 2, "info": 1}[self.value]


class Rule(NamedTuple):
    """That findings of a check are left out somewhere, and why.

    Attributes:
        check: The check's id.
        reason: What the person who wrote it gave as the reason.
        origin: Who says so: a spec, the configuration (for some paths, or its `ignore` for all of
            them), or the baseline.
        file: Where it is written, as messages show it.
        place: Where in the file.
        excerpt: The line there, masked; empty outside of specs.
        scope: What it holds for, where that isn't the spec that it stands in.
    """

    check: str
    reason: str
    origin: Literal["spec", "path", "configuration", "baseline"]
    file: str
    place: Place
    excerpt: str = ""
    scope: str = ""


class Finding(NamedTuple):
    """A problem at its place.

    `line` and `column` begin at 1; `excerpt` is the masked line. `fix` is the value that
    certainly belongs at this place, for doctor --fix. `route` is the field that the finding is
    about; empty for a whole file.
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


class Suppressed(NamedTuple):
    """A finding that is left out, and the rule that says so."""

    finding: Finding
    rule: Rule


class NotRun(NamedTuple):
    """Checks that could not be run for a credential, why, and what to do about it, if anything.

    `because_of` names the checks that report what stands in the way; once the report is closed,
    `cause` says whether one of them did.
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
    """A check that failed itself: a bug of sfcred. No values, only where."""

    check: str
    credential: str | None
    file: str
    what: str


class Details(NamedTuple):
    """More about a credential, for reports that show it.

    Attributes:
        decisions: What was decided, each with its reason.
        secrets: The fields that are references, and where their values come from, in words.
        certificate_until: When the certificate ends, aware; None without one.
    """

    decisions: "tuple[Decision, ...]"
    secrets: tuple[tuple[str, str], ...]
    certificate_until: datetime | None


class Result(NamedTuple):
    """A credential that was examined.

    Attributes:
        status: Its worst finding's severity; without a finding ok, or unknown where something
            could not be read, reached or compared, a login came to nothing, or the configuration
            leaves no check but those of the form.
        live: With --live, what came of the login: logged_in, refused, consent_needed or
            unreached.
        details: If the run was asked for them.
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


class Report(NamedTuple):
    """All that a run found; `moment` is when."""

    results: list[Result]
    findings: list[Finding]
    not_run: list[NotRun]
    crashes: list[Crash]
    suppressed: list[Suppressed]
    files: int
    checks: int
    live: "LiveCount | None" = None
    moment: datetime = datetime.min  # noqa: DTZ901 - every run gives its own

    @property
    def ignored(self) -> int:
        """How many findings specs and the configuration leave out."""
        return len(self.suppressed) - self.in_baseline

    @property
    def in_baseline(self) -> int:
        """How many findings the baseline leaves out."""
        return sum(one.rule.origin == "baseline" for one in self.suppressed)

    def count(self, severity: Severity) -> int:
        """How many findings have that severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def unreadable(self) -> list[NotRun]:
        """What could not be read, reached or compared: the rest of not_run is no surprise."""
        return [one for one in self.not_run if one.cause is Cause.UNREADABLE]

    @property
    def unselected(self) -> list[NotRun]:
        """What a configuration file's `select` switches off for every credential."""
        return [one for one in self.not_run if one.cause is Cause.IGNORED and not one.credential]

    def exit_status(self, fail_on: Severity) -> int:
        """0, 1 for findings at or above `fail_on`, 3 if a check crashed, 4, 130: see the README."""
        if self.crashes:
            return 3
        if self.live is not None and self.live.interrupted:
            return 130
        if any(f.severity.rank >= fail_on.rank for f in self.findings):
            return 1
        return 4 if self.unreadable else 0


class LiveCount(NamedTuple):
    """What came of the logins.

    Attributes:
        logged_in: Credentials that got a token.
        unreached: Those of which nothing could be said: the org was out of reach, or a value
            that the login needs can't be read here.
        interrupted: Ctrl-C ended the run; the rest was not tried.
    """

    logged_in: int = 0
    unreached: int = 0
    interrupted: bool = False
