"""Decide whether the report says why a check was not run, so that nothing goes unreported."""

from collections.abc import Iterable

from sfcred.checks import about_the_visit
from sfcred.errors import Cause
from sfcred.findings import Finding, NotRun, Report, Severity

_Found = set[tuple[str, str | None, str | None, str]]


def with_causes(report: Report, *, strict: bool) -> list[NotRun]:
    """Set the cause of what could not be checked because of another check's finding.

    The finding counts if it is in the report or in the baseline. It doesn't count if its check
    isn't selected or is ignored, because then nothing else reports the problem.

    With --live, a finding in the baseline doesn't excuse a missing login. With `strict`, only an
    error in this report does.

    Args:
        report: The report, with all its findings.
        strict: Secrets are required, so a missing one is no excuse for a login that wasn't tried.

    Returns:
        The report's `not_run`, each entry with its cause.
    """
    shown = _keys(report.findings)
    # An org that can't be reached isn't a finding, but the report still lists it once.
    shown |= {
        (entry.file, entry.credential, entry.profile, check)
        for entry in report.unreadable
        if not entry.because_of
        for check in entry.checks
    }
    baselined = [one.finding for one in report.suppressed if one.rule.origin == "baseline"]
    known = shown | _keys(baselined)
    if report.live is None:
        return [_with_cause(entry, known) for entry in report.not_run]
    logins, visit = _Logins(report, strict=strict), about_the_visit()
    return [
        logins.judged(_with_cause(entry, shown))
        if visit in entry.checks
        else _with_cause(entry, known)
        for entry in report.not_run
    ]


def _keys(findings: Iterable[Finding]) -> _Found:
    return {(one.file, one.credential, one.profile, one.check) for one in findings}


def _with_cause(entry: NotRun, found: _Found) -> NotRun:
    # A finding about a whole file or spec concerns each of its credentials.
    whose = ((entry.credential, entry.profile), (entry.credential, None), (None, None))
    for check in entry.because_of:
        if any((entry.file, *one, check) in found for one in whose):
            return entry._replace(cause=Cause.FINDING)
    return entry


class _Logins:
    """Judges logins that were asked for and not tried."""

    def __init__(self, report: Report, *, strict: bool) -> None:
        self._strict = strict
        self._errors = {
            (one.file, one.credential) for one in report.findings if one.severity is Severity.ERROR
        }

    def judged(self, entry: NotRun) -> NotRun:
        """Return the entry, as unreadable where secrets are required and no error explains it."""
        explained = (entry.file, entry.credential) in self._errors
        if not self._strict or explained or entry.cause is Cause.IGNORED:
            return entry
        return entry._replace(cause=Cause.UNREADABLE)
