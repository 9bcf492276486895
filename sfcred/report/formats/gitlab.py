"""GitLab's code quality report (GitLab documentation, "Code Quality report format")."""

import json

from sfcred.checks._api import Severity
from sfcred.doctor import Report
from sfcred.doctor.fingerprint import fingerprints
from sfcred.report._api import Look

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def report(report: Report, _look: Look) -> str:
    """An array, one entry a finding."""
    entries = [
        {
            "description": f"{finding.check}: {finding.message} Hint: {finding.hint}",
            "check_name": finding.name,
            "fingerprint": mark,
            "severity": _SEVERITIES[finding.severity],
            "location": {"path": finding.file, "lines": {"begin": finding.line}},
        }
        for finding, mark in fingerprints(report.findings)
    ]
    return json.dumps(entries, indent=1, ensure_ascii=False) + "\n"
