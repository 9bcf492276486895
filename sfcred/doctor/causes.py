"""Decide whether the report says why a check was not run, so that nothing goes unreported."""

from sfcred.errors import Cause
from sfcred.findings import NotRun, Report


def with_causes(report: Report) -> list[NotRun]:
    """Set the cause of what could not be checked because of another check's finding.

    The finding counts if it is in the report or in the baseline. It doesn't count if its check
    isn't selected or is ignored, because then nothing else reports the problem.

    Args:
        report: The report, with all its findings.

    Returns:
        The report's `not_run`, each entry with its cause.
    """
    known = [*report.findings]
    known += [one.finding for one in report.suppressed if one.rule.origin == "baseline"]
    found = {(one.file, one.credential, one.profile, one.check) for one in known}
    # An org that can't be reached isn't a finding, but the report still lists it once.
    found |= {
        (entry.file, entry.credential, entry.profile, check)
        for entry in report.unreadable
        if not entry.because_of
        for check in entry.checks
    }
    return [_with_cause(entry, found) for entry in report.not_run]


def _with_cause(entry: NotRun, found: set[tuple[str, str | None, str | None, str]]) -> NotRun:
    # A finding about a whole file or spec concerns each of its credentials.
    whose = ((entry.credential, entry.profile), (entry.credential, None), (None, None))
    for check in entry.because_of:
        if any((entry.file, *one, check) in found for one in whose):
            return entry._replace(cause=Cause.FINDING)
    return entry
