"""GitLab's code quality report (GitLab documentation, "Code Quality report format")."""

from sfcred.checks.api import Severity
from sfcred.doctor import Finding, Report
from sfcred.doctor.fingerprint import fingerprints
from sfcred.printable import json_text
from sfcred.report.api import Look
from sfcred.report.worst import LIMIT, counted_rest, worst

#: Programs read it, whatever the console has.
UTF8 = True

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def report(report: Report, _look: Look) -> str:
    """An array, one entry a finding. Of more than LIMIT the worst, and one that counts the rest."""
    marked = list(fingerprints(report.findings))
    shown = worst(report.findings, LIMIT, LIMIT)
    entries = [_entry(*marked[place]) for place in shown]
    if len(shown) < len(marked):
        hidden = sorted(set(range(len(marked))).difference(shown))
        entries.append(_rest([report.findings[place] for place in hidden]))
    return json_text(entries)


def _entry(finding: Finding, mark: str) -> dict[str, object]:
    return {
        "description": f"{finding.check}: {finding.message} Hint: {finding.hint}",
        "check_name": finding.name,
        "fingerprint": mark,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": finding.file, "lines": {"begin": finding.line}},
    }


def _rest(left: list[Finding]) -> dict[str, object]:
    """What the report has no room for, at the first of its places."""
    return {
        "description": counted_rest(left),
        "check_name": "not-listed",
        "fingerprint": "0" * 32,
        "severity": "info",
        "location": {"path": left[0].file, "lines": {"begin": left[0].line}},
    }
