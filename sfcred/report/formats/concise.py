"""One line per finding, in the form that compilers use and editors' problem matchers read."""

from sfcred.checks import is_live
from sfcred.errors import Cause
from sfcred.findings import Finding, Report
from sfcred.report.api import ReportStyle
from sfcred.report.not_run import explained, left_out, unreadable_first
from sfcred.report.worst import counted_rest, rest, worst

# The most findings shown and, if there are more, the most of one check. The first is also the most
# lines of each other kind. With -v there is no limit.
_SHOWN, _SHOWN_OF_CHECK = 500, 50


def report(report: Report, look: ReportStyle) -> str:
    """Return lines `FILE:LINE:COLUMN: SEVERITY ID message`, then what was not checked or ignored.

    If there are more than 500 findings, it shows the worst and counts the rest, unless the look is
    verbose.
    """
    limit = len(report.findings) if look.verbose else _SHOWN
    shown = worst(report.findings, limit, _SHOWN_OF_CHECK)
    lines = [line_of(report.findings[place], look) for place in shown]
    if len(shown) < len(report.findings):
        more = counted_rest(rest(report.findings, shown))
        lines.append(f"… and {more} (show all with -v)")
    lines += _cut(_not_checked(report, look), "not checked", look)
    crashes = [f"{c.file or '-'}: crashed {c.check} {c.what}" for c in report.crashes]
    lines += _cut(crashes, "crashed", look)
    return "".join(f"{line}\n" for line in [*lines, *left_out(report)])


def line_of(finding: Finding, look: ReportStyle) -> str:
    """Return the line of one finding, without a newline."""
    place = look.style(f"{finding.file}:{finding.line}:{finding.column}", "bold")
    severity = look.style(finding.severity.value, finding.severity.value)
    return f"{place}: {severity} {finding.check} {_line(finding.message)}"


def _not_checked(report: Report, look: ReportStyle) -> list[str]:
    return [
        f"{skipped.file}: not checked {check} {_line(explained(skipped))}"
        for skipped in unreadable_first(report)
        for check in skipped.checks
        if look.verbose or skipped.cause is Cause.UNREADABLE or is_live(check)
    ]


def _cut(lines: list[str], what: str, look: ReportStyle) -> list[str]:
    if look.verbose or len(lines) <= _SHOWN:
        return lines
    return [*lines[:_SHOWN], f"… and {len(lines) - _SHOWN:,} more {what}"]


def _line(text: str) -> str:
    return " ".join(text.split())
