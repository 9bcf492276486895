"""Runs each check in its own boundary, and collects what they say."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.checks import GROUPS, OFFLINE, all_checks
from sfcred.checks._api import Entry, Problem, Rule, Severity, Unmatched
from sfcred.doctor._details import details_of
from sfcred.doctor._entry import entry_of
from sfcred.doctor._ignores import NO_RULES, Ledger, Rules
from sfcred.doctor._model import (
    ALWAYS,
    AppFiles,
    Crash,
    Finding,
    LiveCount,
    LiveOptions,
    NotRun,
    Options,
    Report,
    Result,
    Suppressed,
)
from sfcred.doctor._select import selected
from sfcred.doctor._subject import Found, Subject, Waiting, cause_of, rules_of
from sfcred.errors import NotKnown
from sfcred.redact import mask_line, redact
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential, resolve
from sfcred.resolve.values import Values
from sfcred.spec.discover import shown
from sfcred.spec.load import Declaration, SpecFile
from sfcred.spec.source import START, Node, Place, Source, parse, read

if TYPE_CHECKING:
    from sfcred.flows.visit import Visit


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
        self.checks = [check for check in all_checks(groups) if selected(check, options)]
        self.waiting: list[Waiting] = []
        self.entries: list[Entry] = []
        self.lines: dict[int, dict[int, str]] = {}
        self.rules: list[Rules] = []
        self.ledger = Ledger()
        self.path_rules = NO_RULES
        if options.path_rules is not None and options.whole and options.heeds_ignores:
            self.ledger.announce(options.path_rules.all())
        self.out = Report([], [], [], [], [], 0, len(self.checks), moment=context.now)
        self.files = 0

    def file(self, path: Path) -> None:
        """Examines one file."""
        self.files += 1
        self.path_rules = self._path_rules(path)
        given = self.options.given.get(path)
        file = SpecFile(
            read(path, shown(path)) if given is None else parse(given, path, shown(path))
        )
        self._spec_checks(file)
        for declaration in file.declarations:
            self._declaration(declaration)

    def report(self) -> Report:
        """Examines the project as a whole, and closes the report."""
        self._project_checks()
        if self.options.live is not None:
            self._live(self.options.live)
        self._leave_out()
        return self._closed()

    def _closed(self) -> Report:
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

    def _file_subject(self, file: SpecFile, declaration: Declaration | None) -> Subject:
        def place_of(problem: Problem) -> Place:
            if problem.place is not None or declaration is None:
                return problem.place or START
            return declaration.node.place_of(problem.at, key=problem.on_key)

        name = declaration.name if declaration else None
        root = declaration.node if declaration else None
        rules = self._enter(root, file.source, name, None)
        return Subject(name, None, file.source.shown, place_of, file.source.line, rules)

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
            self.waiting.append(Waiting(number, credential, subject, found, unknown))
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
                details=details_of(credential) if self.options.details else None,
            )
        )
        entry = entry_of(credential, len(self.entries), document)
        self.entries.append(entry)
        self.lines[entry.number] = {
            place.line: mask_line(credential.source.line(place.line))
            for place in entry.places.values()
        }
        self.rules.append(subject.rules)

    def _app(self, credential: Credential, subject: Subject, app: AppFiles) -> None:
        from sfcred.resolve.blueprint import deployed

        try:
            compared = deployed(credential, app.files, app.where)
        except NotKnown as reason:
            ids = [check.id for check in self.checks if check.group == "app"]
            self._not_run(ids, credential, reason.message)
            return
        found, _unknown = self._run("app", compared, credential, subject.file)
        self._record(found, subject)

    def _subject(self, credential: Credential) -> Subject:
        return Subject(
            credential.name,
            credential.profile,
            credential.source.shown,
            lambda problem: credential.node.place_of(problem.at, key=problem.on_key),
            credential.source.line,
            self._enter(credential.node, credential.source, credential.name, credential.profile),
        )

    def _project_checks(self) -> None:
        for item in self._run("project", self.entries, None, "")[0]:
            entry = item.problem.entry
            if entry is None:
                raise TypeError(f"{item.check.name} yields a problem without an entry")
            lines = self.lines[entry.number]
            places = entry.places
            subject = Subject(
                entry.name,
                entry.profile,
                entry.file,
                lambda problem, places=places: places.get(problem.at, START),  # type: ignore[misc]
                lambda number, lines=lines: lines.get(number, ""),  # type: ignore[misc]
                self.rules[entry.number],
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

    def _visited(self, waiting: Waiting, result: "Visit | Exception | None") -> tuple[str, bool]:
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

    # -- leaving out

    def _path_rules(self, path: Path) -> Rules:
        if self.options.path_rules is None or not self.options.heeds_ignores:
            return NO_RULES
        relative = os.path.relpath(path.absolute(), self.context.project.absolute())
        return self.options.path_rules.of(Path(relative).as_posix())

    def _enter(
        self, root: Node | None, source: Source, name: str | None, profile: str | None
    ) -> Rules:
        """What is left out for a credential, noted in the ledger."""
        if not self.options.heeds_ignores:
            return NO_RULES
        own = rules_of(root, source) if root else NO_RULES
        rules = {**self.path_rules, **own} if self.path_rules else own
        self.ledger.enter(rules.values(), name, profile, source.shown)
        return rules

    def _leave_out(self) -> None:
        """Takes out what the baseline holds, and says which ignores are of no use."""
        ran = {check.id: check.group for check in self.checks}
        unmatched: list[Unmatched] = []
        if self.options.baseline is not None and self.options.heeds_ignores:
            from sfcred.doctor import baseline

            self.out = baseline.leave_out(self._closed(), self.options.baseline)
            unmatched += baseline.unmatched(
                self.out, self.options.baseline, ran, whole=self.options.whole
            )
        if self.options.profile is None:  # another profile may need what this one doesn't
            unmatched += self.ledger.unmatched(ran, self.out.not_run, whole=self.options.whole)
        for one in unmatched:
            self._unmatched(one)

    def _unmatched(self, one: Unmatched) -> None:
        rule = one.rule
        found, _unknown = self._run("rule", one, None, rule.file)
        names = self.ledger.names(rule)
        self._record(
            found,
            Subject(
                names[0] if len(names) == 1 else None,
                None,
                rule.file,
                lambda _problem: rule.place,
                lambda _number: rule.excerpt,
                self.ledger.rules_beside(rule),
            ),
        )

    # -- running and recording

    def _run(
        self, group: str, handed: object, credential: Credential | None, file: str
    ) -> tuple[list[Found], frozenset[str]]:
        """What the checks of a group found, and the ids of those that could not be run."""
        found: list[Found] = []
        skipped: dict[str, list[str]] = {}
        for check in self.checks:
            if check.group != group:
                continue
            try:
                found += [Found(check, problem) for problem in check.function(handed)]
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
        self, found: Sequence[Found], subject: Subject, before: Sequence[Found] = ()
    ) -> None:
        def rule_for(item: Found) -> Rule | None:
            return None if item.check.id in ALWAYS else subject.rules.get(item.check.id)

        # What is ignored explains nothing either: its consequences stand for themselves.
        causes = [item for item in (*before, *found) if rule_for(item) is None]
        for item in found:
            finding = self._finding(item, causes, subject)
            rule = rule_for(item)
            if rule is None:
                self.out.findings.append(finding)
            else:
                self.ledger.use(rule)
                self.out.suppressed.append(Suppressed(finding, rule))

    def _finding(self, item: Found, found: Sequence[Found], subject: Subject) -> Finding:
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
            cause_of(item, found),
            mask_line(subject.line(place.line)),
            problem.fix,
        )


def _came_of(visit: "Visit") -> str:
    if visit.token is not None:
        return "logged_in"
    if visit.trouble:
        return "unreached"
    return "refused" if visit.attempts else "consent_needed"


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
