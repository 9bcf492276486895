"""The status of each credential, after everything was examined."""

from collections.abc import Iterable, Iterator

from sfcred.findings import Finding, Report, Result, Severity

#: A credential: its file as messages show it, its profile, and its name.
Key = tuple[str, str | None, str]


def with_statuses(report: Report, unchecked: Iterable[Key]) -> Report:
    """Return the report with the status of each credential (`Result.status`).

    Args:
        report: What was found, with the causes of what was not run.
        unchecked: The credentials that no selected check looks at.
    """
    worst = _worst(report.findings)
    unknown = {*unchecked, *_not_read(report), *_crashed(report)}
    results = tuple(_with_status(result, worst, unknown) for result in report.results)
    return report._replace(results=results)


def _worst(findings: Iterable[Finding]) -> dict[Key, Severity]:
    """Return the severity of the worst finding of each credential."""
    worst: dict[Key, Severity] = {}
    for finding in findings:
        key = (finding.file, finding.profile, finding.credential or "")
        if key not in worst or worst[key].rank < finding.severity.rank:
            worst[key] = finding.severity
    return worst


def _not_read(report: Report) -> Iterator[Key]:
    for one in report.unreadable:
        yield one.file, one.profile, one.credential or ""


def _crashed(report: Report) -> Iterator[Key]:
    """Yield the credentials that a check crashed for, or for whose file one did."""
    crashed = {(crash.file, crash.credential) for crash in report.crashes}
    for one in report.results:
        if not crashed.isdisjoint({(one.file, one.name), (one.file, None)}):
            yield _key(one)


def _with_status(result: Result, worst: dict[Key, Severity], unknown: set[Key]) -> Result:
    if result.status == "error":
        return result
    # A finding without a profile is about the spec, and so about each of its profiles.
    keys = (_key(result), (result.file, None, result.name))
    found = [worst[key] for key in keys if key in worst]
    severity = max(found, key=lambda one: one.rank, default=None)
    is_unknown = _key(result) in unknown or result.live not in (None, "logged_in")
    nothing = "unknown" if is_unknown else "ok"
    return result._replace(status=severity.value if severity else nothing)


def _key(result: Result) -> Key:
    return result.file, result.profile, result.name
