"""GitLab's code quality report (GitLab documentation, "Code Quality report format")."""

import hashlib
import json

from sfcred.doctor.fingerprint import fingerprints
from sfcred.findings import Finding, NotRun, Report, Severity
from sfcred.report.absent import without_absences
from sfcred.report.api import ReportStyle
from sfcred.report.worst import LIMIT, counted_rest, rest, worst
from sfcred.text.printable import json_text

#: For programs: always UTF-8.
UTF8 = True

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def report(report: Report, _look: ReportStyle) -> str:
    """Return an array of findings, followed by what could not be read, reached or compared.

    If there are more than LIMIT findings, it has the worst, and one entry that counts the rest.
    """
    report = without_absences(report)
    marked = list(fingerprints(report.findings))
    shown = worst(report.findings, LIMIT, LIMIT)
    entries = [_entry(*marked[place]) for place in shown]
    if len(shown) < len(marked):
        entries.append(_rest(rest(report.findings, shown)))
    entries += [_not_checked(entry) for entry in report.unreadable[:LIMIT]]
    return json_text(entries)


def _entry(finding: Finding, mark: str) -> dict[str, object]:
    return {
        "description": f"{finding.check}: {finding.message} Hint: {finding.hint}",
        "check_name": finding.name,
        "fingerprint": mark,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": finding.file, "lines": {"begin": finding.line}},
    }


def _not_checked(entry: NotRun) -> dict[str, object]:
    what = ", ".join(entry.checks)
    told = f"{entry.reason} Hint: {entry.hint}" if entry.hint else entry.reason
    whose = json.dumps([what, entry.file, entry.credential, entry.profile])
    return {
        "description": f"{what} could not be checked: {told}",
        "check_name": "not-checked",
        "fingerprint": hashlib.sha256(whose.encode()).hexdigest()[:32],
        "severity": "minor",
        "location": {"path": entry.file, "lines": {"begin": 1}},
    }


def _rest(left: list[Finding]) -> dict[str, object]:
    """Return the entry that counts what isn't listed, at the position of the first of these."""
    return {
        "description": counted_rest(left),
        "check_name": "not-listed",
        "fingerprint": "0" * 32,
        "severity": "info",
        "location": {"path": left[0].file, "lines": {"begin": left[0].line}},
    }
