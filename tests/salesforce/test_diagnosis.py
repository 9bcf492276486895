"""The diagnosis table: every row is found by its own wording, and its causes are well ordered."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.checks import find_check
from sfcred.salesforce.diagnosis import TRAITS, ErrorText, diagnose, fix_of, rank, read_error
from sfcred.salesforce.refusals import (
    POLICIES,
    REFUSALS,
    Cause,
    KnownWording,
    Refusal,
    find_refusal,
)

EVERY_ANSWER = [
    pytest.param(row, answer, id=f"{row.name}-{number}")
    for row in REFUSALS
    for number, answer in enumerate(row.answers)
]
EVERY_CAUSE = [
    pytest.param(cause, id=f"{row.name}-{number}")
    for row in REFUSALS
    for number, cause in enumerate(row.causes)
]


@pytest.mark.parametrize(("row", "answer"), EVERY_ANSWER)
def test_a_row_is_found_by_its_words(row: Refusal, answer: KnownWording) -> None:
    said = ErrorText(answer.error, answer.description, answer.step, answer.grant)
    assert row in diagnose(said)
    assert len(diagnose(said)) == 1


@pytest.mark.parametrize(("row", "answer"), EVERY_ANSWER)
def test_a_row_is_found_in_a_log(row: Refusal, answer: KnownWording) -> None:
    line = f"2026-11-01 12:00 ERROR NodeApiError: {answer.error}: {answer.description} (400)"
    assert row in diagnose(read_error(line))


@pytest.mark.parametrize("cause", EVERY_CAUSE)
def test_a_cause_is_a_clause_and_its_fix_a_sentence(cause: Cause) -> None:
    assert not cause.what.endswith(".")
    assert cause.what[0].islower() or cause.what.startswith(("External", "Salesforce", "`"))
    for app in (None, "external_client_app", "connected_app"):
        fix = fix_of(cause, app)
        assert fix.endswith((".", "`", ")"))
        assert fix[0].isupper() or fix.startswith(("`", "doctor", "n8n"))
        assert "{" not in fix
    assert ("{where}" in cause.fix) == (cause.where is not None)


@pytest.mark.parametrize("cause", EVERY_CAUSE)
def test_signs_are_checks_or_traits(cause: Cause) -> None:
    for sign in (*cause.signs, *([cause.only] if cause.only else [])):
        assert sign in TRAITS or (re.fullmatch("SFC[0-9]{3}", sign) and find_check(sign))


def test_names_are_unique() -> None:
    assert len({row.name for row in REFUSALS}) == len(REFUSALS)
    assert find_refusal("audience-invalid") is not None
    assert find_refusal("nonsense") is None


def only(text: str) -> str:
    rows = diagnose(read_error(text))
    assert len(rows) == 1, [row.name for row in rows]
    return rows[0].name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("invalid_grant: audience is invalid", "audience-invalid"),
        ("INVALID_GRANT:  Audience  is INVALID.", "audience-invalid"),
        ("invalid_grant: user hasn’t approved this consumer", "user-not-approved"),
        ('{"error":"invalid_grant","error_description":"invalid assertion"}', "assertion-invalid"),
        (
            r'body: "{\"error\":\"invalid_client_id\",\"error_description\":\"x\"}"',
            "client-id-unknown",
        ),
        (
            "http://localhost:1717/OauthRedirect?error=access_denied&error_description=end-user+denied+authorization&state=x",
            "consent-denied",
        ),
        (
            "https://x.my.salesforce.com/_ui/identity/oauth/ui/AuthorizationError?ErrorCode=OAUTH_APP_BLOCKED&ErrorDescription=this+app+is+blocked+by+admin",
            "app-blocked",
        ),
        ("OAUTH_EC_APP_NOT_FOUND", "app-not-found-in-browser"),
        ('[{"errorCode":"INVALID_SESSION_ID","message":"Session expired"}]', "session-invalid"),
        ("error=invalid_scope", "scope-invalid"),
        ("Bad_OAuth_Token", "token-refused"),
        ("Error: getaddrinfo ENOTFOUND acme.my.salesforce.com", "name-not-found"),
        ("secretOrPrivateKey must be an asymmetric key when using RS256", "key-refused"),
        ("Bad request - please check your parameters", "n8n-bad-request"),
        ("TypeError [ERR_INVALID_URL]: Invalid URL", "n8n-invalid-url"),
        ("access-denied", "consent-denied"),
    ],
)
def test_texts_as_people_paste_them(text: str, name: str) -> None:
    assert only(text) == name


def test_words_alone_may_fit_two_rows() -> None:
    names = [row.name for row in diagnose(read_error("expired authorization code"))]
    assert names == ["assertion-expired", "code-expired"]
    (code,) = diagnose(ErrorText("invalid_grant", "expired authorization code", "token", "code"))
    assert code.name == "code-expired"


@pytest.mark.parametrize("text", ["", "all is well", "invalid_grant", "invalid_grant: moon phase"])
def test_what_nobody_knows_is_not_guessed(text: str) -> None:
    assert diagnose(read_error(text)) == []


@given(st.text(), st.text())
def test_no_text_is_too_wild(error: str, description: str) -> None:
    diagnose(ErrorText(error, description))
    diagnose(read_error(f"{error}{description}"))


# -- ranking


def first(name: str, *signs: str) -> str:
    row = find_refusal(name)
    assert row is not None
    return rank(row, frozenset(signs))[0].what


def test_what_the_spec_tells_comes_first() -> None:
    assert "have refused it since Spring '26" in first("app-not-found", "generic_host")
    assert "another org" in first("app-not-found")
    assert "another org" in first("app-not-found", "SFC111")
    assert "not a username in this org" in first("user-unknown", "email_username")
    assert "another certificate" in first("assertion-invalid", "SFC408")
    assert "clock" in first("assertion-invalid", "clock")
    assert "new or was just changed" in first("user-not-approved", "young_certificate")
    assert "not pre-authorized" in first("user-not-approved", "young_certificate", "SFC601")


def test_what_can_t_be_is_left_out() -> None:
    row = find_refusal("app-not-found")
    assert row is not None
    assert not [c for c in rank(row, frozenset()) if "sandbox was refreshed" in c.what]
    assert [c for c in rank(row, frozenset({"sandbox"})) if "sandbox was refreshed" in c.what]
    assert rank(row, None) == list(row.causes)


def test_the_way_through_setup_is_the_app_s() -> None:
    cause = Cause("x", "Look: {where}.", POLICIES)
    assert fix_of(cause, "external_client_app") == f"Look: {POLICIES.external_client_app}."
    assert fix_of(cause, "connected_app") == f"Look: {POLICIES.connected_app}."
    assert POLICIES.connected_app in fix_of(cause, None)
    assert POLICIES.external_client_app in fix_of(cause, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://x/cb?error=invalid_grant&error_description=audience+is+invalid", ("invalid_grant", "audience is invalid")),
        ("https://x/cb#error=invalid_grant&error_description=audience%20is%20invalid&state=x", ("invalid_grant", "audience is invalid")),
        ("error=invalid_client", ("invalid_client", "")),
        ('{"error": "odd_one", "error_description": "it isn\\\'t"}', ("odd_one", "it isn't")),
        ('{"error": "odd_one"}', ("odd_one", "")),
        ("{'error': 'x', \"error\": \"odd_two\"}", ("odd_two", "")),
        ('[{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]', ("INVALID_SESSION_ID", "Session expired or invalid")),
    ],
)  # fmt: skip
def test_error_and_description_are_found_where_they_stand(text: str, said: tuple[str, str]) -> None:
    found = read_error(text)
    assert (found.error, found.description) == said
