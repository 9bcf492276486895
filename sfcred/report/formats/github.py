"""Workflow commands of GitHub Actions: annotations at the lines of a pull request.

Escapes as GitHub's runner has them ("Workflow commands for GitHub Actions"): in messages %, CR and
LF; in properties also colon and comma. So no text of a spec can become a command of its own.
"""

from sfcred.checks._api import Severity
from sfcred.doctor import Finding, Report
from sfcred.report._api import Look

# "Annotation limits": of each kind, GitHub shows so many a step, and drops the rest in silence.
_SHOWN = 10
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report(report: Report, _look: Look) -> str:
    """One command a finding, the worst first, and one for each check that failed itself."""
    lines = [
        f"::error title={_property(f'{crash.check} crashed')}::{_message(crash.what)}"
        for crash in report.crashes
    ]
    findings = sorted(report.findings, key=lambda finding: -finding.severity.rank)
    lines += [_command(finding) for finding in findings]
    for severity, command in _COMMANDS.items():
        more = report.count(severity) - _SHOWN
        if more > 0:
            lines.append(
                f"{more} more of kind {command} are in this log only: GitHub shows {_SHOWN}"
            )
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    fields = {
        "file": finding.file,
        "line": str(finding.line),
        "col": str(finding.column),
        "title": f"{finding.check} {finding.name}",
    }
    properties = ",".join(f"{name}={_property(value)}" for name, value in fields.items())
    text = f"{finding.message}\nhint: {finding.hint}"
    return f"::{_COMMANDS[finding.severity]} {properties}::{_message(text)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
