"""`sfcred login`, as far as it needs no socket: what it refuses in advance, and what comes back."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from sfcred.errors import UsageError
from sfcred.live.grants import client_of
from sfcred.login import redirect_uri, scopes_of
from sfcred.oauth.authorization_code import Consent, ask, challenge, token_request
from sfcred.oauth.callback import BrowserResponse, Listener, ResultPage
from sfcred.oauth.client import Client
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential
from tests.conftest import Outcome
from tests.helpers.org_answers import HOST
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, Project, credentials_of

Run = Callable[..., Outcome]
REDIRECT = "http://localhost:1717/OauthRedirect"
FILE = "oauth2: {refresh_token: {file: token}}\n"
WITH_CALLBACK = (
    f"app: {{callback_urls: [{REDIRECT}, https://n8n.acme.com/rest/oauth2-credential/callback]}}\n"
)


def credential(project: Project, fragment: str = FILE, base: str = "oauth2") -> Credential:
    context = Context(project=project.folder, now=datetime.now(UTC))
    path = project.credential(fragment, base)
    found = credentials_of([path], context)
    return found[0]


# -- what is requested


KEY = SecretStr(CONSUMER_KEY)


def test_the_address_has_pkce_state_and_the_declared_scopes() -> None:
    consent = ask(KEY, HOST, REDIRECT, ["api", "refresh_token"])
    url = urlsplit(consent.url.get_secret_value())
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{HOST}/services/oauth2/authorize"
    assert query["scope"] == "api refresh_token"
    assert query["redirect_uri"] == REDIRECT
    assert query["client_id"] == CONSUMER_KEY
    assert query["response_type"] == "code"
    assert query["code_challenge_method"] == "S256"
    assert query["code_challenge"] == challenge(consent.verifier.get_secret_value())
    assert query["state"] == consent.state.get_secret_value()
    assert 43 <= len(consent.verifier.get_secret_value()) <= 128  # RFC 7636, section 4.1


def test_two_consents_share_nothing() -> None:
    one, two = (ask(KEY, HOST, REDIRECT, ["api"]) for _ in range(2))
    assert one.state.get_secret_value() != two.state.get_secret_value()
    assert one.verifier.get_secret_value() != two.verifier.get_secret_value()
    assert CONSUMER_KEY not in repr(one)


def test_the_exchange_proves_and_authenticates(project: Project) -> None:
    client = client_of(credential(project))
    consent = ask(client.client_id, HOST, REDIRECT, ["api"])
    request = token_request(client, HOST, consent, SecretStr("aPrx"))
    assert request.form is not None
    assert request.form["code_verifier"] == consent.verifier
    assert request.form["redirect_uri"] == REDIRECT
    assert "client_id" not in request.form
    assert request.authorization is not None
    assert request.authorization.get_secret_value().startswith("Basic ")
    assert CONSUMER_SECRET not in repr(request)


def test_an_app_without_a_secret_names_itself(project: Project) -> None:
    client = client_of(
        credential(project, "oauth2: {client_secret: null, refresh_token: {file: t}}\n")
    )
    assert client == Client(KEY, None)
    consent = ask(client.client_id, HOST, REDIRECT, ["api"])
    request = token_request(client, HOST, consent, SecretStr("aPrx"))
    assert request.authorization is None
    assert request.form is not None
    assert request.form["client_id"] == SecretStr(CONSUMER_KEY)


@pytest.mark.parametrize(
    ("declared", "asked"),
    [
        ("[api, refresh_token]", ["api", "refresh_token"]),
        ("[api, offline_access]", ["api", "offline_access"]),
        ("[api]", ["api", "refresh_token"]),
        ("null", ["api", "refresh_token"]),
    ],
)
def test_a_refresh_token_is_always_asked_for(
    project: Project, declared: str, asked: list[str]
) -> None:
    assert scopes_of(credential(project, f"{FILE}app: {{scopes: {declared}}}\n")) == asked


# -- the callback


def callbacks(*urls: str) -> str:
    return f"{FILE}app: {{callback_urls: [{', '.join(urls)}]}}\n"


@pytest.mark.parametrize(
    ("urls", "port", "expected"),
    [
        (["https://n8n.acme.com/x", REDIRECT], None, REDIRECT),
        (["http://127.0.0.1:9000/cb", REDIRECT], None, "http://127.0.0.1:9000/cb"),
        (["http://127.0.0.1:9000/cb", REDIRECT], 1717, REDIRECT),
        (["http://localhost:5678/rest/oauth2-credential/callback", REDIRECT], None, REDIRECT),
    ],
)
def test_the_callback_is_one_that_the_app_has(
    project: Project, urls: list[str], port: int | None, expected: str
) -> None:
    assert redirect_uri(credential(project, callbacks(*urls)), port) == expected


@pytest.mark.parametrize(
    ("urls", "port"),
    [
        (["https://n8n.acme.com/rest/oauth2-credential/callback"], None),
        (["http://localhost:5678/rest/oauth2-credential/callback"], None),
        (["https://localhost:1717/OauthRedirect"], None),
        (["http://evil.example:1717/OauthRedirect"], None),
        ([REDIRECT], 1718),
    ],
)
def test_without_one_it_is_said_before_anybody_clicks(
    project: Project, urls: list[str], port: int | None
) -> None:
    with pytest.raises(UsageError) as raised:
        redirect_uri(credential(project, callbacks(*urls)), port)
    assert "Callback URL" in raised.value.hint


def test_without_a_list_it_is_the_salesforce_cli_s(project: Project) -> None:
    found = credential(project, f"{FILE}app: {{callback_urls: null}}\n")
    assert redirect_uri(found, None) == REDIRECT
    assert redirect_uri(found, 4000) == "http://localhost:4000/OauthRedirect"


# -- what the browser sends


@pytest.fixture
def listener() -> Listener:
    consent = Consent(SecretStr("https://x/authorize?client_id=k"), SecretStr("right"), SecretStr("v"), REDIRECT)  # fmt: skip
    return Listener(consent, 1717)


LOCAL = "localhost:1717"


def test_the_start_sends_the_browser_on_and_hides_the_key(listener: Listener) -> None:
    assert "client_id" not in listener.start_url
    start = urlsplit(listener.start_url).path
    response = listener.answer(start, LOCAL)
    assert (response.status, response.page) == (HTTPStatus.FOUND, None)
    assert response.location.get_secret_value() == "https://x/authorize?client_id=k"
    assert "client_id" not in repr(response)
    assert listener.answer("/start/guess", LOCAL).status == HTTPStatus.NOT_FOUND


def start_of(listener: Listener) -> str:
    return urlsplit(listener.start_url).path


def test_a_browser_that_reloads_is_sent_on_again(listener: Listener) -> None:
    start = start_of(listener)
    cookie = listener.answer(start, LOCAL).cookie.get_secret_value().partition(";")[0]
    again = listener.answer(start, LOCAL, f"other=1; {cookie}; x")
    assert (again.status, listener.is_shared) == (HTTPStatus.FOUND, False)


@pytest.mark.parametrize("cookies", ["", "sfcred=", "sfcred=guess", "x=\xe9\udcff"])
def test_a_second_browser_ends_the_login(listener: Listener, cookies: str) -> None:
    first = listener.answer(start_of(listener), LOCAL)
    second = listener.answer(start_of(listener), LOCAL, cookies)
    assert (second.status, second.location) == (HTTPStatus.CONFLICT, SecretStr(""))
    assert listener.is_shared
    cookie = first.cookie.get_secret_value().partition(";")[0]
    for answer in (
        listener.answer(start_of(listener), LOCAL, cookie),
        listener.answer("/OauthRedirect?code=aPrx&state=right", LOCAL),
    ):
        assert answer.status == HTTPStatus.CONFLICT
    assert listener.wait(5) is None


def test_a_guess_of_the_start_ends_nothing(listener: Listener) -> None:
    listener.answer(start_of(listener), LOCAL)
    listener.answer(f"{start_of(listener)}0", LOCAL)
    listener.answer(start_of(listener), "evil.example")
    assert not listener.is_shared


def come_back(listener: Listener, query: str) -> list[object]:
    answers: list[object] = []
    thread = threading.Thread(
        target=lambda: answers.append(listener.answer(f"/OauthRedirect?{query}", LOCAL))
    )
    thread.start()
    returned = listener.wait(5)
    listener.give_up()
    thread.join(5)
    return [returned, *answers]


def test_a_code_comes_back_and_the_page_waits_for_the_end(listener: Listener) -> None:
    answers: list[BrowserResponse] = []
    query = "/OauthRedirect?code=aPrx&state=right"
    thread = threading.Thread(target=lambda: answers.append(listener.answer(query, LOCAL)))
    thread.start()
    returned = listener.wait(5)
    assert returned is not None
    assert returned.code == SecretStr("aPrx")
    assert "aPrx" not in repr(returned)
    end = ResultPage("Connected", "It is stored.", good=True)
    listener.delivered(end)
    shower = threading.Thread(target=listener.show, args=(end,))
    shower.start()
    thread.join(5)
    listener.delivered(end)
    shower.join(5)
    assert answers == [BrowserResponse(HTTPStatus.OK, end)]


def test_an_error_comes_back(listener: Listener) -> None:
    query = "error=access_denied&error_description=end-user+denied+authorization&state=right"
    returned, _page = come_back(listener, query)
    assert returned == (None, "access_denied", "end-user denied authorization")


@pytest.mark.parametrize("query", ["", "code=aPrx", "code=aPrx&state=wrong", "state=&code=x", "state=r%ff"])  # fmt: skip
def test_another_login_s_return_is_not_taken(listener: Listener, query: str) -> None:
    response = listener.answer(f"/OauthRedirect?{query}", LOCAL)
    assert response.status == HTTPStatus.BAD_REQUEST
    assert response.page is not None
    assert response.page.title == "Wrong login"
    assert listener.wait(0.01) is None


def test_a_second_visit_is_told_so(listener: Listener) -> None:
    come_back(listener, "code=aPrx&state=right")
    response = listener.answer("/OauthRedirect?code=other&state=right", LOCAL)
    assert response.status == HTTPStatus.CONFLICT


@pytest.mark.parametrize("host", ["evil.example", "localhost:1718", "", "localhost:1717.evil.example"])  # fmt: skip
def test_a_name_that_was_made_to_lead_here_is_refused(listener: Listener, host: str) -> None:
    start = urlsplit(listener.start_url).path
    assert listener.answer(start, host).status == HTTPStatus.FORBIDDEN


@given(st.text(), st.text())
def test_pages_are_harmless(title: str, text: str) -> None:
    shown = ResultPage(title, text, good=True).html()
    inside = shown.partition("<body>")[2]
    assert re.findall(r"<(?!/?(?:h1|p|body|html)>)", inside) == []


# -- what is refused before anybody has to click


@pytest.mark.parametrize(
    ("fragment", "base", "words"),
    [
        ("{}\n", "jwt", "`sfcred doctor acme.yaml --live`"),
        ("{}\n", "jwt", "uses the JWT flow, which needs no consent"),
        ("{}\n", "client_credentials", "uses client credentials, which need no consent"),
        ("oauth2: {refresh_token: null}\n", "oauth2", "where to store the refresh token"),
        ("{}\n", "oauth2", "which sfcred can't write"),
        ("oauth2: {refresh_token: {file: no/where/token}}\n", "oauth2", "folder does not exist"),
        (f"{FILE}my_domain: https://evil.example\n", "oauth2", "nothing is sent to"),
        (FILE, "oauth2", "no callback on this machine"),
    ],
)
def test_refused_beforehand(
    project: Project, run: Run, fragment: str, base: str, words: str
) -> None:
    done = run("login", project.credential(fragment, base), "--no-check", "--no-browser")
    assert done.status == 2
    assert words in done.err
    assert "hint:" in done.err


@pytest.mark.parametrize("base", ["jwt", "client_credentials"])
def test_a_flow_without_consent_names_the_command_that_logs_in(
    project: Project, run: Run, base: str
) -> None:
    path = project.credential("profiles: {uat: {description: u}, dev: {}}\n", base)
    done = run("login", path, "--profile", "uat", "--no-check")
    assert f"`sfcred doctor {path.name} --profile uat --live`. It logs in as n8n does" in done.err


def test_what_is_stored_stays(project: Project, run: Run) -> None:
    Path("token").write_text("5Aep861kept", encoding="utf-8")
    done = run("login", project.credential(FILE + WITH_CALLBACK, "oauth2"), "--no-check")
    assert done.status == 2
    assert "a refresh token is already stored in file token" in done.err
    assert "sfcred doctor acme.yaml --live" in done.err
    assert Path("token").read_text(encoding="utf-8") == "5Aep861kept"


def test_git_must_ignore_the_place(project: Project, run: Run) -> None:
    project.material("other", "tracked:rsa-2048")
    done = run("login", project.credential(FILE + WITH_CALLBACK, "oauth2"), "--no-check")
    assert done.status == 2
    assert "does not ignore it" in done.err


def test_errors_in_the_spec_come_first(project: Project, run: Run) -> None:
    fragment = f"{FILE}my_domain: https://acme--uat.sandbox.lightning.force.com\n"
    done = run("login", project.credential(fragment, "oauth2"))
    assert done.status == 1
    assert "SFC104" in done.err
    assert "--no-check" in done.err


def test_a_secret_that_is_not_here_is_said_first(project: Project, run: Run) -> None:
    project.monkeypatch.delenv("ACME_CLIENT_SECRET")
    done = run("login", project.credential(FILE + WITH_CALLBACK, "oauth2"), "--no-check")
    assert done.status == 2
    assert "ACME_CLIENT_SECRET" in done.err


def test_names_and_profiles_choose(project: Project, run: Run) -> None:
    profiles = "profiles: {uat: {description: u}, dev: {description: d}}\n"
    project.spec(
        project.credential(FILE + profiles, "oauth2").read_text(encoding="utf-8"),
        "credentials/a.yaml",
    )
    done = run("login", "acme-crm")
    assert (done.status, "more than one" in done.err, "uat, dev" in done.err) == (2, True, True)
    done = run("login", "acme-crn")
    assert "there is no credential acme-crn" in done.err
    assert "Known: acme-crm. If" in done.err  # once, although it has two profiles
    done = run("login", "acme-crm", "--profile", "uat", "--no-check")
    assert "no callback on this machine" in done.err
