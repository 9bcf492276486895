"""The diagnosis table: every row is found by its own wording, and its causes are well ordered."""

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.checks import find_check
from sfcred.salesforce.diagnosis import (
    ErrorText,
    diagnose,
    diagnose_text,
    fix_of,
    nearest,
    rank,
    read_error,
    ruled_out,
    signs_in,
    without_names,
)
from sfcred.salesforce.refusals import (
    POLICIES,
    REFUSALS,
    Grant,
    KnownWording,
    Refusal,
    RefusalCause,
    find_refusal,
)
from sfcred.salesforce.refusals.traits import TRAITS
from tests.helpers.reports import example

EVERY_ANSWER = [
    pytest.param(row, answer, id=f"{row.name}-{number}")
    for row in REFUSALS
    for number, answer in enumerate(row.answers)
]
EVERY_CAUSE = [
    pytest.param(cause, id=f"{row.name}-{number}")
    for row in map(without_names, REFUSALS)
    for number, cause in enumerate(row.causes)
]


def names(found: list[Refusal]) -> list[str]:
    return [row.name for row in found]


@pytest.mark.parametrize(("row", "answer"), EVERY_ANSWER)
def test_a_row_is_found_by_its_words(row: Refusal, answer: KnownWording) -> None:
    if answer.step in ("token", "authorize", "userinfo", "rest", "node"):
        said = ErrorText(answer.error, example(answer), answer.step, answer.grant)
        assert names(diagnose(said)) == [row.name]
    if row.name != "client-refused-without-secret":  # pasted, it is rarely a JWT login's
        assert row.name in names(diagnose_text(f"{answer.error} {example(answer)}"))


@pytest.mark.parametrize(("row", "answer"), EVERY_ANSWER)
def test_a_row_is_found_in_a_log(row: Refusal, answer: KnownWording) -> None:
    line = f"2026-11-01 12:00 ERROR NodeApiError: {answer.error}: {example(answer)} (400)"
    if row.name != "client-refused-without-secret":
        assert row.name in names(diagnose_text(line))


@pytest.mark.parametrize("cause", EVERY_CAUSE)
def test_a_cause_is_a_clause_and_its_fix_a_sentence(cause: RefusalCause) -> None:
    assert not cause.what.endswith(".")
    begins = ("External", "Salesforce", "API", "NODE_EXTRA_CA_CERTS", "Windows", "Python", "`")
    assert cause.what[0].islower() or cause.what.startswith(begins)
    for app in (None, "external_client_app", "connected_app"):
        fix = fix_of(cause, app)
        assert fix.endswith((".", "`", ")"))
        assert fix[0].isupper() or fix.startswith(("`", "doctor", "n8n"))
        assert "{" not in re.sub("`[^`]*`", "", fix) + cause.what
    assert ("{where}" in cause.fix) == (cause.where is not None)


@pytest.mark.parametrize("cause", EVERY_CAUSE)
def test_signs_are_checks_or_traits(cause: RefusalCause) -> None:
    assert set(cause.unless) <= set(TRAITS)
    for sign in cause.signs:
        assert sign in TRAITS or (re.fullmatch("SFC[0-9]{3}", sign) and find_check(sign))


def test_each_trait_decides_something() -> None:
    used = {
        one for row in REFUSALS for cause in row.causes for one in (*cause.signs, *cause.unless)
    }
    assert set(TRAITS) - used == set()


def test_names_are_unique() -> None:
    assert len({row.name for row in REFUSALS}) == len(REFUSALS)
    assert find_refusal("audience-invalid") is not None
    assert find_refusal("nonsense") is None


def only(text: str) -> str:
    rows = diagnose_text(text)
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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bad request", "status-400"), ("bad request.", "status-400"), ("401", "status-401"),
        ("Forbidden", "status-403"), ('"Not Found"', "status-404"), ("500", "status-5xx"),
    ],
)  # fmt: skip
def test_a_status_is_known_by_its_name_alone(text: str, name: str) -> None:
    assert only(text) == name
    assert diagnose_text(f"the moon is {text} today") == []


def test_words_alone_may_fit_two_rows() -> None:
    found = names(diagnose_text("expired authorization code"))
    assert found == ["assertion-expired", "code-expired"]
    (code,) = diagnose(ErrorText("invalid_grant", "expired authorization code", "token", "code"))
    assert code.name == "code-expired"


@pytest.mark.parametrize("text", ["", "all is well", "moon phase", "invalid_grant: moon phase"])
def test_what_nobody_knows_is_not_guessed(text: str) -> None:
    assert diagnose_text(text) == []
    error, _, description = text.partition(": ")
    assert diagnose(ErrorText(error if description else "", text)) == []


@pytest.mark.parametrize(
    ("grant", "name"),
    [
        ("jwt", "jwt-login-refused"),
        ("refresh", "refresh-refused"),
        ("code", "code-exchange-refused"),
        ("client", "client-credentials-refused"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("error", ["invalid_grant", "invalid_request"])
def test_a_bare_error_lists_what_it_may_mean(error: str, grant: Grant, name: str) -> None:
    assert names(diagnose(ErrorText(error, "", "token", grant))) == [name]


def test_a_bare_error_without_a_flow_lists_every_flow_s() -> None:
    assert names(diagnose_text('{"error": "invalid_grant"}')) == [
        "jwt-login-refused", "code-exchange-refused", "refresh-refused", "client-credentials-refused",
    ]  # fmt: skip


def test_an_answer_belongs_to_its_flow() -> None:
    """A JWT login sends no secret, so none can be wrong."""
    said = ErrorText("invalid_client", "invalid client credentials", "token")
    (jwt,) = diagnose(said._replace(grant="jwt"))
    assert not [cause for cause in jwt.causes if "client_secret" in cause.fix]
    for grant in ("refresh", "code", ""):
        (other,) = diagnose(said._replace(grant=grant))
        assert "Consumer Secret" in other.causes[0].what


def test_an_org_s_answer_is_never_explained_as_somebody_else_s() -> None:
    assert diagnose(ErrorText("odd", "the file already exists", "token")) == []


def test_what_is_unknown_comes_with_the_nearest_texts() -> None:
    assert "client identifier invalid" in nearest("the client identifier seems invalid")
    # Two of three words are enough, half of them are not.
    assert nearest("my client identifier was refused") == ["client identifier invalid"]
    assert nearest("the scope is wide") == []
    assert nearest("moon phase") == []


# -- reading


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Bad request - please check your parameters\n400 - {"error":"invalid_grant","error_description":"audience is invalid"}', "audience-invalid"),
        ("OAUTH_APPROVAL_ERROR_GENERIC: An unexpected error has occurred during authentication\nhttps://x/?error=invalid_scope&error_description=the+requested+scope+is+not+allowed", "scope-invalid"),
        ("<html><body><b>OAUTH_APP_BLOCKED</b> : this app is blocked by&nbsp;admin</body></html>", "app-blocked"),
        ("<p>user hasn&#39;t approved this consumer</p>", "user-not-approved"),
        ('{"a": "{\\"error\\":\\"invalid_grant\\",\\"error_description\\":\\"user hasn\\\\u0027t approved this consumer\\"}"}', "user-not-approved"),
        ("error_description=user%20hasn%27t%20approved%20this%20consumer&error=invalid_grant", "user-not-approved"),
        ("connect ECONNREFUSED 127.0.0.1:3128\nThe service refused the connection - perhaps it is offline", "connection-refused"),
        ("errors: UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls-authority-unknown"),
        ("The metadata deploy operation failed. You cannot provide a Consumer Key", "deploy-consumer-key"),
        ('Request failed with status code 400\n{"error":"invalid_client"}', "client-secret-wrong"),
        ("Authorization failed - please check your credentials\nINVALID_SESSION_ID", "session-invalid"),
        ('HTTP/1.1 401 Unauthorized\n\n[{"errorCode":"INVALID_SESSION_ID"}]', "session-invalid"),
        ("502 Bad Gateway\nTunnel connection failed", "proxy-refuses"),
        ("invalid_grant, user hasnt approved this consumer", "user-not-approved"),
        ("This app cant be found: app_not_found", "app-not-found"),
        ("Request Limit Exceeded", "api-limit"),
        ("redirect uri mismatch.", "redirect-uri-mismatch"),
        ('{"message": "invalid_grant - invalid assertion \\nusername: me@example.com"}', "assertion-invalid"),
        ("NodeApiError: Bad request - please check your parameters\nRequest Entity Too Large", "status-413"),
        ("The app said `invalid scope`", "scope-invalid"),
    ],
)  # fmt: skip
def test_the_most_telling_error_of_a_paste_wins(text: str, name: str) -> None:
    assert only(text) == name


@pytest.mark.parametrize(
    "text", ["unrestricted ips", "LOGIN_ERRORS", "invalid urls", "XECONNRESETX", "my_error_invalid"]
)
def test_a_text_inside_a_longer_word_is_another_text(text: str) -> None:
    assert diagnose_text(text) == []


def test_the_names_of_the_text_stand_in_the_diagnosis() -> None:
    (row,) = diagnose_text("No such column 'Region__c' on entity 'Lead'. If you are …")
    assert row.causes[0].what.startswith("`Region__c` doesn't exist on `Lead`")
    (row,) = diagnose_text("INVALID_FIELD")
    assert row.causes[0].what.startswith("the field doesn't exist on the object")


@pytest.mark.parametrize(
    "text",
    [
        "getaddrinfo ENOTFOUND acme.app.n8n.cloud",
        "getaddrinfo EAI_AGAIN n8n.acme.com",
        "curl: (6) Could not resolve host: n8n.acme.com",
        "dial tcp: lookup n8n.acme.com: no such host",
    ],
)
def test_n8n_s_own_host_has_nothing_to_do_with_my_domain(text: str) -> None:
    (row,) = diagnose_text(text)
    causes = rank(row, signs_in(text))
    assert ("n8n's host is misspelled" in causes[0].what) is ("EAI_AGAIN" not in text)
    assert not any("my_domain" in cause.fix for cause in causes)


def test_a_misspelt_org_is_still_compared_with_my_domain() -> None:
    text = "getaddrinfo ENOTFOUND acme.my.salesforc.com"
    (row,) = diagnose_text(text)
    assert "My Domain" in rank(row, signs_in(text))[0].what


def test_a_general_login_host_in_the_text_is_a_sign() -> None:
    text = "https://test.salesforce.com/services/oauth2/authorize?error=invalid_client_id"
    assert signs_in(text) == {"generic_host"}
    assert signs_in("https://acme.my.salesforce.com/services/oauth2/authorize") == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "Invalid certificate",  # OpenSSL's, of any certificate
        "certificate is not valid",  # Python's
        "These profile pictures' names are already taken",
        "a connected app creation guide",
        "API key format not supported",
        "Error: Unexpected server response to CONNECT",
    ],
)
def test_words_of_other_programs_are_not_a_deployment_s_or_a_key_s(text: str) -> None:
    assert diagnose_text(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Apex trigger LeadTrigger caused an unexpected exception, contact your administrator", "apex-exception"),
        ("The users password has expired, you must call SetPassword before attempting it", "password-expired"),
        ("We can't save this record because the \u201cLead Router\u201d process failed.", "automation-failed"),
        ("Value too long for field: Description maximum length is:255", "field-value"),
        ("The operation you requested isn't allowed due to a security policy in your organization.", "security-policy"),
        ("This feature is not currently enabled for this user type or org: [ContentVersion]", "feature-off"),
        ("Your request was running for too long, and has been stopped.", "query-slow"),
        ("Foreign key external ID: 00123 not found for field Key__c in entity Account", "reference-by-external-id"),
        ("The daily limit for the org would be exceeded by this operation", "email-limit"),
        ("Unable to find default record type", "record-type"),
    ],
)  # fmt: skip
def test_n8n_shows_the_message_without_its_code(text: str, name: str) -> None:
    assert only(text) == name


_RULE = '[{"message":"invalid_client: invalid client credentials","errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION"}]'  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        _RULE,
        json.dumps({"body": _RULE}),
        json.dumps({"a": json.dumps({"body": _RULE})}),
        html.escape(_RULE),
        _RULE.replace('"', "\u201c"),
        "Error: " + _RULE.replace(",", ",\n  "),
    ],
)
def test_the_code_of_the_api_decides_however_its_answer_is_written(text: str) -> None:
    assert only(text) == "validation-rule"


@pytest.mark.parametrize(
    "text",
    [
        "Gmail API is not enabled for this project 123",
        "This record is locked by Jane in Airtable",
        "the customer portal disabled comments",
        "Our office works offline; disabled people welcome",
        "zip code=4130",
        "Code=4031",
        "page not found, error 4130",
        "stream closed with error code INTERNAL_ERROR",
        "a foreign key external id is missing",
        "entity type article does not support comments",
        "refresh token is nullified",
        "the token has too many scopes",
        "request slow down please",
        "PRECONDITION_FAILED",
        "We can't query your organization chart",
    ],
)
def test_words_of_other_products_are_not_salesforce_s(text: str) -> None:
    assert diagnose_text(text) == []


@given(st.text(), st.text())
def test_no_text_is_too_wild(error: str, description: str) -> None:
    diagnose(ErrorText(error, description))
    diagnose_text(f"{error}{description}")


# -- ranking


def first(name: str, *signs: str) -> str:
    row = find_refusal(name)
    assert row is not None
    return rank(row, frozenset(signs))[0].what


def test_what_the_spec_tells_comes_first() -> None:
    assert "have usually refused it in the JWT flow" in first("app-not-found", "generic_host")
    assert "another org" in first("app-not-found", "own_host")
    assert "another org" in first("app-not-found", "SFC111")
    assert "not a username in this org" in first("user-unknown", "email_username")
    assert "another certificate" in first("assertion-invalid", "SFC408")
    assert "clock" in first("assertion-invalid", "clock")
    assert "new or was just changed" in first("user-not-approved", "young_certificate")
    assert "not pre-authorized" in first("user-not-approved", "young_certificate", "SFC601")


def test_what_can_t_be_is_struck_out_with_the_reason() -> None:
    row = find_refusal("app-not-found")
    assert row is not None
    signs = frozenset({"production", "own_host"})
    assert not [c for c in rank(row, signs) if "sandbox was refreshed" in c.what]
    assert [why for _, why in ruled_out(row, signs)] == [
        "my_domain is the org's own address", "the spec has environment: production",
    ]  # fmt: skip
    assert rank(row) == list(row.causes)
    assert ruled_out(row, frozenset()) == []


def test_an_org_that_differs_from_the_spec_has_all_causes() -> None:
    row = find_refusal("pkce-missing")
    assert row is not None
    assert rank(row, frozenset({"n8n_sends_pkce"})) == list(row.causes)
    assert ruled_out(row, frozenset({"n8n_sends_pkce"})) == []


def test_the_way_through_setup_is_the_app_s() -> None:
    cause = RefusalCause("x", "Look: {where}.", POLICIES)
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


@pytest.mark.parametrize(
    "text",
    [
        "Error: self-signed certificate in certificate chain",
        "self-signed certificate; if the root CA is installed locally, try --use-system-ca",
        "Error: self\u2010signed certificate",
        "Error: self\u2011signed certificate",
        "Error: self\u2013signed certificate in certificate chain",
        "SELF SIGNED CERTIFICATE",
    ],
)
def test_a_hyphen_a_dash_and_a_space_are_the_same(text: str) -> None:
    assert names(diagnose_text(text)) == ["tls-authority-unknown"]


@pytest.mark.parametrize("text", ["invalid-grant-type", "xinvalid_grant", "my_invalid_grant_x"])
def test_a_code_inside_a_longer_name_is_not_that_code(text: str) -> None:
    assert "refresh-refused" not in names(diagnose_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "Hostname/IP doesn't match certificate's altnames",
        "Hostname/IP does not match certificate's altnames",
        "Hostname/IP doesn\u2019t match certificate\u2019s altnames",
    ],
)
def test_a_contraction_is_what_it_stands_for(text: str) -> None:
    assert names(diagnose_text(text)) == ["tls-name"]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "INVALID_SESSION_ID: Session expired or invalid; invalid_grant: inactive user",
            "user-inactive",
        ),
        ("authentication failure - invalid client credentials", "client-secret-wrong"),
        (
            "We encountered a JSON web token error: ENOENT: no such file or directory",
            "file-not-found",
        ),
        ("https required [Raw error: cURL Error # 6: Couldn't resolve host 'x']", "name-not-found"),
    ],
)
def test_what_explains_wins_over_what_wraps_it(text: str, row: str) -> None:
    assert names(diagnose_text(text)) == [row]


@pytest.mark.parametrize(("row", "answer"), EVERY_ANSWER)
def test_a_wording_has_at_most_one_part_of_any_length(row: Refusal, answer: KnownWording) -> None:
    """Two would be compared with every pair of places in a log."""
    assert answer.description.count("{any}") <= 1, row.name


@pytest.mark.parametrize(
    ("text", "row", "cause"),
    [
        ("ENTITY_IS_DELETED: entity is deleted", "record-deleted", "the record was deleted"),
        ('[{"errorCode": "ENTITY_IS_DELETED", "message": "entity is deleted"}]', "record-deleted", "the record was deleted"),
        ("MALFORMED_ID: bad id 001xx", "id-malformed", "the id isn't a record id"),
        ("ENTITY_IS_LOCKED", "record-in-approval", "the record is locked"),
        ("CANNOT_UPDATE_CONVERTED_LEAD", "lead-converted", "the lead has been converted"),
        ("INVALID_CROSS_REFERENCE_KEY: invalid cross reference id", "reference-invalid", "the id belongs to no record"),
    ],
)  # fmt: skip
def test_a_code_has_the_row_of_its_own_reason(text: str, row: str, cause: str) -> None:
    (found,) = diagnose_text(text)
    assert found.name == row
    assert rank(found)[0].what.startswith(cause)
