"""What reports share about checks that were not run."""

from sfcred.errors import Cause
from sfcred.findings import NotRun, Report


def unreadable_first(report: Report) -> list[NotRun]:
    """Return what was not run, with what changes the exit status first, else in order."""
    return sorted(report.not_run, key=lambda entry: entry.cause is not Cause.UNREADABLE)


def explained(entry: NotRun) -> str:
    """Return why checks were not run, and what to do on a second line, if anything."""
    return f"{entry.reason}\nhint: {entry.hint}" if entry.hint else entry.reason
