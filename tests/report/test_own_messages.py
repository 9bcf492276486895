"""`sfcred explain --error` knows what sfcred itself prints: findings, hints, reasons and errors."""

import json

import pytest

from scripts.own_messages import TABLE
from sfcred.checks import all_checks, is_live
from sfcred.checks.api import AnyCheck
from sfcred.report.api import ReportStyle
from sfcred.report.error_text import as_text
from sfcred.report.formats import text as text_format
from tests.helpers.examples import examine_example
from tests.helpers.project import Project

_TEXTS = json.loads(TABLE.read_text(encoding="utf-8"))


#: Checks whose message is put together from words that could be anybody's.
_IN_PIECES = {"SFC109", "SFC701", "SFC808"}
#: Checks whose message another module words, or a row of the table explains.
_ELSEWHERE = {"SFC005", "SFC114", "SFC305"}


def _filled(template: str) -> str:
    return template.replace("{}", "x1")


@pytest.mark.parametrize("check", sorted(_TEXTS["checks"]))
def test_each_text_of_a_check_is_known(check: str) -> None:
    unknown = [text for text in _TEXTS["checks"][check] if not as_text(_filled(text))[1]]
    assert unknown == []


def test_each_message_is_known() -> None:
    messages = [text for text in _TEXTS["messages"] if text.strip("{} ")]
    assert [text for text in messages if not as_text(_filled(text))[1]] == []


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_a_finding_is_known_by_its_message_and_its_hint(check: AnyCheck, project: Project) -> None:
    report = examine_example(project, check.bad)
    found = [one for one in report.findings if one.check == check.id]
    for finding in found:
        explained, is_known = as_text(finding.message)
        assert is_known or check.id in _IN_PIECES, finding.message
        by_row = is_live(check.id) or check.id in _IN_PIECES | _ELSEWHERE
        assert by_row or check.id in explained, (finding.message, explained)
        # A shorter hint, such as Write X, could be anybody's.
        assert len(finding.hint.split()) < 7 or as_text(f"  hint: {finding.hint}")[1], finding.hint


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_each_block_of_a_report_is_known(check: AnyCheck, project: Project) -> None:
    report = examine_example(project, check.bad)
    printed = text_format.report(report, ReportStyle(width=80))
    unknown = [block for block in printed.split("\n\n") if not as_text(block)[1]]
    assert [block for block in unknown if not block.startswith(("ok ", "error ", "warning "))] == []
