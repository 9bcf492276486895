"""Whether the report has what stands in a check's way: silence is no success."""

from sfcred.errors import Cause
from sfcred.findings import NotRun, Report


def with_causes(report: Report) -> list[NotRun]:
    """Decide the cause of what could not be checked because of another check's finding.

    The finding counts where the report has it, or the baseline holds it. It doesn't count where its
    check isn't selected, or is ignored: then nothing else says that something is wrong.

    Args:
        report: The report with all its findings.

    Returns:
        Its `not_run`, each entry with its cause.
    """
    known = [*report.findings]
    known += [one.finding for one in report.suppressed if one.rule.origin == "baseline"]
    found = {(one.file, one.credential, one.profile, one.check) for one in known}
    # An org that is out of reach is no finding, but the report says it once all the same.
    found |= {
        (entry.file, entry.credential, entry.profile, check)
        for entry in report.unreadable
        if not entry.because_of
        for check in entry.checks
    }
    return [_with_cause(entry, found) for entry in report.not_run]


def _with_cause(entry: NotRun, found: set[tuple[str, str | None, str | None, str]]) -> NotRun:
    # What is about a whole file or spec is about each of its credentials.
    whose = ((entry.credential, entry.profile), (entry.credential, None), (None, None))
    for check in entry.because_of:
        if any((entry.file, *one, check) in found for one in whose):
            return entry._replace(cause=Cause.FINDING)
    return entry
