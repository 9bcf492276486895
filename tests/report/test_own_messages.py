"""`sfcred explain --error` knows what sfcred itself prints: findings, hints, reasons and errors."""

import json

import pytest

from scripts.own_messages import TABLE
from sfcred.checks import all_checks
from sfcred.checks.api import AnyCheck
from sfcred.report.api import ReportStyle
from sfcred.report.error_text import _WHICH, as_text
from sfcred.report.formats import text as text_format
from sfcred.report.own_messages import own_texts_in
from tests.helpers.examples import examine_example
from tests.helpers.project import Project
from tests.helpers.reports import FOLDER, reports

_TEXTS = json.loads(TABLE.read_text(encoding="utf-8"))


def _filled(template: str) -> str:
    return template.replace("{}", "x1")


@pytest.mark.parametrize("check", sorted(_TEXTS["checks"]))
def test_each_text_of_a_check_is_known(check: str) -> None:
    unknown = [text for text in _TEXTS["checks"][check] if not as_text(_filled(text))[1]]
    assert unknown == []


def test_each_message_is_known() -> None:
    messages = [text for text in _TEXTS["messages"] if text.strip("{} ")]
    assert [text for text in messages if not as_text(_filled(text))[1]] == []


def test_nobody_else_s_error_has_a_text_of_sfcred_s_own() -> None:
    names = sorted(file.stem for file in FOLDER.glob("*.yaml"))
    every = [report for name in names for report in reports(name)]
    found = {one.id: [own.text for own in own_texts_in(one.text)[0]] for one in every}
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("invalid_grant\nCheck the network and the address, and try again.", "jwt-login-refused"),
        ("next: sfcred doctor --fix\ninvalid_grant", "jwt-login-refused"),
        ("SFC402 is fine but I get invalid_grant", "jwt-login-refused"),
        ("next: sfcred doctor --fix", "sfcred-next-step"),
        ("next: sfcred doctor --fix\nOAUTH_EC_APP_NOT_FOUND", "OAUTH_EC_APP_NOT_FOUND"),
    ],
)
def test_an_error_beside_sfcred_s_own_words_comes_first(text: str, explained: str) -> None:
    told = as_text(text)[0].removeprefix(f"{_WHICH}\n\n")
    assert explained in told.splitlines()[0]


@pytest.mark.parametrize("text", ["N8N_SKIP_AUTH_ON_OAUTH_CALLBACK", "-----BEGIN CERTIFICATE-----"])
def test_a_name_is_no_message(text: str) -> None:
    assert not as_text(text)[1]


@pytest.mark.parametrize(
    "text",
    [
        "grafana: it answered with HTTP status 503",
        "gcloud crashed: Check the network and the proxy.",
        "jira: must not be an empty string",
        "vault: the encryption key is wrong",
        "string_too_short",
        "DBUS_SESSION_BUS_ADDRESS",
        "MyBank: something other than JSON (HTTP 502)",
    ],
)
def test_the_words_of_other_programs_are_not_sfcred_s(text: str) -> None:
    assert own_texts_in(text)[0] == []


@pytest.mark.parametrize(
    "beside",
    [
        "My app: Admin approved users are pre-authorized, Refresh token is valid until revoked.",
        "Check the network and the address.",
        "the app's policy admits only users who are approved, and pre-authorizes nobody yet",
    ],
)
def test_no_error_is_lost_beside_words_of_sfcred_s(beside: str) -> None:
    told = as_text(f'{{"error":"invalid_grant"}}\n{beside}')[0]
    before = told.partition("jwt-login-refused")[0]
    # Whether it is Salesforce's error is certain only beside whole lines of sfcred's.
    assert before.strip().removeprefix(_WHICH).strip() in (
        "",
        "Other services give this answer, too. If it is about Salesforce:",
    )


def test_no_error_is_lost_within_words_of_sfcred_s() -> None:
    error = '{"error":"invalid_grant","error_description":"user hasn\'t approved this consumer"}'
    assert "user-not-approved" in as_text(f"the value of x {error} looks like y")[0]


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_each_block_of_a_report_is_known(check: AnyCheck, project: Project) -> None:
    report = examine_example(project, check.bad)
    printed = text_format.report(report, ReportStyle(width=80))
    unknown = [block for block in printed.split("\n\n") if not as_text(block)[1]]
    assert [block for block in unknown if not block.startswith(("ok ", "error ", "warning "))] == []
