"""The local org checks what Salesforce checks, and answers in Salesforce's wording."""

import base64
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sfcred.local_org.org import LocalOrg
from sfcred.local_org.registry import register
from sfcred.local_org.token_endpoint import challenge_of
from sfcred.oauth.authorization_code import challenge
from sfcred.resolve.context import Context
from sfcred.salesforce.refusals import REFUSALS, KnownWording, Refusal
from tests.conftest import Outcome
from tests.helpers.project import (
    CONSUMER_KEY,
    CONSUMER_SECRET,
    REFRESH_TOKEN,
    Project,
    credentials_of,
)
from tests.local_org.conftest import BASE, BEARER, REDIRECT, Browser, registry_of, ticket_of

Assertion = Callable[..., str]
# RFC 7636, appendix B
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def error(response: httpx.Response) -> tuple[str, str]:
    body = response.json()
    return body["error"], body["error_description"]


# -- JWT


def test_a_signed_assertion_opens_the_api(browser: Browser, assertion: Assertion) -> None:
    granted = browser.token({"grant_type": BEARER, "assertion": assertion()})
    assert granted.status_code == 200
    assert granted.headers["cache-control"] == "no-store"
    body = granted.json()
    assert body["instance_url"] == BASE
    assert "refresh_token" not in body
    bearer = {"Authorization": f"Bearer {body['access_token']}"}
    query = {"q": "SELECT Id, IsSandbox FROM Organization"}
    record = browser.get("/services/data/v59.0/query", params=query, headers=bearer).json()
    assert record["records"][0]["IsSandbox"] is True
    who = browser.get("/services/oauth2/userinfo", headers=bearer).json()
    assert who["preferred_username"] == "n8n@acme.com.uat"
    assert body["id"].endswith(f"/id/{who['organization_id']}/{who['user_id']}")


def test_the_same_token_comes_again(browser: Browser, assertion: Assertion) -> None:
    first, second = (
        browser.token({"grant_type": BEARER, "assertion": assertion()}).json() for _ in range(2)
    )
    assert first["access_token"] == second["access_token"]


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": f"{BASE}/"},
        {"aud": "https://acme--uat.sandbox.my.salesforce.com"},
        {"exp": lambda: int(time.time() * 1000) + 300_000},
        {"exp": lambda: str(int(time.time()) + 180)},
        {"alg": "RS256", "jti": "x"},
        {"sub": "N8N@ACME.com.uat"},
    ],
)
def test_it_is_as_lenient_as_salesforce(
    browser: Browser, assertion: Assertion, changes: dict[str, Any]
) -> None:
    # Compute times when the test runs, which can be long after it was collected.
    claims = {name: value() if callable(value) else value for name, value in changes.items()}
    granted = browser.token({"grant_type": BEARER, "assertion": assertion(**claims)})
    assert granted.status_code == 200, granted.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": "rsa-other"}, ("invalid_grant", "invalid assertion")),
        ({"algorithm": "RS512"}, ("invalid_grant", "invalid assertion")),
        ({"iss": "3MVG9other"}, ("invalid_client_id", "client identifier invalid")),
        ({"aud": "https://evil.example"}, ("invalid_grant", "audience is invalid")),
        (
            {"aud": "https://test.salesforce.com"},
            ("app_not_found", "External client app is not installed in this org"),
        ),
        ({"sub": "ada@acme.com"}, ("invalid_grant", "invalid user credentials")),
        ({"exp": 1}, ("invalid_grant", "expired authorization code")),
        ({"exp": "soon"}, ("invalid_grant", "expired authorization code")),
    ],
)
def test_it_refuses_assertions_in_salesforce_s_words(
    browser: Browser, assertion: Assertion, changes: dict[str, Any], said: tuple[str, str]
) -> None:
    refused = browser.token({"grant_type": BEARER, "assertion": assertion(**changes)})
    assert refused.status_code == 400
    assert error(refused) == said


# PyJWT before 2.15 fails with a RecursionError on a nested payload (CVE-2026-101918).
NESTED = base64.urlsafe_b64encode(b"[" * 30_000).decode()


@pytest.mark.parametrize(
    "text", ["", "x.y.z", "eyJhbGciOiJub25lIn0.e30.", "a" * 1000, f"eyJhbGciOiJub25lIn0.{NESTED}."]
)
def test_what_is_no_assertion_is_refused(browser: Browser, text: str) -> None:
    refused = browser.token({"grant_type": BEARER, "assertion": text})
    assert refused.status_code == 400


def test_a_scope_at_the_token_endpoint(browser: Browser, assertion: Assertion) -> None:
    form = {"grant_type": BEARER, "assertion": assertion(), "scope": "api"}
    assert error(browser.token(form)) == ("invalid_request", "scope parameter not supported")


def test_connected_apps_may_use_the_general_hosts_and_need_approval(
    project: Project, assertion: Assertion
) -> None:
    text = "app: {type: connected_app, pre_authorized: false}\n"
    context = Context(project=project.folder, now=datetime.now(UTC))
    path = project.credential(text)
    found = credentials_of([path], context)
    browser = Browser(LocalOrg(register(found), BASE))
    form = {"grant_type": BEARER, "assertion": assertion(aud="https://test.salesforce.com")}
    assert error(browser.token(form)) == ("invalid_grant", "user hasn't approved this consumer")


# -- who is assigned

NOBODY = ("invalid_app_access", "user is not admin approved to access this app")
UNASSIGNED = "{permission_sets: null, pre_authorized: true}"


@pytest.mark.parametrize(
    ("app", "is_admitted"),
    [
        ("{permission_sets: null}", False),
        ("{permission_sets: []}", False),
        ("{permission_sets: null, pre_authorized: null}", False),
        ("{type: connected_app, permission_sets: null}", False),
        ("{permission_sets: [n8n]}", True),
        ("{permission_sets: null, profiles: [API Only]}", True),
        ("null", True),  # nothing is known about the app
    ],
)
def test_an_app_without_anybody_assigned_admits_nobody(
    project: Project, assertion: Assertion, app: str, is_admitted: bool
) -> None:
    browser = org_with(project, f"app: {app}\n", "jwt")
    answer = browser.token({"grant_type": BEARER, "assertion": assertion()})
    assert answer.status_code == (200 if is_admitted else 400), answer.text
    if not is_admitted:
        assert error(answer) == NOBODY


def test_other_flows_admit_nobody_either(project: Project) -> None:
    browser = org_with(project, f"app: {UNASSIGNED}\n")
    assert error(browser.token(GRANT, headers=browser.basic())) == NOBODY
    fragment = f"oauth2: {{refresh_token: {{env: ACME_REFRESH_TOKEN}}}}\napp: {UNASSIGNED}\n"
    browser = org_with(project, f"{fragment}", "oauth2")
    form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}
    assert error(browser.token(form, headers=browser.basic())) == NOBODY


def test_nobody_gets_to_the_consent_of_an_app_without_anybody(project: Project) -> None:
    browser = org_with(
        project,
        f"app: {{permission_sets: null, pre_authorized: true, callback_urls: ['{REDIRECT}']}}\n",
        "oauth2",
    )
    form = {"ticket": ticket_of(browser.authorize()), "username": "x"}
    page = browser.ask("POST", "/_local/login", data=form)
    assert page.status_code == 400
    assert "error=OAUTH_APP_ACCESS_DENIED" in page.text
    assert "OAUTH_APP_ACCESS_DENIED" in browser.get("/").text


# -- refresh


def test_a_refresh_token_of_the_spec_works(browser: Browser) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}
    assert browser.token(form, headers=browser.basic()).status_code == 200
    in_body = {**form, "client_id": CONSUMER_KEY, "client_secret": CONSUMER_SECRET}
    assert browser.token(in_body).status_code == 200


@pytest.mark.parametrize(
    ("form", "headers", "said"),
    [
        ({"refresh_token": "5Aep861wrong"}, "right", "expired access/refresh token"),
        ({"refresh_token": REFRESH_TOKEN}, "wrong", "invalid client credentials"),
        ({"refresh_token": REFRESH_TOKEN}, "unknown", "client identifier invalid"),
        ({"refresh_token": REFRESH_TOKEN}, "none", "client identifier invalid"),
        ({"refresh_token": REFRESH_TOKEN}, "broken", ""),
    ],
)
def test_refreshes_are_refused(
    browser: Browser, form: dict[str, str], headers: str, said: str
) -> None:
    given = {
        "right": browser.basic(),
        "wrong": browser.basic(secret="wrong"),
        "unknown": browser.basic(client="3MVG9unknown"),
        "none": {},
        "broken": {"Authorization": "Basic ???"},
    }[headers]
    refused = browser.token({"grant_type": "refresh_token", **form}, headers=given)
    assert refused.status_code == 400
    assert error(refused)[1] == said


# -- client credentials

GRANT = {"grant_type": "client_credentials"}


def org_with(project: Project, fragment: str, base: str = "client_credentials") -> Browser:
    """Return an org with one app."""
    context = Context(project=project.folder, now=datetime.now(UTC))
    found = credentials_of([project.credential(fragment, base)], context)
    return Browser(LocalOrg(register(found), BASE))


def test_client_credentials_get_the_run_as_user_s_token(project: Project) -> None:
    browser = org_with(project, "{}\n")
    given = browser.token(GRANT, headers=browser.basic())
    assert (given.status_code, given.json()["scope"]) == (200, "api")
    assert "refresh_token" not in given.json()
    bearer = {"Authorization": f"Bearer {given.json()['access_token']}"}
    user = browser.get("/services/oauth2/userinfo", headers=bearer).json()
    assert user["preferred_username"] == "n8n@acme.com.uat"


@pytest.mark.parametrize(
    ("fragment", "base", "secret", "asked", "said"),
    [
        ("{}", "client_credentials", "wrong", "", "invalid client credentials"),
        ("client_credentials: {run_as: null}", "client_credentials", "", "", "no client credentials user enabled"),
        ("app: {scopes: [full, refresh_token]}", "client_credentials", "", "", "no valid scopes defined"),
        ("{}", "client_credentials", "", "full refresh_token", "no valid scopes defined"),
        ("{}", "oauth2", "", "", "client credentials flow not enabled"),
        ("{}", "jwt", "", "", "client identifier invalid"),
    ],
)  # fmt: skip
def test_client_credentials_are_refused_in_salesforce_s_words(
    project: Project, fragment: str, base: str, secret: str, asked: str, said: str
) -> None:
    browser = org_with(project, f"{fragment}\n", base)
    form = {**GRANT, "scope": asked} if asked else GRANT
    basic = browser.basic(secret=secret) if secret else browser.basic()
    refused = browser.token(form, headers=basic)
    assert (refused.status_code, error(refused)[1]) == (400, said)


def test_nobody_can_give_consent_to_an_app_with_client_credentials(project: Project) -> None:
    browser = org_with(project, f"app: {{callback_urls: ['{REDIRECT}']}}\n")
    assert "client identifier invalid" in browser.authorize().text


# -- the web server flow


def exchange(browser: Browser, code: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        **changes,
    }
    return browser.token(form, headers=browser.basic())


def test_the_challenge_is_that_of_the_rfc() -> None:
    expected = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert challenge(VERIFIER) == challenge_of(VERIFIER) == expected


def test_a_consent_gives_tokens(browser: Browser) -> None:
    back = browser.decide()
    assert back["state"] == "s1"
    granted = exchange(browser, back["code"]).json()
    assert granted["scope"] == "api refresh_token"
    form = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    assert browser.token(form, headers=browser.basic()).status_code == 200


def test_without_the_refresh_scope_there_is_no_refresh_token(browser: Browser) -> None:
    back = browser.decide(scope="api")
    assert "refresh_token" not in exchange(browser, back["code"]).json()


def test_a_code_works_once(browser: Browser) -> None:
    code = browser.decide()["code"]
    assert exchange(browser, code).status_code == 200
    assert error(exchange(browser, code)) == ("invalid_grant", "expired authorization code")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code_verifier": "wrong"}, ("invalid_grant", "invalid code verifier")),
        ({"code_verifier": ""}, ("invalid_grant", "invalid code verifier")),
        ({"redirect_uri": f"{REDIRECT}/"}, ("redirect_uri_mismatch", "redirect_uri must match configuration")),
    ],
)  # fmt: skip
def test_an_exchange_must_fit(
    browser: Browser, changes: dict[str, str], said: tuple[str, str]
) -> None:
    assert error(exchange(browser, browser.decide()["code"], **changes)) == said


def test_deny_goes_back_with_an_error(browser: Browser) -> None:
    back = browser.decide("deny")
    assert back["error"] == "access_denied"
    assert "code" not in back


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "3MVG9unknown"}, "invalid_client_id"),
        ({"redirect_uri": None}, "redirect_uri_missing"),
        ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": f"{REDIRECT}/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": REDIRECT.upper()}, "redirect_uri_mismatch"),
        ({"code_challenge": None}, "missing required code challenge"),
        ({"scope": "full refresh_token"}, "OAUTH_APPROVAL_ERROR_GENERIC"),
    ],
)
def test_what_is_wrong_is_shown_and_never_sent_elsewhere(
    browser: Browser, changes: dict[str, str | None], words: str
) -> None:
    page = browser.authorize(**changes)
    assert page.status_code == 400
    assert "location" not in page.headers
    assert words in page.text


def test_another_response_type_goes_back(browser: Browser) -> None:
    page = browser.authorize(response_type="token")
    assert page.headers["location"].startswith(f"{REDIRECT}?error=unsupported_response_type")


def test_a_ticket_is_no_guess(browser: Browser) -> None:
    for path in ("/_local/login", "/_local/consent"):
        page = browser.ask("POST", path, data={"ticket": "x", "decision": "allow"})
        assert page.status_code == 400


def test_pages_escape_what_specs_say(project: Project) -> None:
    fragment = f"app: {{label: '<script>alert(1)</script>', callback_urls: ['{REDIRECT}']}}\n"
    path = project.credential(fragment, "oauth2")
    context = Context(project=project.folder, now=datetime.now(UTC))
    found = credentials_of([path], context)
    browser = Browser(LocalOrg(register(found), BASE))
    page = browser.authorize(state='"><script>')
    assert "<script>" not in page.text
    ticket = page.text.partition('name="ticket" value="')[2].partition('"')[0]
    page = browser.ask("POST", "/_local/login", data={"ticket": ticket})
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


# -- what tokens allow, and what anybody can read


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/services/data/v59.0/query?q=SELECT+Id+FROM+Account", 401),
        ("/services/data/v59.0/", 401),
        ("/services/oauth2/userinfo", 403),
        ("/services/data", 200),
        ("/.well-known/openid-configuration", 200),
        ("/nowhere", 404),
        ("/services/oauth2/token", 400),
    ],
)
def test_without_a_token(browser: Browser, path: str, status: int) -> None:
    assert browser.get(path).status_code == status


def test_the_api_knows_a_little(browser: Browser, assertion: Assertion) -> None:
    token = browser.token({"grant_type": BEARER, "assertion": assertion()}).json()
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    user = token["id"].rpartition("/")[2]
    expected = {
        "query?q=SELECT+Id+FROM+Account": 200,
        "query?q=SELECT+Id+FROM+Nothing": 200,
        "query?q=nonsense": 400,
        f"sobjects/User/{user}": 200,
        "limits": 200,
        "": 200,
        "sobjects/Other/1": 200,
        "composite": 404,
    }
    for path, status in expected.items():
        assert browser.get(f"/services/data/v59.0/{path}", headers=bearer).status_code == status


def test_a_token_without_the_scope_api_opens_nothing(browser: Browser) -> None:
    granted = exchange(browser, browser.decide(scope="refresh_token")["code"]).json()
    bearer = {"Authorization": f"Bearer {granted['access_token']}"}
    refused = browser.get(
        "/services/data/v59.0/query", params={"q": "SELECT x FROM y"}, headers=bearer
    )
    assert refused.status_code == 401
    assert refused.json()[0]["message"] == "This session is not valid for use with the REST API"


def test_introspect_and_revoke(browser: Browser) -> None:
    granted = exchange(browser, browser.decide()["code"]).json()
    form = {"token": granted["access_token"]}
    path = "/services/oauth2/introspect"
    seen = browser.ask("POST", path, data=form, headers=browser.basic()).json()
    assert (seen["active"], seen["scope"]) == (True, "api refresh_token")
    assert browser.ask("POST", "/services/oauth2/revoke", data=form).status_code == 200
    seen = browser.ask("POST", path, data=form, headers=browser.basic()).json()
    assert seen == {"active": False}
    assert browser.ask("POST", "/services/oauth2/revoke", data=form).status_code == 400


def test_a_body_that_is_too_large(browser: Browser) -> None:
    assert browser.token({"assertion": "a" * 70_000}).status_code == 413


# -- refusals on request

REHEARSED = [
    pytest.param(row, row.answers[0], id=row.name)
    for row in REFUSALS
    if row.answers[0].step in ("token", "userinfo", "rest", "authorize")
]


@pytest.mark.parametrize(("row", "answer"), REHEARSED)
def test_each_row_can_be_rehearsed(
    browser: Browser, assertion: Assertion, row: Refusal, answer: KnownWording
) -> None:
    token = browser.token({"grant_type": BEARER, "assertion": assertion()}).json()
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    set_to = browser.ask("POST", "/_local/refuse", json={"name": row.name})
    assert set_to.json()["refuse"] == row.name
    if answer.step == "token":
        grants = {
            "refresh": "refresh_token",
            "code": "authorization_code",
            "client": "client_credentials",
        }
        form = {"grant_type": grants.get(answer.grant, BEARER)}
        refused = browser.token(form)
        assert error(refused) == (answer.error, answer.description)
    elif answer.step == "authorize":
        page = browser.authorize()
        assert answer.error in (page.headers.get("location") or page.text)
    elif answer.step == "userinfo":
        refused = browser.get("/services/oauth2/userinfo", headers=bearer)
        assert (refused.status_code, refused.text) == (answer.status, answer.error)
    else:
        refused = browser.get("/services/data/v59.0/limits", headers=bearer)
        assert (refused.status_code, refused.json()[0]["errorCode"]) == (
            answer.status,
            answer.error,
        )
    assert browser.ask("POST", "/_local/refuse", data={"name": ""}).status_code == 303
    assert browser.token({"grant_type": BEARER, "assertion": assertion()}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Host": "127.0.0.1.evil.example"}],
)  # fmt: skip
def test_a_foreign_page_can_t_change_it(browser: Browser, headers: dict[str, str]) -> None:
    done = browser.ask("POST", "/_local/refuse", data={"name": "app-blocked"}, headers=headers)
    assert done.status_code == 403
    assert browser.org.refusing is None


def test_an_unknown_refusal(browser: Browser) -> None:
    assert browser.ask("POST", "/_local/refuse", data={"name": "moon"}).status_code == 400


# -- what it says about itself


def test_its_page_says_what_it_is_and_shows_no_secret(browser: Browser) -> None:
    page = browser.get("/").text
    assert "This is not Salesforce" in page
    assert "acme-crm" in page
    for secret in (CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "n8n@acme.com.uat"):
        assert secret not in page


def test_what_can_t_be_read_is_left_out_with_the_reason(project: Project) -> None:
    project.monkeypatch.delenv("ACME_CLIENT_SECRET")
    project.material("acme.crt", "text:nonsense")
    assert [one.name for one in registry_of(project).left_out] == ["acme-crm"]
    project.monkeypatch.delenv("ACME_CLIENT_ID")
    assert [one.name for one in registry_of(project).left_out] == ["acme-crm", "acme-oauth"]


def test_without_a_certificate_the_key_s_own_half_serves(
    project: Project, assertion: Assertion
) -> None:
    path = project.credential("jwt: {certificate: null}\n")
    context = Context(project=project.folder, now=datetime.now(UTC))
    found = credentials_of([path], context)
    browser = Browser(LocalOrg(register(found), BASE))
    granted = browser.token({"grant_type": BEARER, "assertion": assertion()})
    assert granted.status_code == 200


def test_broken_json_changes_nothing(browser: Browser) -> None:
    headers = {"content-type": "application/json"}
    for body in (b"{", b"[]", b"[" * 100_000, json.dumps({"name": 3}).encode()):
        done = browser.ask("POST", "/_local/refuse", content=body[:60_000], headers=headers)
        assert done.status_code == 200
        assert browser.org.refusing is None


# -- the command, as far as it needs no socket


def test_a_spec_that_can_t_be_understood_is_told(
    project: Project, run: Callable[..., Outcome]
) -> None:
    done = run("local-org", project.spec("version: 1\nname: x\nnonsense: 1\n"))
    assert done.status == 1
    assert "SFC002" in done.err
    assert "no spec can be used for a local org" in done.err


def test_refusals_are_listed_and_unknown_ones_refused(
    project: Project, run: Callable[..., Outcome]
) -> None:
    listed = run("local-org", "--refuse", "list").out
    assert "audience-invalid           invalid_grant audience is invalid" in listed
    done = run("local-org", project.credential(), "--port", "0", "--refuse", "moon")
    assert (done.status, "unknown refusal moon" in done.err) == (2, True)
    assert "Did you mean" not in done.err
    assert "Did you mean app-not-found?" in run("local-org", "--refuse", "app_not_found").err


def test_missing_packages_are_named_first(
    project: Project, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = run("local-org", project.credential(), "--port", "0")
    assert (done.status, done.out) == (2, "")
    assert " install 'starlette>=1.3.1' 'uvicorn>=0.35'" in done.err


@pytest.mark.parametrize(
    ("late", "granted"), [(-180, True), (0, True), (29, True), (30, True), (31, False), (60, False)]
)
@pytest.mark.parametrize("form", [int, str, lambda seconds: seconds * 1000])
def test_an_assertion_may_be_half_a_minute_old(
    project: Project,
    assertion: Assertion,
    late: int,
    form: Callable[[int], object],
    *,
    granted: bool,
) -> None:
    """For clients whose assertions end in the moment of their making."""
    now = 1_900_000_000
    browser = Browser(LocalOrg(registry_of(project), BASE, clock=lambda: now))
    signed = assertion(exp=form(now - late))
    answer = browser.token({"grant_type": BEARER, "assertion": signed})
    assert (answer.status_code == 200) is granted, answer.text
    if not granted:
        assert error(answer) == ("invalid_grant", "expired authorization code")


@pytest.mark.parametrize("claim", [None, "", "soon", [], {}, -1, "-1", float("nan"), 1e10])
def test_a_strange_end_of_an_assertion(
    browser: Browser, assertion: Assertion, claim: object
) -> None:
    answer = browser.token({"grant_type": BEARER, "assertion": assertion(exp=claim)})
    assert answer.status_code == (200 if claim == 1e10 else 400)
