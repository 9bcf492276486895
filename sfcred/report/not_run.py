"""Helpers that report formats share for checks that were not run."""

from sfcred.errors import Cause
from sfcred.findings import NotRun, Report


def unreadable_first(report: Report) -> list[NotRun]:
    """Return what was not run, starting with what changes the exit status."""
    return sorted(report.not_run, key=lambda entry: entry.cause is not Cause.UNREADABLE)


def explained(entry: NotRun) -> str:
    """Return why checks were not run, with the hint, if there is one, on a second line."""
    return f"{entry.reason}\nhint: {entry.hint}" if entry.hint else entry.reason


def left_out(report: Report) -> list[str]:
    """Return a line for each way in which the project leaves something out, without line ends."""
    lines = [f"{entry.file}: {' '.join(entry.reason.split())}" for entry in report.unselected]
    counts = [(report.ignored, "ignored"), (report.in_baseline, "in the baseline")]
    told = ", ".join(f"{number:,} {what}" for number, what in counts if number)
    return [*lines, f"{told} (--no-ignores shows them)"] if told else lines
