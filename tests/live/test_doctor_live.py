"""`sfcred doctor --live`: what it sends, what it reports, and how it ends."""

import base64
import json
import logging
import re
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import jwt
import pytest
from cryptography.x509 import load_pem_x509_certificate
from pytest_httpx import HTTPXMock

from sfcred.cli.schemas import schema
from sfcred.salesforce.diagnosis import rank, ruled_out
from sfcred.salesforce.refusals import REFUSALS, Grant, KnownWording, Refusal
from sfcred.salesforce.refusals.n8n_shows import shown_in_n8n
from tests.conftest import Outcome
from tests.helpers.org_answers import HOST, RECORD, USER
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project
from tests.live.conftest import ANY_QUERY, COMMON_SIGNS, TOKEN_URL, Org, checks

Doctor = Callable[..., dict[str, Any]]
Run = Callable[..., Outcome]


def form(request: httpx.Request) -> dict[str, str]:
    return dict(httpx.QueryParams(request.content.decode()))


def by_path(mock: HTTPXMock) -> list[tuple[str, str]]:
    return [(request.method, request.url.path) for request in mock.get_requests()]


# -- what is sent


def test_a_jwt_login_has_n8n_s_claims(
    doctor: Doctor, org: Org, httpx_mock: HTTPXMock, project: Project
) -> None:
    org.is_well()
    assert doctor()["exit"] == 0
    sent = form(httpx_mock.get_requests()[0])
    assert sent["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert set(sent) == {"grant_type", "assertion"}
    key = load_pem_x509_certificate(project.workshop.content("certificate")).public_key()
    claims = jwt.decode(sent["assertion"], key, algorithms=["RS256"], audience=HOST)  # type: ignore[arg-type]
    assert claims["iss"] == CONSUMER_KEY
    assert claims["sub"] == "n8n@acme.com.uat"
    assert claims["exp"] - claims["iat"] == 180
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp"}
    assert "authorization" not in httpx_mock.get_requests()[0].headers


def test_a_refresh_has_n8n_s_basic_header(doctor: Doctor, org: Org, httpx_mock: HTTPXMock) -> None:
    org.is_well()
    assert doctor(base="oauth2")["exit"] == 0
    request = httpx_mock.get_requests()[0]
    assert form(request) == {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}
    pair = base64.b64encode(f"{CONSUMER_KEY}:{CONSUMER_SECRET}".encode()).decode()
    assert request.headers["authorization"] == f"Basic {pair}"


def test_client_credentials_have_a_basic_header_and_no_scope(
    doctor: Doctor, org: Org, httpx_mock: HTTPXMock
) -> None:
    org.is_well()
    assert doctor(base="client_credentials")["exit"] == 0
    request, *others = httpx_mock.get_requests()
    assert form(request) == {"grant_type": "client_credentials"}
    pair = base64.b64encode(f"{CONSUMER_KEY}:{CONSUMER_SECRET}".encode()).decode()
    assert request.headers["authorization"] == f"Basic {pair}"
    assert len(others) == 2


@pytest.mark.parametrize(
    ("run_as", "found", "not_run"),
    [
        ("n8n@acme.com.uat", [], []),
        ("N8N@ACME.com.uat", [], []),
        ("ada@acme.com.uat", ["SFC906"], []),
        ("null", ["SFC611"], ["SFC108", "SFC109", "SFC906"]),
    ],
)
def test_the_user_is_compared_with_run_as(
    doctor: Doctor,
    org: Org,
    httpx_mock: HTTPXMock,
    run_as: str,
    found: list[str],
    not_run: list[str],
) -> None:
    org.is_well()
    httpx_mock.add_response(url=re.compile(".*Username.*"), json={"records": []}, is_optional=True)
    report = doctor(f"client_credentials: {{run_as: {run_as}}}\n", "client_credentials")
    # SFC515: the base's n8n takes client credentials only through its import.
    assert [check for check in checks(report) if check != "SFC515"] == found
    left = sorted(
        check for one in report["not_checked"] for check in one.get("checks", [one["check"]])
    )
    assert [check for check in left if check != "SFC902"] == not_run
    says_who = f"The login belongs to the user {USER['user_id']}" in str(report["not_checked"])
    assert says_who is ("SFC906" in not_run)
    for finding in report["findings"]:
        assert "ada@" not in finding["message"]


def test_without_the_secret_nothing_is_sent(
    doctor: Doctor, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACME_CLIENT_SECRET")
    report = doctor("{}\n", "client_credentials")
    assert httpx_mock.get_requests() == []
    assert report["summary"]["logged_in"] == 0
    assert "client_credentials.client_secret" in str(report["not_checked"])


def test_one_login_and_three_requests(doctor: Doctor, org: Org, httpx_mock: HTTPXMock) -> None:
    org.is_well()
    report = doctor()
    assert by_path(httpx_mock) == [
        ("POST", "/services/oauth2/token"),
        ("GET", "/services/data/v59.0/query"),
        ("GET", "/services/oauth2/userinfo"),
    ]
    assert (report["summary"]["logged_in"], report["summary"]["unreached"]) == (1, 0)
    assert report["credentials"][0]["live"] == "logged_in"
    jsonschema.validate(
        {key: value for key, value in report.items() if key != "exit"},
        schema("report"),
        jsonschema.Draft202012Validator,
    )


def test_a_refusal_is_asked_once(doctor: Doctor, org: Org, httpx_mock: HTTPXMock) -> None:
    org.refuses("invalid_grant", "user hasn't approved this consumer")
    report = doctor()
    assert (report["exit"], report["credentials"][0]["live"]) == (1, "refused")
    assert len(httpx_mock.get_requests()) == 1


def test_without_a_consent_only_public_things_are_read(
    doctor: Doctor, httpx_mock: HTTPXMock
) -> None:
    found = {"issuer": HOST, "token_endpoint": TOKEN_URL, "scopes_supported": ["api"]}
    httpx_mock.add_response(url=f"{HOST}/.well-known/openid-configuration", json=found)
    httpx_mock.add_response(url=f"{HOST}/services/data", json=[{"version": "59.0"}])
    report = doctor("oauth2: {refresh_token: null}\n", "oauth2")
    assert "SFC909" in checks(report)
    assert report["credentials"][0]["live"] == "consent_needed"
    assert "SFC907" in checks(report)  # refresh_token isn't in the document
    for request in httpx_mock.get_requests():
        assert request.method == "GET"
        assert "authorization" not in request.headers


def test_an_org_without_n8n_s_api_version(doctor: Doctor, httpx_mock: HTTPXMock) -> None:
    found = {"issuer": HOST, "token_endpoint": TOKEN_URL}
    httpx_mock.add_response(url=f"{HOST}/.well-known/openid-configuration", json=found)
    httpx_mock.add_response(url=f"{HOST}/services/data", json=[{"version": "70.0"}])
    report = doctor("oauth2: {refresh_token: null}\n", "oauth2")
    assert [f["message"] for f in report["findings"] if f["check"] == "SFC910"]


# -- each row of the table, from the reply to the diagnosis

TOKEN_ANSWERS = [
    pytest.param(row, answer, id=f"{row.name}-{number}")
    for row in REFUSALS
    for number, answer in enumerate(row.answers)
    if answer.step == "token" and answer.grant != "code" and row.name != "salesforce-trouble"
]


#: What the base specs of the tests tell.
BASE_SIGNS = {"jwt": COMMON_SIGNS | {"jwt", "young_certificate"}, "oauth2": COMMON_SIGNS, "client_credentials": COMMON_SIGNS}  # fmt: skip
#: The base spec whose login uses a grant.
BASE_OF = {"refresh": "oauth2", "client": "client_credentials"}
GRANT_OF: dict[str, Grant] = {"jwt": "jwt", "oauth2": "refresh", "client_credentials": "client"}
# A JWT login gets these answers from another row.
_NEEDS_SECRET = ("client-secret-wrong",)


@pytest.mark.parametrize(("row", "answer"), TOKEN_ANSWERS)
def test_a_refusal_becomes_its_diagnosis(
    doctor: Doctor, org: Org, row: Refusal, answer: KnownWording
) -> None:
    base = "oauth2" if row.name in _NEEDS_SECRET else BASE_OF.get(answer.grant, "jwt")
    attempts = 3 if row.name == "audience-invalid" else 1
    for _ in range(attempts):
        org.refuses(answer.error, answer.description, answer.status)
    report = doctor(base=base)
    assert report["exit"] == 1
    (finding,) = [f for f in report["findings"] if f["check"] == "SFC903"]
    assert answer.error in finding["message"]
    assert answer.description in finding["message"]
    signs = BASE_SIGNS[base]
    causes = rank(row, signs)
    assert f"most likely {causes[0].what}" in finding["message"]
    for cause in causes[1:]:
        assert f"Or if {cause.what}" in finding["hint"]
    for cause, why in ruled_out(row, signs):
        assert f"Ruled out: {cause.what} ({why})." in finding["hint"]
    grant = frozenset({GRANT_OF[base]})
    assert shown_in_n8n(row, answer, grant) in finding["hint"]


@pytest.mark.parametrize(
    "answer", REFUSALS[[r.name for r in REFUSALS].index("salesforce-trouble")].answers
)
def test_salesforce_s_own_trouble_is_no_finding(
    doctor: Doctor, org: Org, answer: KnownWording
) -> None:
    org.refuses(answer.error, answer.description, 503)
    report = doctor()
    assert (report["exit"], checks(report)) == (4, [])
    assert "status.salesforce.com" in report["not_checked"][0]["reason"]


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}], "API Access Control"),
        (403, [{"errorCode": "API_DISABLED_FOR_ORG", "message": "The REST API is not enabled"}], "API Enabled"),
        (403, [{"errorCode": "FORBIDDEN", "message": "insufficient scope"}], "lacks the scope api"),
    ],
)  # fmt: skip
def test_a_token_that_opens_nothing(
    doctor: Doctor, org: Org, httpx_mock: HTTPXMock, status: int, body: object, name: str
) -> None:
    org.grants()
    httpx_mock.add_response(url=ANY_QUERY, status_code=status, json=body)
    httpx_mock.add_response(url=f"{HOST}/services/oauth2/userinfo", json=USER)
    report = doctor()
    assert checks(report) == ["SFC910"]
    assert name in report["findings"][0]["message"]


def test_userinfo_answers_in_plain_text(doctor: Doctor, org: Org, httpx_mock: HTTPXMock) -> None:
    org.grants()
    httpx_mock.add_response(url=ANY_QUERY, json={"records": [RECORD]})
    url = f"{HOST}/services/oauth2/userinfo"
    httpx_mock.add_response(url=url, status_code=403, text="Bad_OAuth_Token")
    report = doctor()
    assert checks(report) == ["SFC910"]
    assert (
        "Bad_OAuth_Token; most likely the access token has expired"
        in (report["findings"][0]["message"])
    )


def test_an_answer_that_nobody_knows_is_shown_with_what_is_ruled_out(
    doctor: Doctor, org: Org
) -> None:
    org.refuses("moon_phase", "the moon is full")
    (finding,) = doctor()["findings"]
    assert "moon_phase: the moon is full" in finding["message"]
    assert "key and certificate are a pair" in finding["hint"]
    assert "the certificate is in date" in finding["hint"]


def test_a_cause_that_the_offline_checks_found_is_named(
    doctor: Doctor, org: Org, project: Project
) -> None:
    project.material("acme.crt", "certificate-other")
    org.refuses("invalid_grant", "invalid assertion")
    found = {f["check"]: f for f in doctor()["findings"]}
    assert found["SFC903"]["because_of"] == "SFC408"
    assert "most likely the app has another certificate" in found["SFC903"]["message"]


def test_a_warning_ranks_the_causes_but_hides_nothing(doctor: Doctor, org: Org) -> None:
    org.refuses("invalid_grant", "user hasn't approved this consumer")
    found = {f["check"]: f for f in doctor("app: {pre_authorized: false}\n")["findings"]}
    assert found["SFC601"]["severity"] == "warning"
    assert found["SFC903"]["because_of"] is None
    assert "most likely the app is not pre-authorized" in found["SFC903"]["message"]


def test_the_text_report_shows_what_salesforce_said_below_its_cause(
    project: Project, run: Run, org: Org
) -> None:
    project.material("acme.crt", "certificate-other")
    org.refuses("invalid_grant", "invalid assertion")
    done = run("doctor", project.credential(), "--live")
    assert "follows from this: SFC903 login-refused" in done.out
    assert "invalid_grant: invalid assertion" in done.out
    assert "0 logged in" in done.out


# -- audiences


def test_other_audiences_are_tried_only_if_the_audience_is_refused(
    doctor: Doctor, org: Org, httpx_mock: HTTPXMock
) -> None:
    org.refuses("invalid_grant", "audience is invalid")
    org.refuses("invalid_grant", "audience is invalid")
    org.grants()
    org.tells()
    report = doctor()
    assert checks(report) == ["SFC908"]
    tokens = [r for r in httpx_mock.get_requests() if r.method == "POST"]
    audiences = [jwt.decode(form(r)["assertion"], options={"verify_signature": False})["aud"] for r in tokens]  # fmt: skip
    assert audiences == [HOST, "https://test.salesforce.com", "https://login.salesforce.com"]
    assert {request.url.host for request in tokens} == {HOST.removeprefix("https://")}


def test_the_other_general_host_is_one_that_n8n_can_use(
    doctor: Doctor, httpx_mock: HTTPXMock
) -> None:
    no = {"error": "invalid_grant", "error_description": "audience is invalid"}
    test, login = "https://test.salesforce.com", "https://login.salesforce.com"
    httpx_mock.add_response(url=f"{test}/services/oauth2/token", status_code=400, json=no)
    yes = {"access_token": "00D!x", "instance_url": "https://acme.my.salesforce.com"}
    httpx_mock.add_response(url=f"{login}/services/oauth2/token", json=yes)
    httpx_mock.add_response(url=ANY_QUERY, json={"records": [{**RECORD, "IsSandbox": False}]})
    httpx_mock.add_response(url=f"{login}/services/oauth2/userinfo", json=USER)
    report = doctor("my_domain: null\napp: {type: connected_app}\n")
    (finding,) = [f for f in report["findings"] if f["check"] == "SFC903"]
    assert "write `environment: production`" in finding["hint"]


# -- orgs that can't be reached, and worse


def unreachable(report: dict[str, Any]) -> str:
    assert checks(report) == []
    assert report["exit"] == 4
    assert report["summary"]["unreached"] == 1
    (reason,) = [e["reason"] for e in report["not_checked"] if e["check"] == "SFC901"]
    assert isinstance(reason, str)
    return reason


def caused_by(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def gai() -> OSError:
    import socket

    return socket.gaierror(-2, "Name or service not known")


def tls() -> OSError:
    import ssl

    return ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed certificate")


@pytest.mark.parametrize(
    ("error", "words", "advice"),
    [
        (caused_by(httpx.ConnectError("x"), gai()), "not found in DNS", "Compare my_domain"),
        (caused_by(httpx.ConnectError("x"), tls()), "certificate is not trusted", "SSL_CERT_FILE"),
        (httpx.ConnectError("All attempts failed"), "nothing listens there", "try again"),
        (httpx.ConnectTimeout("x"), "no answer in time", "try again"),
        (httpx.ReadTimeout("x"), "no answer in time", "try again"),
        (httpx.RemoteProtocolError("x"), "not HTTP", "try again"),
        (httpx.ProxyError("407"), "proxy", "Check HTTPS_PROXY"),
    ],
)
def test_a_network_that_fails_is_no_finding(
    doctor: Doctor, httpx_mock: HTTPXMock, error: Exception, words: str, advice: str
) -> None:
    httpx_mock.add_exception(error)
    report = doctor()
    assert words in unreachable(report)
    assert advice in report["not_checked"][0]["hint"]


@pytest.mark.parametrize(
    ("fragment", "words"),
    [("{}\n", "renamed"), ("my_domain: null\napp: {type: connected_app}\n", "always exists")],
    ids=["my-domain", "login-host"],
)
def test_a_name_that_dns_does_not_know_is_not_called_misspelled(
    doctor: Doctor, httpx_mock: HTTPXMock, fragment: str, words: str
) -> None:
    httpx_mock.add_exception(caused_by(httpx.ConnectError("x"), gai()))
    report = doctor(fragment)
    hints = [e["hint"] for e in report["not_checked"] if e["check"] == "SFC901"]
    assert "misspelled" not in json.dumps([e["reason"] for e in report["not_checked"]])
    assert len(hints) == 1
    assert words in hints[0]
    assert "VPN" in hints[0]


def test_a_local_org_that_does_not_run_has_to_be_started(
    doctor: Doctor, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_exception(httpx.ConnectError("All attempts failed"))
    report = doctor("{}\n", "jwt", "--local-org", "http://127.0.0.1:8787")
    assert "`sfcred local-org`" in report["not_checked"][0]["hint"]


def test_another_program_at_the_local_orgs_port_is_not_the_local_org(
    doctor: Doctor, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(
        text="<html>Another program</html>", headers={"Content-Type": "text/html"}
    )
    report = doctor("{}\n", "jwt", "--local-org", "http://127.0.0.1:8787")
    assert "`sfcred local-org`" in report["not_checked"][0]["hint"]


@pytest.mark.parametrize(
    ("status", "content", "kind", "words"),
    [
        (200, b"<html>Log in to the proxy</html>", "text/html", "a web page instead of JSON"),
        (200, b"\x00\xff\xfe\x01", "application/octet-stream", "something other than JSON"),
        (200, b'{"access_token": ', "application/json", "JSON that is broken"),
        (200, b"[]", "application/json", "JSON that is broken or unexpected"),
        (200, b'{"access_token": "x"}', "application/json", "without instance_url"),
        (200, b"", "application/json", "an empty answer"),
        (502, b"Bad Gateway", "text/plain", "HTTP 502"),
        (200, b"{" * 5000, "application/json", "JSON that is broken"),
        (200, b"x" * (256 * 1024 + 1), "application/json", "more than 256 KB"),
    ],
)
def test_what_is_not_salesforce_is_no_finding(
    doctor: Doctor, httpx_mock: HTTPXMock, status: int, content: bytes, kind: str, words: str
) -> None:
    httpx_mock.add_response(status_code=status, content=content, headers={"content-type": kind})
    assert words in unreachable(doctor())


def test_an_org_that_breaks_off_keeps_what_was_found(
    doctor: Doctor, org: Org, httpx_mock: HTTPXMock
) -> None:
    org.grants(scope="api")
    httpx_mock.add_exception(httpx.ReadTimeout("x"))
    report = doctor("app: {scopes: [api, web, refresh_token]}\n")
    assert checks(report) == ["SFC907"]
    assert report["exit"] == 4


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_named_and_not_followed(
    doctor: Doctor, httpx_mock: HTTPXMock, status: int
) -> None:
    httpx_mock.add_response(
        status_code=status, headers={"location": "https://evil.example/services/oauth2/token?x=1"}
    )
    report = doctor()
    assert checks(report) == ["SFC911"]
    assert "`evil.example`" in report["findings"][0]["message"]
    assert len(httpx_mock.get_requests()) == 1


@pytest.mark.parametrize(
    "instance_url",
    ["https://evil.example", "http://acme.my.salesforce.com", "https://acme.my.salesforce.com@evil.example", "https://evil.example/.my.salesforce.com"],
)  # fmt: skip
def test_a_token_goes_to_no_foreign_instance(
    doctor: Doctor, org: Org, httpx_mock: HTTPXMock, instance_url: str
) -> None:
    org.grants(instance_url=instance_url)
    report = doctor()
    assert "the token was not sent to it" in unreachable(report)
    assert len(httpx_mock.get_requests()) == 1


@pytest.mark.parametrize(
    "my_domain",
    [
        "https://evil.example",
        "https://acme.my.salesforce.com.evil.example",
        "https://evil-salesforce.com",
        "https://127.0.0.1",
        "http://127.0.0.1:8080",
        "https://169.254.169.254",
        "https://gs1.salesforce.com",
        "https://acme.stm.salesforce.com",
        "https://acme.my.site.com",
    ],
)
def test_a_spec_can_t_send_anything_elsewhere(
    doctor: Doctor, httpx_mock: HTTPXMock, my_domain: str
) -> None:
    report = doctor(f"my_domain: {my_domain}\n")
    assert httpx_mock.get_requests() == []
    reasons = {e["reason"] for e in report["not_checked"] if e["check"] == "SFC903"}
    assert "nothing is sent to" in reasons.pop()
    assert report["summary"]["unreached"] == 1


def test_only_the_command_line_allows_another_host(doctor: Doctor, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_exception(httpx.ConnectError("x"))
    report = doctor("my_domain: https://org.example\n", "jwt", "--allow-host", "org.example")
    assert report["not_checked"][0]["check"] == "SFC901"
    assert httpx_mock.get_requests()[0].url.host == "org.example"


def test_a_local_org_is_this_machine_s(project: Project, run: Run) -> None:
    done = run("doctor", project.credential(), "--local-org", "http://192.168.0.1:8787")
    assert done.status == 2
    assert "not an address on this machine" in done.err


def test_a_secret_that_is_not_here_is_not_a_finding_of_the_login(
    doctor: Doctor, project: Project, httpx_mock: HTTPXMock
) -> None:
    project.monkeypatch.delenv("ACME_REFRESH_TOKEN")
    report = doctor(base="oauth2")
    assert checks(report) == ["SFC005"]
    assert (report["exit"], report["summary"]["unreached"]) == (0, 1)
    assert httpx_mock.get_requests() == []


def test_and_is_an_error_where_secrets_are_required(
    doctor: Doctor, project: Project, httpx_mock: HTTPXMock
) -> None:
    project.monkeypatch.delenv("ACME_REFRESH_TOKEN")
    report = doctor("{}\n", "oauth2", "--require-secrets")
    assert (checks(report), report["exit"]) == (["SFC005"], 1)
    assert httpx_mock.get_requests() == []


def test_a_damaged_key_is_said_offline_and_nothing_is_sent(
    doctor: Doctor, project: Project, httpx_mock: HTTPXMock
) -> None:
    project.material("acme.key", "rsa-1024")
    report = doctor("jwt: {certificate: null}\n")
    assert "SFC405" in checks(report)
    assert report["exit"] == 1
    assert httpx_mock.get_requests() == []


# -- many logins


def fleet(project: Project, number: int) -> None:
    for index in range(number):
        fragment = f"name: acme-{index:02}\nmy_domain: https://acme-{index}.my.salesforce.com\nenvironment: production\njwt: {{username: n8n@acme.com}}\nn8n: {{id: acme{index}}}\n"
        project.credential(fragment, name=f"specs/{index:02}.yaml")
    for name in ("acme.key", "acme.crt"):
        project.material(f"specs/{name}", "rsa-2048" if name.endswith("key") else "certificate")


def test_results_are_in_the_specs_order_and_one_failure_stays_one(
    project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    fleet(project, 12)

    def reply(request: httpx.Request) -> httpx.Response:
        number = int(request.url.host.split(".")[0].removeprefix("acme-"))
        time.sleep((12 - number) / 500)
        if number == 5:
            raise httpx.ConnectError("x")
        body = {"error": "invalid_grant", "error_description": f"n{number}"}
        return httpx.Response(400, json=body)

    httpx_mock.add_callback(reply, is_reusable=True)
    done = run("doctor", "specs", "--live", "--jobs", "4", "--select", "SFC9", "--format", "json")
    assert done.status == 1
    report = json.loads(done.out)
    assert [f["credential"] for f in report["findings"]] == [f"acme-{n:02}" for n in range(12) if n != 5]  # fmt: skip
    assert {e["credential"] for e in report["not_checked"] if e["check"] == "SFC901"} == {"acme-05"}


def test_no_more_than_jobs_at_a_time(project: Project, run: Run, httpx_mock: HTTPXMock) -> None:
    fleet(project, 9)
    now, most = 0, 0
    counting = threading.Lock()

    def reply(_request: httpx.Request) -> httpx.Response:
        nonlocal now, most
        with counting:
            now += 1
            most = max(most, now)
        time.sleep(0.05)
        with counting:
            now -= 1
        return httpx.Response(400, json={"error": "invalid_grant"})

    httpx_mock.add_callback(reply, is_reusable=True)
    run("doctor", "specs", "--live", "--jobs", "3", "--select", "SFC9")
    assert most == 3


def test_a_bug_in_one_visit_is_a_crash_and_the_others_go_on(
    project: Project, run: Run, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sfcred.oauth.token import read_token_result as right

    fleet(project, 3)

    def wrong(answer: Any) -> Any:
        if b"n1" in answer.body:
            raise ZeroDivisionError("secret")
        return right(answer)

    monkeypatch.setattr("sfcred.live.collect.read_token_result", wrong)

    def reply(request: httpx.Request) -> httpx.Response:
        number = request.url.host.split(".")[0].removeprefix("acme-")
        return httpx.Response(400, json={"error": "moon", "error_description": f"n{number}"})

    httpx_mock.add_callback(reply, is_reusable=True)
    done = run("doctor", "specs", "--live", "--select", "SFC9", "--format", "json")
    assert done.status == 3
    report = json.loads(done.out)
    assert [c["credential"] for c in report["crashed"]] == ["acme-01"]
    assert [c["check"] for c in report["crashed"]] == ["SFC901"]
    assert [f["credential"] for f in report["findings"]] == ["acme-00", "acme-02"]
    assert "ZeroDivisionError" in done.out
    assert '"secret"' not in done.out


def test_interrupted_reports_what_is_done(
    project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    import os
    import signal

    fleet(project, 4)

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.host.startswith("acme-1."):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(3)
        return httpx.Response(400, json={"error": "invalid_grant"})

    httpx_mock.add_callback(reply, is_reusable=True)
    done = run("doctor", "specs", "--live", "--jobs", "1", "--select", "SFC9", "--format", "json")
    assert done.status == 130
    report = json.loads(done.out)
    assert [f["credential"] for f in report["findings"]] == ["acme-00"]
    assert report["summary"]["interrupted"] is True
    assert {e["reason"] for e in report["not_checked"] if e["credential"] != "acme-00"} == {
        "interrupted before the login"
    }


# -- secrets


def test_no_secret_in_any_output_with_logging_on(
    project: Project, run: Run, httpx_mock: HTTPXMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    canaries = ("canaryClientId", "canaryClientSecret", "canaryRefreshToken", "canaryUser@acme.com")
    names = ("ACME_CLIENT_ID", "ACME_CLIENT_SECRET", "ACME_REFRESH_TOKEN", "USERNAME")
    for name, canary in zip(names, canaries, strict=True):
        project.monkeypatch.setenv(name, canary)

    def echo(request: httpx.Request) -> httpx.Response:
        """An endpoint that repeats everything that it received, and decodes assertions."""
        sent = f"{request.content.decode()} {request.headers.get('authorization')}"
        known = canaries[0] + (canaries[3] if "assertion" in sent else "".join(canaries[1:3]))
        body = {"error": f"odd {canaries[0]}", "error_description": f"{known} {sent}"}
        return httpx.Response(400, json=body)

    httpx_mock.add_callback(echo, is_reusable=True)
    for base, fragment in (("jwt", "jwt: {username: {env: USERNAME}}\n"), ("oauth2", "{}\n")):
        spec = project.credential(fragment, base)
        for options in ([], ["-v"], ["--format", "json"]):
            done = run("doctor", spec, "--live", *options)
            said = done.out + done.err + caplog.text
            assert "SFC903" in done.out
            assert not [canary for canary in canaries if canary in said]
            assert "eyJ" not in said


def test_tokens_are_in_no_output(
    project: Project, run: Run, org: Org, httpx_mock: HTTPXMock
) -> None:
    org.grants(access_token="canaryAccessToken", scope="api", refresh_token="canaryRotated")
    echo = [{"errorCode": "ODD", "message": "canaryAccessToken is odd"}]
    httpx_mock.add_response(url=ANY_QUERY, status_code=403, json=echo)
    httpx_mock.add_response(url=f"{HOST}/services/oauth2/userinfo", json=USER)
    done = run("doctor", project.credential(), "--live", "-v")
    assert "SFC910" in done.out
    assert "canary" not in done.out + done.err


# -- answers that lack something, or say something odd


PUBLIC = {"issuer": HOST, "token_endpoint": TOKEN_URL, "scopes_supported": ["api", "refresh_token"]}


@pytest.mark.parametrize("scopes", ["null", "[api, refresh_token]"])
@pytest.mark.parametrize(
    ("versions", "status", "found"),
    [
        ([{"version": "59.0"}], 200, []),
        ([{"version": "70.0"}, {"version": "58.0"}], 200, ["SFC910"]),
        ([], 200, []),
        ({"version": "59.0"}, 200, []),
        ([{"version": "59.0"}], 403, []),
        ("text", 200, []),
    ],
)
def test_what_an_org_tells_anybody(
    doctor: Doctor,
    httpx_mock: HTTPXMock,
    scopes: str,
    versions: object,
    status: int,
    found: list[str],
) -> None:
    httpx_mock.add_response(url=f"{HOST}/.well-known/openid-configuration", json=PUBLIC)
    httpx_mock.add_response(url=f"{HOST}/services/data", json=versions, status_code=status)
    fragment = f"oauth2: {{refresh_token: null}}\napp: {{scopes: {scopes}}}\n"
    report = doctor(fragment, "oauth2", "--ignore", "SFC203,SFC504")
    assert report["crashed"] == []
    assert checks(report) == ["SFC909", *found] or checks(report) == [*found, "SFC909"]


@pytest.mark.parametrize(
    ("user", "status", "found", "not_run"),
    [
        (USER, 200, [], []),
        ({**USER, "preferred_username": "ADA@acme.com"}, 200, ["SFC906"], []),
        ({**USER, "preferred_username": ""}, 200, [], ["SFC906"]),
        ({"user_id": USER["user_id"]}, 200, [], ["SFC906"]),
        ({**USER, "user_id": "005"}, 200, [], ["SFC906"]),
        ({**USER, "organization_id": "odd"}, 200, [], []),
        ([], 200, [], ["SFC906"]),
        ("text", 200, [], ["SFC906"]),
        (USER, 204, [], ["SFC906"]),
        ("Bad_OAuth_Token", 403, ["SFC910"], ["SFC906"]),
    ],
)
def test_what_userinfo_leaves_out(
    doctor: Doctor,
    org: Org,
    httpx_mock: HTTPXMock,
    user: object,
    status: int,
    found: list[str],
    not_run: list[str],
) -> None:
    org.grants()
    httpx_mock.add_response(url=re.compile(".*Organization"), json={"records": [RECORD]})
    httpx_mock.add_response(url=re.compile(".*Username.*"), json={"records": []}, is_optional=True)
    url = f"{HOST}/services/oauth2/userinfo"
    httpx_mock.add_response(url=url, json=user, status_code=status)
    report = doctor()
    assert report["crashed"] == []
    assert checks(report) == found
    # SFC902 has no Date header to go by here.
    assert [one["check"] for one in report["not_checked"] if one["check"] != "SFC902"] == not_run


@pytest.mark.parametrize(
    ("scopes", "granted", "missing"),
    [
        ("null", "api", []),
        ("[api, refresh_token, id]", "api id", []),
        ("[api, refresh_token, id]", "api", ["[2]"]),
        ("[api, refresh_token, id]", "full", []),
        ("[api, refresh_token, id, web]", "api", ["[2]", "[3]"]),
        ("[api, refresh_token]", "id", ["[0]"]),
        ("[api, refresh_token]", None, []),
    ],
)
def test_which_scopes_were_granted(
    doctor: Doctor, org: Org, scopes: str, granted: str | None, missing: list[str]
) -> None:
    org.grants(scope=granted)
    org.tells()
    report = doctor(f"app: {{scopes: {scopes}}}\n")
    assert report["crashed"] == []
    found = [one for one in report["findings"] if one["check"] == "SFC907"]
    assert len(found) == len(missing) == len(report["findings"])
    for one, place in zip(found, missing, strict=True):
        assert "the token was granted without" in one["message"]
        words = ["api", "refresh_token", "id", "web"][int(place[1])]
        assert f"`{words}`" in one["message"]


@pytest.mark.parametrize(
    ("base", "error", "description", "field"),
    [
        ("jwt", "invalid_grant", "audience is invalid", "my_domain"),
        ("jwt", "invalid_grant", "invalid assertion", "private_key"),
        ("jwt", "invalid_grant", "user hasn't approved this consumer", "username"),
        ("jwt", "invalid_client_id", "client identifier invalid", "client_id"),
        ("jwt", "odd_error", "that nobody knows", "client_id"),
        ("oauth2", "invalid_client", "invalid client credentials", "client_secret"),
        ("client_credentials", "invalid_client", "invalid client credentials", "client_secret"),
        ("client_credentials", "invalid_grant", "no client credentials user enabled", "run_as"),
        ("oauth2", "invalid_grant", "expired access/refresh token", "refresh_token"),
        ("oauth2", "invalid_grant", "token validity expired", "refresh_token"),
    ],
)
def test_a_refusal_points_at_the_field_that_it_is_about(
    doctor: Doctor, org: Org, base: str, error: str, description: str, field: str
) -> None:
    for _ in range(3 if "audience" in description else 1):
        org.refuses(error, description)
    (found,) = [one for one in doctor(base=base)["findings"] if one["check"] == "SFC903"]
    line = Path("acme.yaml").read_text(encoding="utf-8").splitlines()[found["line"] - 1]
    assert line.strip().startswith(f"{field}:"), line


# -- what people met: the spec decides what comes first


def said(report: dict[str, Any]) -> tuple[str, str]:
    """Return the message and the hint of the only finding about the login."""
    (finding,) = [f for f in report["findings"] if f["check"] in ("SFC903", "SFC910")]
    return finding["message"], finding["hint"]


@pytest.mark.parametrize(
    "text", ["Session expired or invalid", "This session is not valid for use with the REST API"]
)
def test_a_token_that_is_seconds_old_has_not_expired(
    doctor: Doctor, org: Org, httpx_mock: HTTPXMock, text: str
) -> None:
    """Source: https://github.com/forcedotcom/cli/issues/3428."""
    org.grants()
    body = [{"errorCode": "INVALID_SESSION_ID", "message": text}]
    httpx_mock.add_response(url=ANY_QUERY, status_code=401, json=body)
    httpx_mock.add_response(url=f"{HOST}/services/oauth2/userinfo", json=USER)
    message, hint = said(doctor())
    assert "most likely API Access Control" in message
    assert "Ruled out: the access token has expired" in hint


@pytest.mark.parametrize(
    ("ahead", "is_first", "is_ruled_out"),
    [(0, False, True), (3600, True, False), (None, False, False)],
)
def test_a_date_shows_whether_the_clock_can_be_the_cause(
    doctor: Doctor, httpx_mock: HTTPXMock, ahead: int | None, is_first: bool, is_ruled_out: bool
) -> None:
    dated = {} if ahead is None else {"Date": formatdate(time.time() + ahead, usegmt=True)}
    body = {"error": "invalid_grant", "error_description": "invalid assertion"}
    httpx_mock.add_response(url=TOKEN_URL, status_code=400, json=body, headers=dated)
    message, hint = said(doctor())
    assert ("most likely the clock of the computer" in message) is is_first, message
    assert ("Ruled out: the clock of the computer" in hint) is is_ruled_out, hint


@pytest.mark.parametrize("scope", ["id", "api id"])
def test_a_session_that_is_not_for_the_api_can_lack_the_scope(
    doctor: Doctor, org: Org, httpx_mock: HTTPXMock, scope: str
) -> None:
    """Source: Salesforce help, knowledge article 005226515."""
    org.grants(scope=scope)
    text = "This session is not valid for use with the REST API"
    body = [{"errorCode": "INVALID_SESSION_ID", "message": text}]
    httpx_mock.add_response(url=ANY_QUERY, status_code=401, json=body)
    httpx_mock.add_response(url=f"{HOST}/services/oauth2/userinfo", json=USER)
    message, hint = said(doctor(base="client_credentials"))
    assert ("most likely the token lacks the scope api" in message) is (scope == "id")
    assert ("Ruled out: the token lacks the scope api" in hint) is (scope == "api id")


@pytest.mark.parametrize("description", ["invalid client credentials", ""])
def test_a_jwt_login_has_no_secret_that_could_be_wrong(
    doctor: Doctor, org: Org, description: str
) -> None:
    """Source: https://github.com/jpadilla/pyjwt/issues/366."""
    org.refuses("invalid_client", description)
    report = doctor()
    message, hint = said(report)
    assert "Consumer Key" in message
    assert "client_secret" not in message + hint
    assert report["findings"][0]["line"] > 1


def test_a_policy_that_ends_no_token_is_ruled_out(doctor: Doctor, org: Org) -> None:
    """Source: https://github.com/forcedotcom/sfdx-core/pull/1340."""
    org.refuses("invalid_grant", "expired access/refresh token")
    message, hint = said(doctor("app: {refresh_token_rotation: null}\n", "oauth2"))
    assert "rotation" in message
    assert "Or if this user gave consent to the app more than about five times" in hint
    assert "30 days" in hint
    assert "Ruled out: the app's policy makes refresh tokens expire" in hint
    assert "(the spec has app.refresh_token_policy: infinite)" in hint


def test_a_permission_set_that_can_t_hold_apps_comes_first(doctor: Doctor, org: Org) -> None:
    """Source: https://github.com/simstudioai/sim/pull/6526."""
    org.refuses("invalid_grant", "user hasn't approved this consumer")
    message, _ = said(doctor())
    assert "Salesforce API Integration license" in message


def test_a_bare_refusal_lists_its_flow_s_causes(doctor: Doctor, org: Org) -> None:
    org.refuses("invalid_grant", "")
    message, hint = said(doctor())
    assert "certificate" in message
    assert "not pre-authorized" in hint
    assert "rotation" not in hint


def test_n8n_s_version_rules_out_a_login_per_call(doctor: Doctor, org: Org) -> None:
    org.refuses("rate_limit_exceeded", "number of logins exceeded")
    message, hint = said(doctor())
    assert "loops" in message
    assert "(n8n.version is 2.28 or later, which keeps its token)" in hint


@pytest.mark.parametrize("is_well", [True, False])
def test_metrics_tell_a_login_from_a_refusal(
    project: Project, run: Run, org: Org, *, is_well: bool
) -> None:
    if is_well:
        org.is_well()
    else:
        org.refuses("invalid_grant", "user hasn't approved this consumer")
    done = run("doctor", project.credential(), "--live", "--format", "openmetrics")
    sample = 'sfcred_login_ok{credential="acme-crm",profile="",environment="sandbox"}'
    assert f"\n{sample} {int(is_well)}\n" in done.out


def test_metrics_claim_nothing_of_an_org_that_does_not_answer(
    project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_exception(httpx.ConnectTimeout("slow"), is_reusable=True)
    done = run("doctor", project.credential(), "--live", "--format", "openmetrics")
    assert done.status == 4
    assert "sfcred_login_ok" not in done.out
    number = re.search(r"sfcred_unreadable_checks\{.*\} (\d+)", done.out)
    assert number
    assert int(number[1]) > 0


@pytest.mark.parametrize(
    ("ahead", "words"), [(120, "seconds behind Salesforce's"), (-120, "seconds ahead of")]
)
def test_the_clock_that_is_wrong_is_told_in_the_right_direction(
    doctor: Doctor, httpx_mock: HTTPXMock, ahead: int, words: str
) -> None:
    """Whoever sets the clock has to know in which direction."""
    headers = {"Date": formatdate(time.time() + ahead, usegmt=True)}
    body = {"error": "invalid_grant", "error_description": "x"}
    httpx_mock.add_response(url=TOKEN_URL, status_code=400, json=body, headers=headers)
    report = doctor("{}\n", "oauth2")
    (message,) = [one["message"] for one in report["findings"] if one["check"] == "SFC902"]
    assert words in message


@pytest.mark.parametrize(
    ("granted", "asked", "is_found"),
    [
        ("00D000000000001EAA", "00D000000000001EAA", False),
        ("00D000000000009EAA", "00D000000000001EAA", False),
        ("00D000000000001EAA", "00D000000000009EAA", True),
        ("00D000000000009EAA", None, True),
    ],
)
def test_an_org_whose_record_cannot_be_read_is_known_by_its_user(
    doctor: Doctor,
    org: Org,
    httpx_mock: HTTPXMock,
    granted: str,
    asked: str | None,
    is_found: bool,
) -> None:
    """Userinfo is asked now, and the token response only names the org in an address."""
    org.grants(id=f"{HOST}/id/{granted}/005000000000001AAA")
    refusal = [{"errorCode": "INSUFFICIENT_ACCESS", "message": "x"}]
    httpx_mock.add_response(url=ANY_QUERY, status_code=403, json=refusal)
    user = {**USER, "organization_id": asked}
    httpx_mock.add_response(url=f"{HOST}/services/oauth2/userinfo", json=user)
    report = doctor("app: {org_id: 00D000000000001}\n")
    assert ("SFC904" in checks(report)) is is_found, report


def test_an_allowed_host_is_never_asked_without_tls(doctor: Doctor, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_exception(httpx.ConnectError("x"))
    doctor("my_domain: http://org.example\n", "jwt", "--allow-host", "org.example")
    assert {request.url.scheme for request in httpx_mock.get_requests()} == {"https"}


@pytest.mark.parametrize("options", [(), ("--require-secrets",)])
def test_a_refusal_that_no_check_looks_at_stays_ignored(
    doctor: Doctor, org: Org, options: tuple[str, ...]
) -> None:
    """Required secrets make a login that wasn't tried an error, and this one was."""
    org.refuses("invalid_grant", "user hasn't approved this consumer")
    report = doctor("{}\n", "jwt", "--select", "SFC902", *options)
    causes = {one["check"]: one["cause"] for one in report["not_checked"]}
    assert causes["SFC901"] == "ignored"
