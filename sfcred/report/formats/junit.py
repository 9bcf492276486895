"""JUnit XML: a suite per credential, a case per finding, and one that passes for healthy ones.

What could not be read, reached or compared is an error, JUnit's term for a test that could not be
run. Other checks that were not run are skipped.
"""

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from sfcred.errors import Cause
from sfcred.findings import Finding, NotRun, Report, Result
from sfcred.report.api import ReportStyle
from sfcred.report.not_run import explained, unreadable_first
from sfcred.report.worst import LIMIT, counted_rest, rest, worst
from sfcred.text.printable import labelled

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: For programs: always UTF-8.
UTF8 = True

_Key = tuple[str, str | None, str]
_ILLEGAL = "[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def report(report: Report, _look: ReportStyle) -> str:
    """Return XML for CI systems that show tests. Errors and warnings are failures; infos pass.

    If there are more than LIMIT findings, the worst are cases, and one more case counts the rest.
    """
    from xml.etree import ElementTree as ET

    found: dict[_Key, list[Finding]] = defaultdict(list)
    shown = worst(report.findings, LIMIT, LIMIT)
    for finding in map(report.findings.__getitem__, shown):
        found[finding.file, finding.profile, finding.credential or ""].append(finding)
    skipped: dict[_Key, list[NotRun]] = defaultdict(list)
    for entry in unreadable_first(report)[:LIMIT]:
        skipped[entry.file, entry.profile, entry.credential or ""].append(entry)
    root = ET.Element("testsuites", {"name": "sfcred doctor"})
    known = {(result.file, result.profile, result.name): result for result in report.results}
    for key in dict.fromkeys([*known, *found, *skipped]):
        _suite(root, key, known.get(key), found[key], skipped[key])
    _rest(root, report, shown)
    _total(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _suite(
    root: "Element",
    key: _Key,
    result: Result | None,
    findings: list[Finding],
    skipped: list[NotRun],
) -> None:
    from xml.etree import ElementTree as ET

    file, profile, name = key
    title = labelled(name or file, profile)
    suite = ET.SubElement(root, "testsuite", {"name": _legal(title), "file": _legal(file)})
    for finding in findings:
        _case(suite, title, finding)
    for entry in skipped:
        _not_run(suite, title, entry)
    if result is not None and not findings and not suite.findall("testcase/error"):
        _new_case(suite, title, "doctor")
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    counts = {what: len(suite.findall(f"testcase/{tag}")) for what, tag in kinds.items()}
    suite.set("tests", str(len(suite)))
    suite.attrib.update({what: str(number) for what, number in counts.items()})


def _not_run(suite: "Element", title: str, entry: NotRun) -> None:
    from xml.etree import ElementTree as ET

    case = _new_case(suite, title, f"{', '.join(entry.checks)}: not run")
    tag = "error" if entry.cause is Cause.UNREADABLE else "skipped"
    element = ET.SubElement(case, tag, {"message": _legal(entry.reason)})
    element.text = _legal(f"{entry.file}\n{explained(entry)}")


def _rest(root: "Element", report: Report, shown: list[int]) -> None:
    """Add a suite that counts what isn't listed."""
    from xml.etree import ElementTree as ET

    left = rest(report.findings, shown)
    notes = [f"not listed: {counted_rest(left)}"] if left else []
    if len(report.not_run) > LIMIT:
        more = len(report.not_run) - LIMIT
        notes.append(f"not listed: {more:,} more reasons why checks were not run")
    if notes:
        suite = ET.SubElement(root, "testsuite", {"name": "not listed"})
        for note in notes:
            case = _new_case(suite, "not listed", "not-listed")
            ET.SubElement(case, "skipped", {"message": _legal(note)})
        suite.set("tests", str(len(notes)))
        suite.set("skipped", str(len(notes)))


def _case(suite: "Element", title: str, finding: Finding) -> None:
    from xml.etree import ElementTree as ET

    case = _new_case(suite, title, f"{finding.check} {finding.name}")
    text = _legal(
        f"{finding.file}:{finding.line}:{finding.column}\n{finding.message}\nhint: {finding.hint}"
    )
    if finding.severity.value == "info":
        ET.SubElement(case, "system-out").text = text
        return
    fields = {"message": _legal(finding.message), "type": finding.severity.value}
    ET.SubElement(case, "failure", fields).text = text


def _new_case(suite: "Element", title: str, name: str) -> "Element":
    from xml.etree import ElementTree as ET

    return ET.SubElement(suite, "testcase", {"classname": _legal(title), "name": _legal(name)})


def _total(root: "Element") -> None:
    for what in ("tests", "failures", "errors", "skipped"):
        root.set(what, str(sum(int(suite.get(what, "0")) for suite in root)))


def _legal(text: str) -> str:
    """Replace characters that XML 1.0 doesn't allow (section 2.2)."""
    return re.sub(_ILLEGAL, "\ufffd", text)
