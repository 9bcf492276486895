"""SARIF 2.1.0 (OASIS), for code scanning: rules with their pages, places, fingerprints."""

import json
from urllib.parse import quote

from sfcred import __version__
from sfcred.checks import all_checks
from sfcred.checks._api import Check, Rule, Severity
from sfcred.doctor import Finding, Report
from sfcred.doctor.fingerprint import fingerprints
from sfcred.redact import redact
from sfcred.report._api import Look
from sfcred.report.address import DOCUMENTATION, docs_of

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def report(report: Report, _look: Look) -> str:
    """One run. What is left out is there, as suppressed, with the reason."""
    rules = {check.id: number for number, check in enumerate(all_checks())}
    findings = [*report.findings, *(one.finding for one in report.suppressed)]
    results = [_result(finding, rules, mark) for finding, mark in fingerprints(findings)]
    for result, one in zip(results[len(report.findings) :], report.suppressed, strict=True):
        result["suppressions"] = [_suppression(one.rule)]
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
        "informationUri": DOCUMENTATION,
        "rules": [_rule(check) for check in all_checks()],
    }


def _rule(check: Check) -> dict[str, object]:
    page = check.page.partition("\n")[2].strip()
    return {
        "id": check.id,
        "name": check.name,
        "shortDescription": {"text": f"{check.title}."},
        "fullDescription": {"text": " ".join(page.partition("\n\n")[0].replace("**", "").split())},
        "helpUri": docs_of(check.id),
        "help": {"text": page.replace("**", ""), "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
    }


def _result(finding: Finding, rules: dict[str, int], mark: str) -> dict[str, object]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    place = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    return {
        "ruleId": finding.check,
        "ruleIndex": rules[finding.check],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}\nHint: {finding.hint}"},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"sfcred/v2": mark},
    }


def _suppression(rule: Rule) -> dict[str, str]:
    kind = "inSource" if rule.origin == "spec" else "external"
    return {"kind": kind, "status": "accepted", "justification": redact(rule.reason)}


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
