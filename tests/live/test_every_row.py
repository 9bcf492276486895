"""The rows that doctor's own logins don't meet, from the wording to the diagnosis."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from pytest_httpx import HTTPXMock

from sfcred.errors import LoginFailed
from sfcred.http.client import ClientOptions, run_flows
from sfcred.live.collect import visit_that_was_denied, visit_with
from sfcred.live.grants import client_of
from sfcred.live.visit import Live, Visit
from sfcred.login import judge
from sfcred.oauth.authorization_code import ask, token_request
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential
from sfcred.salesforce.diagnosis import rank
from sfcred.salesforce.refusals import REFUSALS, Endpoint, KnownWording, Refusal
from tests.conftest import Outcome
from tests.helpers.org_answers import HOST, RECORD, USER
from tests.helpers.project import Project, credentials_of
from tests.helpers.reports import example
from tests.live.conftest import COMMON_SIGNS, TOKEN_URL, Org

Run = Callable[..., Outcome]
REDIRECT = "http://localhost:1717/OauthRedirect"


def rows(
    *steps: Endpoint, grants: tuple[str, ...] = ("", "code", "jwt", "refresh")
) -> list[object]:
    return [
        pytest.param(row, answer, id=f"{row.name}-{number}")
        for row in REFUSALS
        for number, answer in enumerate(row.answers)
        if answer.step in steps and answer.grant in grants
    ]


@pytest.fixture
def credential(project: Project) -> Credential:
    context = Context(project=project.folder, now=datetime.now(UTC))
    path = project.credential("oauth2: {refresh_token: {file: token}}\n", "oauth2")
    found = credentials_of([path], context)
    return found[0]


def consented(credential: Credential) -> Visit:
    """Return the visit after a consent, really driven against the replies."""
    client = client_of(credential)
    consent = ask(client.client_id, HOST, REDIRECT, ["api"])
    request = token_request(client, HOST, consent, SecretStr("aPrx"))
    (result,) = run_flows([lambda: visit_with(credential, request)], ClientOptions()).results
    assert isinstance(result, Visit)
    return result


def assert_diagnosed(error: LoginFailed, row: Refusal, answer: KnownWording) -> None:
    causes = rank(row, COMMON_SIGNS | {"consent"})
    assert answer.error in error.message
    assert f"most likely {causes[0].what}" in error.message
    for cause in causes[1:]:
        assert f"Or if {cause.what}" in error.hint
    assert row.in_n8n in error.hint


@pytest.mark.parametrize(("row", "answer"), rows("token", grants=("code",)))
def test_a_code_that_is_refused(
    credential: Credential, org: Org, row: Refusal, answer: KnownWording
) -> None:
    org.refuses(answer.error, answer.description)
    with pytest.raises(LoginFailed) as raised:
        judge(Live(credential, consented(credential)), print)
    assert_diagnosed(raised.value, row, answer)


@pytest.mark.parametrize(("row", "answer"), rows("authorize"))
def test_a_consent_that_comes_back_with_an_error(
    credential: Credential, row: Refusal, answer: KnownWording
) -> None:
    visit = visit_that_was_denied(credential, HOST, answer.error, answer.description)
    with pytest.raises(LoginFailed) as raised:
        judge(Live(credential, visit), print)
    assert raised.value.message.startswith("Salesforce gave no consent: ")
    assert_diagnosed(raised.value, row, answer)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row.name)
        for row in REFUSALS
        if row.name != "client-refused-without-secret"
    ],
)
def test_a_text_that_somebody_pastes(run: Run, row: Refusal) -> None:
    answer = row.answers[0]
    done = run("explain", "--error", f"Error: {answer.error} {example(answer)} (canary4711)")
    assert done.status == 0
    assert row.name in done.out
    assert row.in_n8n in done.out
    assert "canary4711" not in done.out + done.err


def test_a_text_that_nobody_knows(run: Run) -> None:
    done = run("explain", "--error", "moon phase canary4711")
    assert done.status == 1
    assert "doctor --live" in done.out
    assert "canary4711" not in done.out + done.err


# -- what can come back from a consent


def test_a_consent_without_a_refresh_token(credential: Credential, org: Org) -> None:
    org.is_well()
    with pytest.raises(LoginFailed) as raised:
        judge(Live(credential, consented(credential)), print)
    assert "no refresh token" in raised.value.message


def test_a_consent_in_another_kind_of_org(credential: Credential, org: Org) -> None:
    org.grants(refresh_token="5Aep861x")
    org.tells(organization={**RECORD, "IsSandbox": False})
    with pytest.raises(LoginFailed) as raised:
        judge(Live(credential, consented(credential)), print)
    assert "nothing was stored" in raised.value.message


def test_a_scope_that_is_missing_is_a_warning(credential: Credential, org: Org) -> None:
    org.grants(refresh_token="5Aep861x", scope="api")
    org.tells()
    warnings: list[str] = []
    token = judge(Live(credential, consented(credential)), warnings.append)
    assert token.get_secret_value() == "5Aep861x"
    assert "`refresh_token`" in warnings[0]


def test_an_org_that_is_gone_in_between(credential: Credential, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(method="POST", url=TOKEN_URL, status_code=503, text="<html>")
    with pytest.raises(LoginFailed) as raised:
        judge(Live(credential, consented(credential)), print)
    assert "a web page instead of JSON" in raised.value.message


def test_the_code_s_exchange_asks_for_nothing_twice(
    credential: Credential, org: Org, httpx_mock: HTTPXMock
) -> None:
    org.grants(refresh_token="5Aep861x")
    org.tells(user=USER)
    consented(credential)
    assert [r.method for r in httpx_mock.get_requests()] == ["POST", "GET", "GET"]
