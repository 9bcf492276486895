"""What a run is asked for, and what comes of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sfcred.checks.api import Rule, Severity
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.doctor.baseline import Baseline
    from sfcred.doctor.suppress import PathRules
    from sfcred.resolve.decisions import Decision
    from sfcred.salesforce.metadata.xml import Texts

#: Without these nothing else can be trusted, so no selection leaves them out.
ALWAYS = ("SFC001", "SFC002", "SFC003")


class Options(NamedTuple):
    """What a run is asked for.

    Attributes:
        select: Ids, names or the beginnings of ids; empty: every check.
        ignore: The same, to leave out.
        profile: Only credentials of this profile, and those without profiles.
        require_secrets: A reference that can't be read is an error.
        live: Log in with each credential; None: stay offline.
        app: An org's metadata files, to compare each credential's app with.
        path_rules: What the configuration leaves out for some files.
        baseline: Findings to leave out.
        heeds_ignores: What specs, configuration and baseline leave out is left out.
        whole: The files are all of the project's: what isn't found isn't there.
        given: The content of files that isn't read from the disk, such as standard input's.
        details: Results carry what was decided about each credential.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    require_secrets: bool = False
    live: "LiveOptions | None" = None
    app: "AppFiles | None" = None
    path_rules: "PathRules | None" = None
    baseline: "Baseline | None" = None
    heeds_ignores: bool = True
    whole: bool = False
    given: Mapping[Path, bytes] = MappingProxyType({})
    details: bool = False


class AppFiles(NamedTuple):
    """Metadata files: type, member name and texts of each; and where they are, in words."""

    files: list[tuple[str, str, "Texts"]]
    where: str


class LiveOptions(NamedTuple):
    """How to log in.

    Attributes:
        jobs: How many orgs at the same time.
        begin: Is called once with the number of logins, before the first one.
        tick: Is called after each.
    """

    jobs: int = 8
    begin: Callable[[int], object] = lambda _number: None
    tick: Callable[[], object] = lambda: None


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
    """Checks that could not be run for a credential, why, and what to do about it, if anything."""

    checks: tuple[str, ...]
    credential: str | None
    profile: str | None
    file: str
    reason: str
    hint: str = ""


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
        status: Its worst finding's severity, or ok.
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

    def exit_status(self, fail_on: Severity) -> int:
        """0, 1 for findings at or above `fail_on`, 3 if a check crashed, 4, 130: see the README."""
        if self.crashes:
            return 3
        if self.live is not None and self.live.interrupted:
            return 130
        if any(f.severity.rank >= fail_on.rank for f in self.findings):
            return 1
        return 4 if self.live is not None and self.live.unreached else 0


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
