"""Run the checks over files, credentials and the whole project."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.checks import GROUPS, OFFLINE, all_checks
from sfcred.checks.api import (
    Problem,
    Unmatched,
    ignore_check,
    offline_check,
    spec_check,
)
from sfcred.doctor.apps import compare_app, tell_unread
from sfcred.doctor.causes import with_causes
from sfcred.doctor.details import details_of
from sfcred.doctor.file_rules import FileRules
from sfcred.doctor.lines import Lines
from sfcred.doctor.live import log_in
from sfcred.doctor.options import Options
from sfcred.doctor.project import ProjectChecks
from sfcred.doctor.recorder import Recorder
from sfcred.doctor.select import selected
from sfcred.doctor.statuses import with_statuses
from sfcred.doctor.subject import Candidate, Subject, Waiting
from sfcred.doctor.unchecked import CREDENTIAL_GROUPS, Unchecked
from sfcred.findings import NotRun, Report, Result
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential
from sfcred.resolve.loading import LoadedFile
from sfcred.spec import limits
from sfcred.spec.load import Declaration, SpecFile
from sfcred.spec.masking import masked_line
from sfcred.spec.source import START, Fault, Place
from sfcred.text.redact import public_address

if TYPE_CHECKING:
    from sfcred.workflows.model import WorkflowFile


def examine(files: Iterable[LoadedFile], context: Context, options: Options) -> Report:
    """Run the checks over spec files, one file at a time.

    Args:
        files: The loaded spec files.
        context: The context that they were loaded with.
        options: The options of the run.

    Returns:
        The report. Findings are sorted by file, line, column and id.
    """
    run = _Run(context, options)
    for file in files:
        run.file(file)
    return run.report()


class _Run:
    """The state of a run. It keeps little per credential, because there can be ten thousand."""

    def __init__(self, context: Context, options: Options) -> None:
        self.context = context
        self.options = options
        wanted = {"live": options.live, "app": options.app, "workflow": options.workflows}
        groups = tuple(g for g in GROUPS if g in OFFLINE or wanted[g] is not None)
        known = all_checks(groups)
        checks = [check for check in known if selected(check, options)]
        self.unchecked = Unchecked(known, options)
        self.recorder = Recorder(checks, context.now, require_secrets=options.require_secrets)
        self.waiting: list[Waiting] = []
        self.candidates: list[Candidate] = []  # only with workflows: they keep the whole spec
        self.rules = FileRules(options, context.project, self.recorder.ledger)
        self.most_findings = limits.FINDINGS
        self.paths: dict[str, Path] = {}
        self.lines = Lines(self.paths, options.given)
        self.project = ProjectChecks(self.recorder, options, self.lines)
        self.compared = False  # whether any app was
        self.is_misread = False  # whether a spec could not be understood

    def file(self, loaded: LoadedFile) -> None:
        """Examine one file."""
        self.recorder.draft.files += 1
        file = loaded.spec
        self.paths[file.source.shown] = loaded.path
        self.rules.enter(loaded.path)
        self.most_findings = self._found() + limits.FINDINGS
        for declaration in file.declarations:
            self._declaration(declaration, loaded)
            if self._found() > self.most_findings:
                _add_once(file.source.faults, _too_much_found(declaration.node.place))
                break
        self._spec_checks(file)
        self.is_misread = self.is_misread or file.is_misread

    def _found(self) -> int:
        return len(self.recorder.draft.findings) + len(self.recorder.draft.suppressed)

    def report(self) -> Report:
        """Examine the project as a whole, and return the finished report."""
        self.project.run()
        if self.options.workflows is not None:
            self._workflow_checks(self.options.workflows)
        if self.options.app is not None:
            tell_unread(self.recorder, self.options.app, is_anything_compared=self.compared)
        if self.options.live is not None:
            is_chosen = not self.options.select_source
            log_in(
                self.recorder, self.waiting, self.context, self.options.live, is_chosen=is_chosen
            )
        self._leave_out()
        self.recorder.draft.not_run += self.unchecked.entries()
        return self._closed()

    def _closed(self) -> Report:
        strict = self.options.require_secrets
        self._sort()
        report = self.recorder.draft.report()
        report = report._replace(not_run=tuple(with_causes(report, strict=strict)))
        return with_statuses(report, self.unchecked.keys)

    def _sort(self) -> None:
        self.recorder.draft.findings.sort(key=lambda f: (f.file, f.line, f.column, f.check))

    def _credential_checks(self) -> tuple[str, ...]:
        """Return the selected checks that look at credentials."""
        return tuple(check for group in CREDENTIAL_GROUPS for check in self.recorder.ids(group))

    # -- the groups of checks

    def _spec_checks(self, file: SpecFile) -> None:
        shown, rules = file.source.shown, self.rules.of_current()
        found, _unknown = self.recorder.run(spec_check, file, None, shown, rules)
        subjects: dict[int | None, Subject] = {}
        for item in found:
            index = item.problem.document
            if index not in subjects:
                declaration = file.declaration(index) if index is not None else None
                subjects[index] = self._file_subject(file, declaration)
            self.recorder.record([item], subjects[index])

    def _file_subject(self, file: SpecFile, declaration: Declaration | None) -> Subject:
        def place_of(problem: Problem) -> Place:
            if problem.place is not None or declaration is None:
                return problem.place or START
            return declaration.node.place_of(problem.at, key=problem.on_key)

        name = declaration.name if declaration else None
        root = declaration.node if declaration else None
        rules = self.rules.of_credential(root, file.source, name, None)
        line = partial(masked_line, file.source)
        return Subject(name, None, file.source.shown, place_of, line, rules)

    def _declaration(self, declaration: Declaration, loaded: LoadedFile) -> None:
        credentials = loaded.credentials(declaration)
        for credential in credentials:
            if self._found() > self.most_findings:
                return
            if credential.counts_for(self.options.profile):
                self._credential(credential, f"{declaration.source.shown}#{declaration.index}")
        if not credentials:
            self._unresolved(declaration)

    def _unresolved(self, declaration: Declaration) -> None:
        name, file = declaration.name, declaration.source.shown
        self.recorder.draft.results.append(Result(name, None, file, None, None, None, "error"))
        skipped = self._credential_checks()
        if skipped:
            reason, hint = "the spec has errors", "Fix the errors found in it first."
            causes = tuple(check.id for check in all_checks(("spec",)))
            self.recorder.draft.not_run.append(
                NotRun(skipped, name, None, file, reason, hint, because_of=causes)
            )

    def _credential(self, credential: Credential, document: str) -> None:
        subject = self._subject(credential)
        found, unknown = self.recorder.run(
            offline_check, credential, credential, subject.file, subject.rules
        )
        self.recorder.record(found, subject)
        self.unchecked.note(credential, subject.rules, unknown)
        if self.options.app is not None:
            is_compared = compare_app(self.recorder, credential, subject, self.options.app)
            self.compared = self.compared or is_compared
        if self.options.live is not None:
            number = len(self.recorder.draft.results)
            self.waiting.append(Waiting(number, credential, subject, found, unknown))
        authority = credential.authority.url if credential.authority else None
        self.recorder.draft.results.append(
            Result(
                credential.name,
                credential.profile,
                subject.file,
                credential.decision.flow,
                credential.spec.environment,
                public_address(authority) if authority else None,
                "ok",
                details=details_of(credential) if self.options.details else None,
                n8n_type=credential.n8n_type if credential.decision.flow else None,
            )
        )
        self.project.add(credential, document, subject.rules)
        if self.options.workflows is not None:
            self.candidates.append(Candidate(credential, subject))

    def _subject(self, credential: Credential) -> Subject:
        node, source = credential.node, credential.source
        return Subject(
            credential.name,
            credential.profile,
            source.shown,
            lambda problem: node.place_of(problem.at, key=problem.on_key),
            partial(masked_line, source),
            self.rules.of_credential(node, source, credential.name, credential.profile),
        )

    def _workflow_checks(self, files: "Iterable[WorkflowFile]") -> None:
        from sfcred.doctor.workflows import WorkflowChecks

        is_whole = self.options.whole and self.options.profile is None
        checks = WorkflowChecks(
            self.recorder,
            self.candidates,
            lambda shown: self.rules.of_file(Path(shown)),
            is_whole=is_whole,
            is_misread=self.is_misread,
            collects=self.options.details,
        )
        checks.run(files)

    # -- suppressing

    def _leave_out(self) -> None:
        """Suppress what the baseline lists, and report unused ignores."""
        ran = self.recorder.ran()
        unmatched: list[Unmatched] = []
        if self.options.baseline is not None and self.options.heeds_ignores:
            from sfcred.doctor import baseline

            self._sort()
            draft = self.recorder.draft
            report = baseline.leave_out(draft.report(), self.options.baseline, self.lines)
            draft.findings, draft.suppressed = [*report.findings], [*report.suppressed]
            unmatched += baseline.unmatched(
                report, self.options.baseline, ran, whole=self.options.whole
            )
        if self.options.profile is None:  # another profile may need what this one doesn't
            unmatched += self.recorder.ledger.unmatched(
                ran, self.recorder.draft.not_run, whole=self.options.whole
            )
        for one in unmatched:
            self._unmatched(one)

    def _unmatched(self, one: Unmatched) -> None:
        rule = one.rule
        found, _unknown = self.recorder.run(ignore_check, one, None, rule.file)
        names = self.recorder.ledger.names(rule)
        self.recorder.record(
            found,
            Subject(
                names[0] if len(names) == 1 else None,
                None,
                rule.file,
                lambda _problem: rule.place,
                lambda _number: rule.excerpt,
                {**self.options.general_rules, **self.recorder.ledger.rules_of_same_scope(rule)},
            ),
        )


def _add_once(faults: list[Fault], fault: Fault) -> None:
    """Add a fault, unless an earlier examination of the file has added it."""
    if fault not in faults:
        faults.append(fault)


def _too_much_found(place: Place) -> Fault:
    message = f"has more than {limits.FINDINGS} findings; the rest of the file is not examined"
    return Fault("syntax", message, "Fix the first findings, and run it again.", place)
