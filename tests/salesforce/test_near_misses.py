"""Texts that have a known text's words, but mean something else."""

import json

import pytest

from sfcred.salesforce.diagnosis import diagnose_text
from sfcred.salesforce.refusals import REFUSALS, Refusal
from sfcred.salesforce.refusals.model import A_REASON
from tests.helpers.reports import example

# n8n's sentence for any invalid_grant.
INVALID_GRANT = (
    "The provided authorization grant (e.g., authorization code, resource owner credentials) or "
    "refresh token is invalid, expired, revoked, does not match the redirection URI used in the "
    "authorization request, or was issued to another client"
)


def names(text: str) -> list[str]:
    return [row.name for row in diagnose_text(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("connect ETIMEDOUT 136.146.46.1:443\ninfo Connected to postgres:5432", "timed-out"),
        ("connect ECONNREFUSED 52.1.2.3:443\nn8n is on http://n8n:5678", "connection-refused"),
        (
            "connect ECONNREFUSED 10.0.0.2:3128 while fetching http://n8n:5678/",
            "connection-refused",
        ),
        ("connect EHOSTUNREACH [fd00::1]:5432", "own-service-refused"),
        ("GET /rest/login 200\nPOST /x 401 Unauthorized (Unauthorized)", "status-401"),
        ("GET https://n8n.acme.com/rest/login 401 (Unauthorized)", "n8n-editor-session"),
        ("401 (Unauthorized)\n:5678/rest/credentials:1", "n8n-editor-session"),
        ("WebSocket connection to 'wss://n8n.acme.com/rest/push?p=1' failed:", "n8n-push"),
    ],
)
def test_an_address_is_not_in_another_line_than_its_error(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "GET /rest/push?pushRef=1 101\nWorkflow 17 failed: something odd",
        "Unexpected token: punc (})",
        "Unexpected token: name (foo), expected punc",
        "Telegram: bad id format",
        "Error 500 records were skipped",
        'File "sync.py", line 404\n    error("odd")',
        "Cannot deserialize instance of `java.util.ArrayList` out of START_OBJECT token",
        "/etc/app: * permission denied while trying to connect to the Docker daemon",
    ],
)
def test_another_program_s_words_are_not_salesforce_s(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SELECT Id FRM Account\n^\nERROR at Row:1:Column:8\nunexpected token: FRM", "query-malformed"),
        ("unexpected token: 'FRM'", "query-malformed"),
        ("MALFORMED_ID: bad id 001xx", "id-malformed"),
        ("Cannot deserialize instance of date from VALUE_STRING value 1.2.2024", "field-value"),
        ("Code: 403. Errors:\n\n* permission denied", "store-vault-permission"),
        ('Invalid value "undefined" for header "Authorization"', "header-unset"),
        ("Invalid character in header content", "header-character"),
        ("Using SOCKS proxy, but the 'socksio' package is not installed.", "proxy-unusable"),
        ("Could not resolve proxy: proxi.acme.com", "proxy-unusable"),
        ("Proxy Authentication Required", "proxy-refuses"),
        ("Error 404.", "status-404"),
        ("404 error", "status-404"),
    ],
)  # fmt: skip
def test_what_differs_by_a_word_has_its_own_row(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "noise",
    [
        "The 'X-Forwarded-For' header is set but the Express 'trust proxy' setting is false",
        'Origin header does NOT match the expected origin. (Origin: "https://n8n.acme.com")',
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "Request failed with status code 400",
        "Failed to acquire OAuth2 access token",
        "invalid_grant: audience is invalid",
    ],
)
def test_what_n8n_s_log_always_has_explains_nothing_else(noise: str, text: str) -> None:
    assert names(f"{noise}\n{text}") == names(text)
    assert names(noise)[0].startswith("n8n-")


@pytest.mark.parametrize(
    "noise",
    [
        "Database connection timed out",
        "Lost Redis connection. Trying to reconnect in 1s...",
    ],
)
def test_salesforce_s_refusal_wins_over_a_service_that_failed_for_a_while(noise: str) -> None:
    assert names(f"{noise}\nuser hasn't approved this consumer") == ["user-not-approved"]
    assert len(names(noise)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "{ error: 'invalid_grant', error_description: 'the frobnicator is off' }",
        "{'error': 'invalid_grant', 'error_description': 'the frobnicator is off'}",
        '{"error"=>"invalid_grant", "error_description"=>"the frobnicator is off"}',
        '{:error=>"invalid_grant", :error_description=>"the frobnicator is off"}',
        '%{"error" => "invalid_grant", "error_description" => "the frobnicator is off"}',
        "(\n  [error] => invalid_grant\n  [error_description] => the frobnicator is off\n)",
        "map[error:invalid_grant error_description:the frobnicator is off]",
        "{error_description=the frobnicator is off, error=invalid_grant}",
        "<error>invalid_grant</error><error_description>the frobnicator is off</error_description>",
        "error: invalid_grant\nerror_description: the frobnicator is off",
        'Error="invalid_grant", Description="the frobnicator is off"',
        "UserInfo={error=invalid_grant, NSLocalizedDescription=the frobnicator is off}",
        '{\\"error\\":\\"invalid_grant\\",\\"error_description\\":\\"the frobnicator is off\\"}',
        'oauth2: "invalid_grant" "the frobnicator is not on"',
        "[invalid_grant] the frobnicator is not on",
        "Request Failed: invalid_grant the frobnicator must be on",
    ],
)
def test_a_description_that_is_not_known_is_one_in_any_notation(text: str) -> None:
    known = text.replace("the frobnicator is off", "inactive user").replace(
        "the frobnicator is not on", "inactive user"
    )
    assert names(text) == []
    if known != text:
        assert names(known) == ["user-inactive"]


@pytest.mark.parametrize(
    "text",
    [
        "throws invalid_grant error",
        "we get invalid_grant when we try to connect",
        "invalid_grant but the key has not expired",
        "invalid_grant since the sandbox was refreshed, not before",
        "{ error: 'invalid_grant', error_description: null }",
        "{'error': 'invalid_grant', 'error_description': 'invalid_grant'}",
        "400 invalid_grant",
    ],
)
def test_what_people_say_of_a_code_is_no_description(text: str) -> None:
    assert len(names(text)) > 1


@pytest.mark.parametrize(
    "around",
    [
        "400 Client Error: Bad Request for url: https://acme.my.salesforce.com/services/oauth2/token",
        "AxiosError: Request failed with status code 400",
        "Bad request - please check your parameters",
        'The credential "Salesforce account" needs to be reconnected.',
        "We can't authorize you because of an OAuth error.",
    ],
)
def test_what_stands_around_an_answer_that_is_not_known_does_not_explain_it(around: str) -> None:
    answer = '{"error":"frob_off","error_description":"the redirection URI of the frobnicator"}'
    assert len(names(around)) == 1
    assert names(f"{around}\n{answer}") == []
    assert names(f"{around}\ninvalid_grant: the frobnicator is off") == []
    assert names(f"{around}\n{{ error: 'frob_off' }}") == []


def test_a_status_that_n8n_calls_a_description_is_no_answer() -> None:
    text = (
        '{"errorMessage": "Bad request", "errorDescription": "Request failed with status code 502"}'
    )
    assert names(text) == ["n8n-server-error"]


@pytest.mark.parametrize(
    ("around", "name"),
    [
        (INVALID_GRANT, "n8n-invalid-grant"),
        ('The credential "Salesforce account" needs to be reconnected.', "n8n-reconnect"),
        ("Failed to acquire OAuth2 access token", "n8n-first-token"),
    ],
)
@pytest.mark.parametrize("answer", ['{"error":"invalid_grant"}', "{ error: 'invalid_grant' }"])
def test_a_code_that_tells_nothing_is_no_answer(around: str, name: str, answer: str) -> None:
    assert names(f"{around}\n{answer}") == [name]


@pytest.mark.parametrize(
    "row", [row for row in REFUSALS if row.tells < A_REASON], ids=lambda row: row.name
)
def test_what_says_little_is_still_known_as_an_answer_s_own_reason(row: Refusal) -> None:
    for answer in row.answers:
        if said := example(answer):
            assert names(json.dumps({"message": said, "errorDescription": said})), said
