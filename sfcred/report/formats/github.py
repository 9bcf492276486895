"""Workflow commands of GitHub Actions: annotations at the lines of a pull request.

Escapes as GitHub's runner has them ("Workflow commands for GitHub Actions"): in messages %, CR and
LF; in properties also colon and comma. So no text of a spec can become a command of its own.
"""

from sfcred.checks._api import Severity
from sfcred.doctor import Finding, Report
from sfcred.report._api import Look

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report(report: Report, _look: Look) -> str:
    """One command a finding, and one for each check that failed itself."""
    lines = [_command(finding) for finding in report.findings]
    lines += [
        f"::error title={_property(f'{crash.check} crashed')}::{_message(crash.what)}"
        for crash in report.crashes
    ]
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
