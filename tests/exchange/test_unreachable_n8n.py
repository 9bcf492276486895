"""What sfcred says when it can't reach n8n. None of it is about an org."""

import socket
import ssl
from collections.abc import Callable

import httpx
import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL
from tests.helpers.project import Project

Run = Callable[..., Outcome]


def caused(cause: Exception) -> Exception:
    error = httpx.ConnectError("x")
    error.__cause__ = cause
    return error


def refused_certificate(number: int) -> Exception:
    error = ssl.SSLCertVerificationError(1, "x")
    error.verify_code = number
    return caused(error)


def no_tls() -> Exception:
    error = ssl.SSLError(1, "x")
    error.reason = "WRONG_VERSION_NUMBER"
    return caused(error)


FAILURES = {
    "DNS gave no answer": caused(socket.gaierror(socket.EAI_AGAIN, "Temporary failure")),
    "certificate has expired": refused_certificate(10),
    "self-signed": refused_certificate(18),
    "for another host name": refused_certificate(62),
    "doesn't speak TLS": no_tls(),
    "TLS could not be set up": caused(ssl.SSLError(1, "x")),
    "not found in DNS": caused(socket.gaierror(-2, "Name or service not known")),
    "certificate is not trusted": caused(ssl.SSLCertVerificationError(1, "self-signed")),
    "nothing listens there": httpx.ConnectError("x"),
    "no answer in time": httpx.ReadTimeout("x"),
    "was not HTTP": httpx.RemoteProtocolError("x"),
    "the proxy": httpx.ProxyError("407"),
}


@pytest.fixture
def commands(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], list[Outcome]]:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _seconds: None)
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    project.credential("n8n: {version: '2.41.1'}\n", "jwt", "specs/a.yaml")
    project.material("specs/acme.key", "rsa-2048")

    def call() -> list[Outcome]:
        push = run("push", "specs", "--n8n", URL, "--no-check", "--yes")
        return [push, run("diff", "specs", "--n8n", URL)]

    return call


def assert_about_n8n(done: Outcome) -> None:
    assert done.status != 0
    assert URL in done.err
    for word in ("my_domain", "My Domain", "Salesforce", "--allow-host", "org"):
        assert word not in done.err.replace("org-host", ""), done.err


@pytest.mark.parametrize("words", FAILURES)
def test_a_network_that_fails(
    commands: Callable[[], list[Outcome]], httpx_mock: HTTPXMock, words: str
) -> None:
    httpx_mock.add_exception(FAILURES[words], is_reusable=True)
    for done in commands():
        assert words in done.err
        assert_about_n8n(done)


def test_the_reason_comes_through_the_whole_client(
    commands: Callable[[], list[Outcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Httpcore removes an error's cause. The request never leaves: the lookup comes first."""

    def look_up(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    for done in commands():
        assert "not found in DNS" in done.err
        assert_about_n8n(done)


SAYS = [
    (302, b"<a>Found</a>", "redirect to https://login.acme.com instead"),
    (401, b"<html>401</html>", "something before n8n's API asks for a login"),
    (403, b"<html>Access</html>", "something before n8n's API asks for a login"),
    (502, b"<html>Bad gateway</html>", "n8n may be stopped, starting"),
    (503, b"n8n is starting up", "n8n may be stopped, starting"),
    (200, b"[]", "is not from n8n's API"),
    (200, b'{"ok": true}', "is not from n8n's API"),
]


@pytest.mark.parametrize(("status", "content", "words"), SAYS)
def test_each_answer_has_its_own_remedy(
    commands: Callable[[], list[Outcome]],
    httpx_mock: HTTPXMock,
    status: int,
    content: bytes,
    words: str,
) -> None:
    headers = {"location": "https://login.acme.com/authorize?state=canary"}
    httpx_mock.add_response(status_code=status, content=content, headers=headers, is_reusable=True)
    for done in commands():
        assert words in done.err
        assert "canary" not in done.err


@pytest.mark.parametrize("status", [404, 405])
def test_a_list_that_n8n_does_not_have_can_come_from_an_export(
    commands: Callable[[], list[Outcome]], httpx_mock: HTTPXMock, status: int
) -> None:
    httpx_mock.add_response(status_code=status, json={"message": "no"}, is_reusable=True)
    push, diff = commands()
    assert "is not from n8n's API" in push.err
    assert "sfcred diff --export FILE" in diff.err
    assert "import:credentials" not in diff.err


def test_what_was_sent_is_never_said_to_be_unsent(
    commands: Callable[[], list[Outcome]], httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(method="GET", json={"data": [], "nextCursor": None}, is_reusable=True)
    httpx_mock.add_response(method="POST", json={"id": "a"})
    push = commands()[0]
    assert "unexpected answer" in push.err
    assert "nothing is sent" not in push.err


def test_an_org_s_address_is_not_n8n_s(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    project.credential("{}\n", "jwt", "specs/a.yaml")
    done = run("diff", "specs", "--n8n", "https://acme.my.salesforce.com")
    assert done.status == 2
    assert "an address of Salesforce, not of n8n" in done.err


@pytest.mark.parametrize(
    ("status", "content"),
    [(200, b"<html>Log in</html>"), (404, b"not found"), (502, b"Bad Gateway"), (302, b""), (200, b"x" * (256 * 1024 + 1)), (401, b'{"message": "unauthorized"}')],
)  # fmt: skip
def test_a_server_that_is_not_n8n(
    commands: Callable[[], list[Outcome]], httpx_mock: HTTPXMock, status: int, content: bytes
) -> None:
    httpx_mock.add_response(status_code=status, content=content, is_reusable=True)
    for done in commands():
        assert_about_n8n(done)


def test_a_misspelt_org_is_still_compared_with_setup(
    project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    project.credential("n8n: {version: '2.41.1'}\n", "jwt", "specs/a.yaml")
    project.material("specs/acme.key", "rsa-2048")
    httpx_mock.add_exception(FAILURES["not found in DNS"], is_reusable=True)
    done = run("doctor", "specs", "--live")
    assert "Compare my_domain with Setup, My Domain" in done.out
