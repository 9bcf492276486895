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


FAILURES = {
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
    assert "My Domain is misspelled" in done.out
