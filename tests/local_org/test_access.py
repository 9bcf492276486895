"""`sfcred local-org --access`: what the user may do, in Salesforce's words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from sfcred.local_org.access import load_access
from tests.conftest import Outcome
from tests.local_org.conftest import BEARER, Browser
from tests.needs.test_oracle import CASES

Assertion = Callable[..., str]
Ask = Callable[..., httpx.Response]
FILE = """\
Lead:
  delete: false
  fields:
    Secret__c: {read: false}
    Status: {edit: false}
Case: {create: false}
Task: {read: false}
Invoice__c: {}
"""


@pytest.fixture
def ask(browser: Browser, assertion: Assertion) -> Ask:
    """Return a function that calls the org's REST API with a token."""
    Path("access.yaml").write_text(FILE, encoding="utf-8")
    browser.org.access = load_access(Path("access.yaml"))
    token = browser.token({"grant_type": BEARER, "assertion": assertion()}).json()["access_token"]

    def call(method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return browser.ask(method, f"/services/data/v59.0{path}", headers=headers, **options)

    return call


def query(ask: Ask, soql: str) -> httpx.Response:
    return ask("GET", "/query", params={"q": soql})


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/sobjects/Lead/00Q000000000001AAA", None, 200, ""),
        ("POST", "/sobjects/lead", {"Company": "x"}, 201, ""),
        ("PATCH", "/sobjects/lead/00Q000000000001AAA", {"Company": "x"}, 204, ""),
        ("PATCH", "/sobjects/lead/Ext__c/5", {"Company": "x"}, 204, ""),
        ("DELETE", "/sobjects/lead/00Q000000000001AAA", None, 403, "INSUFFICIENT_ACCESS_OR_READONLY"),
        ("POST", "/sobjects/lead", {"secret__C": "x"}, 400, "INVALID_FIELD"),
        ("POST", "/sobjects/lead", {"Status": "x"}, 400, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ("PATCH", "/sobjects/lead/Secret__c/5", {"Company": "x"}, 400, "INVALID_FIELD"),
        ("POST", "/sobjects/case", {"Type": "x"}, 403, "INSUFFICIENT_ACCESS_OR_READONLY"),
        ("PATCH", "/sobjects/case/500000000000001AAA", {"Type": "x"}, 204, ""),
        ("GET", "/sobjects/task/00T000000000001AAA", None, 404, "NOT_FOUND"),
        ("GET", "/composite/x", None, 404, "NOT_FOUND"),
        ("POST", "/actions/custom/flow/Do_it", {"inputs": []}, 200, ""),
    ],
)  # fmt: skip
def test_records(ask: Ask, method: str, path: str, body: object, status: int, code: str) -> None:
    done = ask(method, path, **({} if body is None else {"json": body}))
    assert done.status_code == status
    assert (done.json()[0]["errorCode"] if code else "") == code


@pytest.fixture
def me(ask: Ask, browser: Browser) -> str:
    """The path of the user's own record, as n8n and sfcred read it."""
    found = query(ask, "SELECT Id FROM User").json()["records"][0]
    return f"/sobjects/User/{found['Id']}"


@pytest.mark.parametrize("verb", ["read", "edit"])
def test_the_users_own_record_needs_access_as_well(
    ask: Ask, browser: Browser, me: str, verb: str
) -> None:
    assert ask("GET", me).json()["Username"]
    Path("access.yaml").write_text(f"User: {{{verb}: false}}\n", encoding="utf-8")
    browser.org.access = load_access(Path("access.yaml"))
    expected = (404, "NOT_FOUND") if verb == "read" else (200, "")
    for path in (me, me.replace("User", "user")):
        done = ask("GET", path)
        code = done.json()[0]["errorCode"] if done.status_code != 200 else ""
        assert (done.status_code, code) == expected
    assert query(ask, "SELECT Id FROM User").status_code == (400 if verb == "read" else 200)


def test_hidden_fields_of_whole_records_are_left_out(ask: Ask, browser: Browser, me: str) -> None:
    whole = {key for key in ask("GET", me).json() if key != "attributes"}
    assert whole == {"Id", "Username"}
    Path("access.yaml").write_text(
        "User: {fields: {username: {read: false}}}\nOrganization: {fields: {Name: {read: false}}}\n",
        encoding="utf-8",
    )
    browser.org.access = load_access(Path("access.yaml"))
    assert set(ask("GET", me).json()) == {"attributes", "Id"}
    assert ask("GET", f"{me}?fields=Username").json()[0]["errorCode"] == "INVALID_FIELD"
    (org,) = query(ask, "SELECT FIELDS(ALL) FROM Organization LIMIT 200").json()["records"]
    assert "Name" not in org
    assert "IsSandbox" in org


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT Id, Status FROM Lead WHERE Email = 'x'", ""),
        ("SELECT Id, Secret__c FROM Lead", "INVALID_FIELD"),
        ("SELECT Id FROM Lead WHERE secret__c = 'x'", "INVALID_FIELD"),
        ("SELECT Id, (SELECT Subject FROM Tasks) FROM Account", "INVALID_TYPE"),
        ("SELECT Id FROM Task", "INVALID_TYPE"),
        ("SELECT Anything FROM Account", ""),
        ("SELECT", "MALFORMED_QUERY"),
    ],
)
def test_queries(ask: Ask, soql: str, code: str) -> None:
    done = query(ask, soql)
    assert done.status_code == (400 if code else 200)
    assert (done.json()[0]["errorCode"] if code else "") == code
    if code == "INVALID_FIELD":
        assert "No such column 'Secret__c' on entity 'Lead'" in done.json()[0]["message"].replace("secret__c", "Secret__c")  # fmt: skip


def test_descriptions_have_what_the_user_sees(ask: Ask) -> None:
    listed = {one["name"]: one for one in ask("GET", "/sobjects").json()["sobjects"]}
    assert "Task" not in listed
    assert listed["Invoice__c"]["custom"] is True
    assert listed["Lead"]["deletable"] is False
    fields = {f["name"]: f for f in ask("GET", "/sobjects/Lead/describe").json()["fields"]}
    assert "Secret__c" not in fields
    assert fields["Status"]["updateable"] is False


def test_without_a_file_every_request_of_the_oracle_is_granted(
    browser: Browser, assertion: Assertion
) -> None:
    token = browser.token({"grant_type": BEARER, "assertion": assertion()}).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    asked = {
        (one["method"], one["path"], one["query"])
        for case in CASES
        for one in case["requests"]
        if "TIME" not in (one["query"] or "")
    }
    assert len(asked) > 50
    for method, path, soql in sorted(asked, key=str):
        params = {"q": soql} if soql else {}
        done = browser.ask(method, f"/services/data/v59.0{path}", params=params, headers=headers)
        assert done.status_code < 300, (method, path, soql, done.text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Lead: {read: maybe}\n", "access.yaml:1: input should be a valid boolean"),
        ("Lead:\n  write: true\n", "access.yaml:2: extra inputs are not permitted"),
        ("- Lead\n", "access.yaml:1: input should be a valid dictionary"),
        ("Lead: {\n", "access.yaml:"),
        ("a: {}\n---\nb: {}\n", "has several documents"),
    ],
)
def test_a_file_that_is_not_one(
    text: str, message: str, run: Callable[..., Outcome], project: Any
) -> None:
    project.credential(base="oauth2", name="credentials/acme.yaml")
    Path("access.yaml").write_text(text, encoding="utf-8")
    done = run("local-org", "--port", "0", "--access", "access.yaml")
    assert done.status == 2
    assert message in done.err
