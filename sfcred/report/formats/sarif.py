"""SARIF 2.1.0 (OASIS), for code scanning: rules with their pages, places, fingerprints."""

import json
from urllib.parse import quote

from sfcred import __version__
from sfcred.checks import all_checks
from sfcred.checks._api import Check, Severity
from sfcred.doctor import Finding, Report, Suppressed
from sfcred.report._api import Look
from sfcred.report.fingerprint import fingerprint

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def report(report: Report, _look: Look) -> str:
    """One run. What specs ignore is there, as suppressed, with the reason."""
    rules = {check.id: number for number, check in enumerate(all_checks())}
    before: dict[str, int] = {}
    results = [_result(finding, rules, before) for finding in report.findings]
    results += [_suppressed(one, rules, before) for one in report.suppressed]
    run = {
        "tool": {"driver": _driver()},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [_invocation(report)],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _driver() -> dict[str, object]:
    return {
        "name": "sfcred",
        "semanticVersion": __version__,
        "rules": [_rule(check) for check in all_checks()],
    }


def _rule(check: Check) -> dict[str, object]:
    page = check.page.partition("\n")[2].strip()
    return {
        "id": check.id,
        "name": check.name,
        "shortDescription": {"text": f"{check.title}."},
        "fullDescription": {"text": " ".join(page.partition("\n\n")[0].replace("**", "").split())},
        "help": {"text": page.replace("**", ""), "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
    }


def _result(finding: Finding, rules: dict[str, int], before: dict[str, int]) -> dict[str, object]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    place = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    return {
        "ruleId": finding.check,
        "ruleIndex": rules[finding.check],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}\nHint: {finding.hint}"},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"sfcred/v1": fingerprint(finding, before)},
    }


def _suppressed(
    one: Suppressed, rules: dict[str, int], before: dict[str, int]
) -> dict[str, object]:
    from sfcred.redact import redact

    suppression = {"kind": "inSource", "justification": redact(one.reason)}
    return {**_result(one.finding, rules, before), "suppressions": [suppression]}


def _uri(file: str) -> str:
    """A path as a URI reference (RFC 3986); a backslash is a Windows path's slash."""
    return quote(file.replace("\\", "/"), safe="/")


def _invocation(report: Report) -> dict[str, object]:
    notes = [
        {"level": "note", "message": {"text": f"{', '.join(one.checks)}: {one.reason}"}}
        for one in report.not_run
    ]
    notes += [
        {"level": "error", "message": {"text": f"{crash.check} crashed: {crash.what}"}}
        for crash in report.crashes
    ]
    return {"executionSuccessful": not report.crashes, "toolExecutionNotifications": notes}
