"""Selects checks, runs each in its own boundary, and collects what they say."""

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sfcred.checks import GROUPS, OFFLINE, all_checks
from sfcred.checks._api import Check, Entry, Problem, Severity
from sfcred.errors import NotKnown
from sfcred.redact import mask_line, redact
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential, resolve
from sfcred.resolve.values import Values
from sfcred.spec.discover import shown
from sfcred.spec.load import Declaration, SpecFile
from sfcred.spec.refs import Reference
from sfcred.spec.source import START, Place, Route, read

if TYPE_CHECKING:
    from sfcred.flows.visit import Visit
    from sfcred.salesforce.metadata.xml import Texts

#: Without these nothing else can be trusted, so no selection leaves them out.
ALWAYS = ("SFC001", "SFC002", "SFC003")

_SECRET_ROUTES: frozenset[Route] = frozenset(
    {("oauth2", "client_secret"), ("oauth2", "refresh_token"), ("jwt", "private_key")}
)


class Options(NamedTuple):
    """What a run is asked for.

    Attributes:
        select: Ids, names or the beginnings of ids; empty: every check.
        ignore: The same, to leave out.
        profile: Only credentials of this profile, and those without profiles.
        require_secrets: A reference that can't be read is an error.
        live: Log in with each credential; None: stay offline.
        app: An org's metadata files, to compare each credential's app with.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    require_secrets: bool = False
    live: "LiveOptions | None" = None
    app: "AppFiles | None" = None


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
    """A problem at its place. `line` and `column` begin at 1; `excerpt` is the masked line."""

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


class Suppressed(NamedTuple):
    """A finding that the spec's doctor.ignore takes out, and the reason that stands there."""

    finding: Finding
    reason: str


class NotRun(NamedTuple):
    """Checks that could not be run for a credential, and why."""

    checks: tuple[str, ...]
    credential: str | None
    profile: str | None
    file: str
    reason: str


class Crash(NamedTuple):
    """A check that failed itself: a bug of sfcred. No values, only where."""

    check: str
    credential: str | None
    file: str
    what: str


class Result(NamedTuple):
    """A credential that was examined.

    Attributes:
        status: Its worst finding's severity, or ok.
        live: With --live, what came of the login: logged_in, refused, consent_needed or
            unreached.
    """

    name: str
    profile: str | None
    file: str
    flow: str | None
    environment: str | None
    authority: str | None
    status: str
    live: str | None = None


class Report(NamedTuple):
    """All that a run found."""

    results: list[Result]
    findings: list[Finding]
    not_run: list[NotRun]
    crashes: list[Crash]
    suppressed: list[Suppressed]
    files: int
    checks: int
    live: "LiveCount | None" = None

    @property
    def ignored(self) -> int:
        """How many findings specs take out."""
        return len(self.suppressed)

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


def examine(
    files: Iterable[Path],
    context: Context,
    options: Options,
    keep: Callable[[Credential], object] | None = None,
) -> Report:
    """Runs the checks over spec files, one file after the other.

    Args:
        files: The spec files.
        context: The surroundings.
        options: What is asked for.
        keep: Is handed every credential, for those who go on with them.

    Returns:
        The report. Findings are ordered by file, line, column and id.
    """
    run = _Run(context, options, keep)
    for file in files:
        run.file(file)
    return run.report()


class _Found(NamedTuple):
    check: Check
    problem: Problem


class _Subject(NamedTuple):
    """What a check's problems are about: names for the report, and places."""

    credential: str | None
    profile: str | None
    file: str
    place_of: Callable[[Problem], Place]
    line: Callable[[int], str]
    ignored: Mapping[str, str]


class _Waiting(NamedTuple):
    """A credential that waits for its login: what the offline checks said of it."""

    number: int
    credential: Credential
    subject: _Subject
    found: list[_Found]
    unknown: frozenset[str]


class _Run:
    """One run's state: little a credential, because there may be ten thousand."""

    def __init__(
        self, context: Context, options: Options, keep: Callable[[Credential], object] | None
    ) -> None:
        self.context = context
        self.options = options
        self.keep = keep
        self.values = Values(context)
        wanted = {"live": options.live, "app": options.app}
        groups = tuple(g for g in GROUPS if g in OFFLINE or wanted[g] is not None)
        self.checks = [check for check in all_checks(groups) if _selected(check, options)]
        self.waiting: list[_Waiting] = []
        self.entries: list[Entry] = []
        self.lines: dict[int, dict[int, str]] = {}
        self.ignores: list[Mapping[str, str]] = []
        self.out = Report([], [], [], [], [], 0, len(self.checks))
        self.files = 0

    def file(self, path: Path) -> None:
        """Examines one file."""
        self.files += 1
        file = SpecFile(read(path, shown(path)))
        self._spec_checks(file)
        for declaration in file.declarations:
            self._declaration(declaration)

    def report(self) -> Report:
        """Examines the project as a whole, and closes the report."""
        self._project_checks()
        if self.options.live is not None:
            self._live(self.options.live)
        worst: dict[tuple[str, str | None, str], Severity] = {}
        for finding in self.out.findings:
            for profile in {finding.profile, None}:
                key = (finding.file, profile, finding.credential or "")
                if key not in worst or worst[key].rank < finding.severity.rank:
                    worst[key] = finding.severity
        results = [_with_status(result, worst) for result in self.out.results]
        findings = sorted(self.out.findings, key=lambda f: (f.file, f.line, f.column, f.check))
        return self.out._replace(results=results, findings=findings, files=self.files)

    # -- the three groups of checks

    def _spec_checks(self, file: SpecFile) -> None:
        found, _unknown = self._run("spec", file, None, file.source.shown)
        for item in found:
            index = item.problem.document
            declaration = file.declarations[index] if index is not None else None
            self._record([item], self._file_subject(file, declaration))

    def _file_subject(self, file: SpecFile, declaration: Declaration | None) -> _Subject:
        def place_of(problem: Problem) -> Place:
            if problem.place is not None or declaration is None:
                return problem.place or START
            return declaration.node.place_of(problem.at, key=problem.on_key)

        name = declaration.name if declaration else None
        return _Subject(
            name, None, file.source.shown, place_of, file.source.line, _ignores(declaration)
        )

    def _declaration(self, declaration: Declaration) -> None:
        credentials = resolve(declaration, self.context, self.values)
        for credential in credentials:
            if self.options.profile is None or credential.profile in (None, self.options.profile):
                self._credential(credential, f"{declaration.source.shown}#{declaration.index}")
        if not credentials:
            self._unresolved(declaration)

    def _unresolved(self, declaration: Declaration) -> None:
        name, file = declaration.name, declaration.source.shown
        self.out.results.append(Result(name, None, file, None, None, None, "error"))
        skipped = tuple(check.id for check in self.checks if check.group == "offline")
        if skipped:
            reason = "the spec has errors (SFC002, SFC004)"
            self.out.not_run.append(NotRun(skipped, name, None, file, reason))

    def _credential(self, credential: Credential, document: str) -> None:
        if self.keep is not None:
            self.keep(credential)
        subject = self._subject(credential)
        found, unknown = self._run("offline", credential, credential, subject.file)
        self._record(found, subject)
        if self.options.app is not None:
            self._app(credential, subject, self.options.app)
        if self.options.live is not None:
            number = len(self.out.results)
            self.waiting.append(_Waiting(number, credential, subject, found, unknown))
        authority = credential.authority.url if credential.authority else None
        self.out.results.append(
            Result(
                credential.name,
                credential.profile,
                subject.file,
                credential.decision.flow,
                credential.spec.environment,
                redact(authority) if authority else None,
                "ok",
            )
        )
        entry = _entry(credential, len(self.entries), document)
        self.entries.append(entry)
        self.lines[entry.number] = {
            place.line: mask_line(credential.source.line(place.line))
            for place in entry.places.values()
        }
        self.ignores.append(subject.ignored)

    def _app(self, credential: Credential, subject: _Subject, app: AppFiles) -> None:
        from sfcred.resolve.blueprint import deployed

        try:
            compared = deployed(credential, app.files, app.where)
        except NotKnown as reason:
            ids = [check.id for check in self.checks if check.group == "app"]
            self._not_run(ids, credential, reason.message)
            return
        found, _unknown = self._run("app", compared, credential, subject.file)
        self._record(found, subject)

    def _subject(self, credential: Credential) -> _Subject:
        doctor = credential.spec.doctor
        return _Subject(
            credential.name,
            credential.profile,
            credential.source.shown,
            lambda problem: credential.node.place_of(problem.at, key=problem.on_key),
            credential.source.line,
            (doctor and doctor.ignore) or _NOTHING,
        )

    def _project_checks(self) -> None:
        for item in self._run("project", self.entries, None, "")[0]:
            entry = item.problem.entry
            if entry is None:
                raise TypeError(f"{item.check.name} yields a problem without an entry")
            lines = self.lines[entry.number]
            places = entry.places
            subject = _Subject(
                entry.name,
                entry.profile,
                entry.file,
                lambda problem, places=places: places.get(problem.at, START),  # type: ignore[misc]
                lambda number, lines=lines: lines.get(number, ""),  # type: ignore[misc]
                self.ignores[entry.number],
            )
            self._record([item], subject)

    # -- logging in

    def _live(self, options: LiveOptions) -> None:
        from functools import partial

        from sfcred.flows.drive import Drive, drive
        from sfcred.flows.visit import visit

        begin = [partial(visit, waiting.credential) for waiting in self.waiting]
        options.begin(len(begin))
        driven = drive(begin, Drive(self.context.allow_hosts, options.jobs), options.tick)
        count = LiveCount(interrupted=driven.interrupted)
        for waiting, result in zip(self.waiting, driven.results, strict=True):
            live, trouble = self._visited(waiting, result)
            results = self.out.results
            results[waiting.number] = results[waiting.number]._replace(live=live)
            count = count._replace(
                logged_in=count.logged_in + (live == "logged_in"),
                unreached=count.unreached + trouble,
            )
        self.out = self.out._replace(live=count)

    def _visited(self, waiting: _Waiting, result: "Visit | Exception | None") -> tuple[str, bool]:
        """Runs the live checks over what a visit brought, or records why there was none.

        Returns:
            What came of it (Result.live), and whether something could not be reached.
        """
        from sfcred.flows.visit import Live, Visit

        credential, subject = waiting.credential, waiting.subject
        if isinstance(result, Visit):
            found_before = frozenset(item.check.id for item in waiting.found)
            live = Live(credential, result, found_before, waiting.unknown)
            found, _unknown = self._run("live", live, credential, subject.file)
            self._record(found, subject, waiting.found)
            return _came_of(result), bool(result.trouble)
        if isinstance(result, NotKnown) or result is None:
            reason = result.message if result else "interrupted before the login"
            self._not_run([c.id for c in self.checks if c.group == "live"], credential, reason)
        else:
            self.out.crashes.append(Crash("SFC901", credential.name, subject.file, _where(result)))
        return "unreached", True

    # -- running and recording

    def _run(
        self, group: str, handed: object, credential: Credential | None, file: str
    ) -> tuple[list[_Found], frozenset[str]]:
        """What the checks of a group found, and the ids of those that could not be run."""
        found: list[_Found] = []
        skipped: dict[str, list[str]] = {}
        for check in self.checks:
            if check.group != group:
                continue
            try:
                found += [_Found(check, problem) for problem in check.function(handed)]
            except NotKnown as reason:
                skipped.setdefault(reason.message, []).append(check.id)
            except Exception as error:  # noqa: BLE001 - a crash must not hide other findings
                name = credential.name if credential else None
                self.out.crashes.append(Crash(check.id, name, file, _where(error)))
        if credential is not None:
            for message, checks in skipped.items():
                self._not_run(checks, credential, message)
        return found, frozenset(check for checks in skipped.values() for check in checks)

    def _not_run(self, checks: Sequence[str], credential: Credential, reason: str) -> None:
        if checks:
            self.out.not_run.append(
                NotRun(
                    tuple(checks),
                    credential.name,
                    credential.profile,
                    credential.source.shown,
                    redact(reason),
                )
            )

    def _record(
        self, found: Sequence[_Found], subject: _Subject, before: Sequence[_Found] = ()
    ) -> None:
        def is_ignored(item: _Found) -> bool:
            return item.check.id in subject.ignored and item.check.id not in ALWAYS

        # What is ignored explains nothing either: its consequences stand for themselves.
        causes = [item for item in (*before, *found) if not is_ignored(item)]
        for item in found:
            if is_ignored(item):
                finding = self._finding(item, causes, subject)
                self.out.suppressed.append(Suppressed(finding, subject.ignored[item.check.id]))
            else:
                self.out.findings.append(self._finding(item, causes, subject))

    def _finding(self, item: _Found, found: Sequence[_Found], subject: _Subject) -> Finding:
        check, problem = item
        place = subject.place_of(problem)
        severity = problem.severity or check.severity
        if check.id == "SFC005" and self.options.require_secrets:
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
            _cause(item, found),
            mask_line(subject.line(place.line)),
        )


def _came_of(visit: "Visit") -> str:
    if visit.token is not None:
        return "logged_in"
    if visit.trouble:
        return "unreached"
    return "refused" if visit.attempts else "consent_needed"


def _selected(check: Check, options: Options) -> bool:
    if check.id in ALWAYS:
        return True
    chosen = not options.select or any(_means(text, check) for text in options.select)
    return chosen and not any(_means(text, check) for text in options.ignore)


def _means(text: str, check: Check) -> bool:
    wanted = text.strip()
    return check.id.startswith(wanted.upper()) or check.name == wanted.lower()


def unknown_selectors(selectors: Iterable[str]) -> list[str]:
    """Those of the ids, beginnings of ids and names that mean no check."""
    return [s for s in selectors if not any(_means(s, check) for check in all_checks())]


def _cause(item: _Found, found: Sequence[_Found]) -> str | None:
    """The id of a finding that explains this one."""
    named = item.problem.because_of
    # A mere warning may be wrong about the cause: what Salesforce said then stands for itself.
    if named and any(other.check.id == named and _is_error(other) for other in found):
        return named
    for other in found:
        if other.check.id in item.check.follows and _related(other.problem.at, item.problem.at):
            return other.check.id
    return None


def _is_error(item: _Found) -> bool:
    return (item.problem.severity or item.check.severity) is Severity.ERROR


def _related(cause: Route, effect: Route) -> bool:
    # Trouble with one secret says nothing about another.
    return cause == effect or not {cause, effect} <= _SECRET_ROUTES


def _ignores(declaration: Declaration | None) -> Mapping[str, str]:
    """From the YAML itself, for specs that can't be understood otherwise."""
    node = declaration.node.find(("doctor", "ignore")) if declaration else None
    if node is None or not isinstance(node.value, dict):
        return _NOTHING
    return {check: str(reason.value) for check, reason in node.value.items()}


_NOTHING: Mapping[str, str] = MappingProxyType({})


def _where(error: Exception) -> str:
    """A crash's type and place. Its text is left out: it might hold a value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    return f"{type(error).__name__} in {Path(code.co_filename).name}:{trace.tb_lineno}"


def _with_status(result: Result, worst: dict[tuple[str, str | None, str], Severity]) -> Result:
    if result.status == "error":
        return result
    severity = worst.get((result.file, result.profile, result.name))
    return result._replace(status=severity.value if severity else "ok")


_PLACES: tuple[Route, ...] = (("name",), ("client_id",), ("n8n", "id"), ("my_domain",))


def _entry(credential: Credential, number: int, document: str) -> Entry:
    authority = credential.authority
    has_domain = authority is not None and credential.spec.my_domain is not None
    return Entry(
        number=number,
        name=credential.name,
        profile=credential.profile,
        file=credential.source.shown,
        document=document,
        flow=credential.decision.flow,
        authority=authority.url if authority else "",
        org=authority.host.name if authority and has_domain else "",
        external_client_app=credential.is_external_client_app,
        n8n=credential.n8n.key,
        n8n_id=credential.n8n.credential_id,
        client=_fingerprint(credential),
        connected=credential.declared(("oauth2", "refresh_token")) is not None,
        places={
            route: credential.node.place_of(route)
            for route in _PLACES
            if credential.node.find(route) is not None
        },
    )


def _fingerprint(credential: Credential) -> str:
    """Equal for equal Consumer Keys; of the reference itself where it can't be read."""
    try:
        text = credential.value(("client_id",)).get_secret_value()
    except NotKnown:
        declared = credential.declared(("client_id",))
        text = f"{credential.folder}/{declared}" if isinstance(declared, Reference) else ""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=12)
    return sys.intern(digest.hexdigest()) if text else ""
