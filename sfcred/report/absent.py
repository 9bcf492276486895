"""Secrets that aren't available here: normal in a pull request, so reports fold what they say."""

from collections.abc import Iterable

from sfcred.checks import has_trait
from sfcred.checks.api import Trait
from sfcred.findings import Finding, Report, Severity
from sfcred.text.printable import counted


def is_absence(finding: Finding) -> bool:
    """Return whether a finding only says that none of a credential's secrets is here."""
    return finding.severity is Severity.INFO and has_trait(finding.check, Trait.ABOUT_SECRETS)


def without_absences(report: Report) -> Report:
    """Return the report for tools that mark lines of a pull request: nothing there is to change."""
    return report._replace(findings=tuple(f for f in report.findings if not is_absence(f)))


def absence_line(findings: Iterable[Finding]) -> str:
    """Return one line about the credentials whose secrets aren't here; empty if there are none."""
    absent = [finding for finding in findings if is_absence(finding)]
    if not absent:
        return ""
    whose = counted(len(absent), "credential")
    return f"the secrets of {whose} are not available here"
