"""SARIF 2.1.0 (OASIS), for code scanning: rules with their pages, locations and fingerprints."""

import os
from urllib.parse import quote

from sfcred.checks import all_checks
from sfcred.checks.api import AnyCheck
from sfcred.doctor.fingerprint import fingerprints
from sfcred.errors import Cause
from sfcred.findings import Finding, NotRun, Report, Rule, Severity
from sfcred.report.absent import without_absences
from sfcred.report.address import DOCUMENTATION, docs_of
from sfcred.report.api import ReportStyle
from sfcred.report.check_pages import body
from sfcred.report.not_run import explained, unreadable_first
from sfcred.report.worst import counted_rest, rest, worst
from sfcred.text.printable import json_text
from sfcred.text.redact import redact
from sfcred.version import __version__

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


# "SARIF results exceed limit": GitHub rejects a file with more results per run. (It shows the worst
# 5,000 of them.)
_LIMIT = 25_000
_NOTES = 1_000

#: For programs: always UTF-8.
UTF8 = True


def report(report: Report, _look: ReportStyle) -> str:
    """Return a log with one run. Suppressed findings are marked as such, with the reason.

    If there are more than 25,000 results, it has the worst, and a notification counts the rest.
    Suppressed findings only get the room that is left.
    """
    report = without_absences(report)  # what wasn't checked for want of them is a notification
    rules = {check.id: number for number, check in enumerate(all_checks())}
    findings = [*report.findings, *(one.finding for one in report.suppressed)]
    marked = list(fingerprints(findings))
    active = len(report.findings)
    shown = worst(report.findings, _LIMIT, _LIMIT)
    shown += range(active, min(len(findings), active + _LIMIT - len(shown)))
    results = [_result(*marked[place], rules) for place in shown]
    for place, result in zip(shown, results, strict=True):
        if place >= active:
            result["suppressions"] = [_suppression(report.suppressed[place - active].rule)]
    run = {
        "tool": {"driver": _driver()},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [_invocation(report, rest(findings, shown))],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _driver() -> dict[str, object]:
    return {
        "name": "sfcred",
        "version": __version__,
        "semanticVersion": __version__.replace(".dev", "-dev."),
        "informationUri": DOCUMENTATION,
        "rules": [_rule(check) for check in all_checks()],
    }


def _rule(check: AnyCheck) -> dict[str, object]:
    page = body(check)
    return {
        "id": check.id,
        "name": check.name,
        "shortDescription": {"text": f"{check.title}."},
        "fullDescription": {"text": " ".join(page.partition("\n\n")[0].replace("**", "").split())},
        "helpUri": docs_of(check.id),
        "help": {"text": page.replace("**", ""), "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
    }


def _result(finding: Finding, mark: str, rules: dict[str, int]) -> dict[str, object]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    place = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    return {
        "ruleId": finding.check,
        "ruleIndex": rules[finding.check],
        "level": _LEVELS[finding.severity],
        "message": {"text": _unlinked(f"{finding.message}\nHint: {finding.hint}")},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"sfcred/v2": mark},
    }


def _suppression(rule: Rule) -> dict[str, str]:
    kind = "inSource" if rule.origin == "spec" else "external"
    return {"kind": kind, "status": "accepted", "justification": redact(rule.reason)}


def _uri(file: str) -> str:
    """Return a path as a URI reference (RFC 3986) without a scheme or host."""
    path = file.replace("\\", "/") if os.name == "nt" else file
    if path.startswith("//"):
        path = "/" + path.lstrip("/")
    return quote(path, safe="/", errors="surrogateescape")


def _unlinked(text: str) -> str:
    """Escape a message so that text from a spec can't become a link (SARIF 2.1.0, 3.11.6)."""
    return text.replace("](", "]\\(")


def _invocation(report: Report, left: list[Finding]) -> dict[str, object]:
    notes = [_note("error", f"{crash.check} crashed: {crash.what}") for crash in report.crashes]
    notes += [_not_run(one) for one in unreadable_first(report)]
    more = len(notes) - _NOTES
    notes = notes[:_NOTES]
    if more > 0:
        notes.append(_note("warning", f"{more:,} more notes are not listed"))
    if left:
        notes.append(_note("warning", f"not listed: {counted_rest(left)}"))
    return {"executionSuccessful": not report.crashes, "toolExecutionNotifications": notes}


def _not_run(entry: NotRun) -> dict[str, object]:
    level = "warning" if entry.cause is Cause.UNREADABLE else "note"
    note = _note(level, f"{', '.join(entry.checks)}: {explained(entry)}")
    if entry.file:
        place = {"artifactLocation": {"uri": _uri(entry.file)}}
        note["locations"] = [{"physicalLocation": place}]
    return note


def _note(level: str, text: str) -> dict[str, object]:
    return {"level": level, "message": {"text": _unlinked(text)}}
