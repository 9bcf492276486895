"""Run the checks of workflows: over files, workflows, nodes and credentials."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sfcred.checks.api import CheckKind, Handed, file_check, node_check, usage_check, workflow_check
from sfcred.doctor.recorder import Recorder
from sfcred.doctor.rules import Rules
from sfcred.doctor.subject import Candidate, Subject
from sfcred.errors import Cause
from sfcred.findings import NotRun
from sfcred.needs.collect import Collector
from sfcred.needs.use import CredentialUse, KnownCredentials, WorkflowUse, sends, uses_of
from sfcred.resolve.credential import Credential
from sfcred.spec import limits
from sfcred.spec.source import START
from sfcred.text.redact import redact
from sfcred.workflows.model import WorkflowFile


class _Place(NamedTuple):
    """A workflow file, as messages show it, and the configuration's rules for it."""

    file: str
    rules: Rules


class WorkflowChecks:
    """The checks of one run. Only one file's workflows are kept at a time.

    Args:
        recorder: Runs the checks, and records what they find.
        candidates: The project's credentials.
        is_whole: Whether the run reads all of the project's specs.
        is_misread: Whether some of them could not be understood.
        collects: Also add up what the workflows need.
        rules_of: Returns the configuration's rules for a file.
    """

    def __init__(
        self,
        recorder: Recorder,
        candidates: Sequence[Candidate],
        rules_of: Callable[[str], Rules],
        *,
        is_whole: bool,
        is_misread: bool,
        collects: bool,
    ) -> None:
        self._recorder = recorder
        self._candidates = candidates
        self._rules_of = rules_of
        credentials = [one.credential for one in candidates]
        self._known = KnownCredentials(credentials, is_whole=is_whole, is_misread=is_misread)
        self._nodes: Counter[str] = Counter()
        self._idle: Counter[str] = Counter()
        self._is_complete = True
        self._collector = Collector(self._known) if collects else None

    def run(self, files: Iterable[WorkflowFile]) -> None:
        """Examine workflow files, and then the credentials that they use."""
        for file in files:
            self._file(file)
            if self._collector is not None:
                self._collector.add(file)
        self._usage()
        if self._collector is not None:
            self._add_needs(self._collector)

    def _add_needs(self, collector: Collector) -> None:
        """Add to each credential's details what workflows need of it."""
        found = {(one.credential, one.profile): one for one in reversed(collector.result())}
        results = self._recorder.draft.results
        for number, result in enumerate(results):
            needs = found.get((result.name, result.profile))
            if result.details is not None and needs is not None:
                details = result.details._replace(needs=needs)
                results[number] = result._replace(details=details)

    def _file(self, file: WorkflowFile) -> None:
        most = len(self._recorder.draft.findings) + limits.FINDINGS
        place = _Place(file.shown, self._rules_of(file.shown))
        self._recorder.draft.files += 1
        self._tell_faults(file)
        self._record(file_check, file, place)
        for workflow in file.workflows:
            self._is_complete &= not workflow.unread
            every = tuple(uses_of(workflow, self._known))
            for use in every:
                counter = self._nodes if sends(use) else self._idle
                counter.update({one.n8n.credential_id for one in use.credentials})
            uses = tuple(filter(sends, every))
            for use in uses:
                if len(self._recorder.draft.findings) > most:
                    self._stop(file)
                    return
                self._record(node_check, use, place, use.credentials)
            used = [one for use in uses for one in use.credentials]
            self._record(workflow_check, WorkflowUse(workflow, uses), place, used)

    def _stop(self, file: WorkflowFile) -> None:
        self._is_complete = False
        reason = f"has more than {limits.FINDINGS} findings; the rest of the file is not examined"
        hint = "Fix the first findings, and run it again."
        ids = tuple(self._recorder.ids("workflow"))
        self._recorder.draft.not_run.append(NotRun(ids, None, None, file.shown, reason, hint))

    def _tell_faults(self, file: WorkflowFile) -> None:
        ids = tuple(self._recorder.ids("workflow"))
        for fault in file.faults:
            self._is_complete = False
            reason = redact(f"line {fault.place.line}: {fault.message}")
            self._recorder.draft.not_run.append(
                NotRun(ids, None, None, file.shown, reason, redact(fault.hint), Cause.UNREADABLE)
            )

    def _record(
        self,
        kind: CheckKind[Handed],
        handed: Handed,
        place: "_Place",
        credentials: Sequence[Credential] = (),
    ) -> None:
        """Run the checks of a kind, and record what they find about a file."""
        names = {one.name for one in credentials}
        owner = credentials[0] if len(names) == 1 else None
        found, _unknown = self._recorder.run(kind, handed, owner, place.file, place.rules)
        if not found:
            return
        own = [c.subject.rules for c in self._candidates if c.credential is owner]
        subject = Subject(
            owner.name if owner else None,
            owner.profile if owner and len(credentials) == 1 else None,
            place.file,
            lambda problem: problem.place or START,
            lambda _number: "",  # a line of JSON can be the whole file, secrets included
            {**(own[0] if own else {}), **place.rules},
        )
        self._recorder.record(found, subject)

    def _usage(self) -> None:
        told: set[tuple[str, str]] = set()
        for candidate in self._candidates:
            credential, subject = candidate
            key = credential.n8n.credential_id
            if (credential.source.shown, credential.name) in told:
                continue  # the other profiles of a spec
            told.add((credential.source.shown, credential.name))
            use = CredentialUse(credential, self._nodes[key], self._idle[key], self._is_complete)
            found, _unknown = self._recorder.run(
                usage_check, use, credential, subject.file, subject.rules
            )
            self._recorder.record(found, subject)
