"""`sfcred login` through the command line, with a malicious browser and a malicious org."""

import contextlib
import functools
import html
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from tests.helpers.org_answers import RECORD
from tests.helpers.ports import free_port
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, Project
from tests.hostile.servers import PATIENCE, Running, Server, Talk, ask

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes end as on POSIX")

CODE, TOKEN = "aPrxCodeOfTheTests4711", "5Aep861refreshTokenOfTheTests"
ACCESS = "00D000000000001!accessTokenOfTheTests"
SHORT = (
    "import functools\nfrom sfcred.http import client\n"
    "client.ClientOptions = functools.partial(client.ClientOptions, seconds=1.5)"
)


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Allow loopback, also from this process."""


def reply(body: object, status: int = 200) -> bytes:
    text = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(text)}"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + text


class Login:
    """A login that waits for the browser."""

    def __init__(self, running: Running, port: int, start: str) -> None:
        self.running, self.port, self.start = running, port, start

    def open(self) -> str:
        """Open the login's address, as a browser does that hasn't been there."""
        return ask(self.port, f"GET {self.start} HTTP/1.1", f"Host: localhost:{self.port}")

    @functools.cached_property
    def query(self) -> dict[str, str]:
        """The parameters with which the browser is sent to Salesforce."""
        answer = self.open()
        found = re.search(r"^Location: (\S+)", answer, re.MULTILINE)
        assert found is not None, answer
        return {name: one[0] for name, one in parse_qs(urlsplit(found[1]).query).items()}

    def come_back(self, **fields: str) -> str:
        """Return from Salesforce, and read the page on which the browser ends."""
        query = urlencode({"state": self.query["state"], **fields})
        target = f"GET /OauthRedirect?{query} HTTP/1.1"
        return ask(self.port, target, f"Host: localhost:{self.port}")

    def end(self) -> tuple[int, str]:
        """Wait for the process to end, and return its status and all of its output."""
        status = self.running.process.wait(PATIENCE)
        time.sleep(0.1)
        out = self.running.process.stdout
        return status, "".join(self.running.said) + (out.read() if out else "")


@contextlib.contextmanager
def login(
    project: Project, org: int, before: str = "", more: str = "", **environ: str
) -> Iterator[Login]:
    """Log in to an org on this machine, with a spec that describes more of its app."""
    port = free_port()
    fragment = (
        f"my_domain: http://127.0.0.1:{org}\n"
        "oauth2: {refresh_token: {file: token}}\n"
        f"app: {{callback_urls: ['http://localhost:{port}/OauthRedirect'], {more}}}\n"
    )
    spec = project.credential(fragment, "oauth2")
    allowed = {"SFCRED_ALLOW_HOSTS": f"127.0.0.1:{org}", **environ}
    arguments = ("login", spec, "--no-browser", "--no-check")
    with Running(*arguments, stream="stderr", environ=allowed, before=before) as running:
        start = running.line(rf"http://localhost:{port}(/start/\w+)")[1]
        yield Login(running, port, start)


@contextlib.contextmanager
def org(*talks: Talk) -> Iterator[Server]:
    """An org that answers one request after another, and repeats the last answer."""
    left = list(talks)
    turn = threading.Lock()

    def talk(connection: socket.socket) -> None:
        with turn:
            mine = left.pop(0) if len(left) > 1 else left[0]
        mine(connection)

    server = Server(talk)
    yield server
    server.close()


def says(body: object, status: int = 200) -> Talk:
    return lambda connection: connection.sendall(reply(body, status))


def assert_nothing_shown(text: str, *secrets: str) -> None:
    for secret in (CODE, TOKEN, ACCESS, CONSUMER_KEY, CONSUMER_SECRET, *secrets):
        for shown in (secret, quote(secret), html.escape(secret)):
            assert shown not in text, text


# -- what the browser sends


@pytest.mark.parametrize(
    ("error", "text", "words"),
    [
        ("access_denied", "end-user denied authorization", "end-user denied authorization"),
        ("OAUTH_EC_APP_NOT_FOUND", "External client app is not installed in this org", "installed"),
        ("moon_phase", "", "moon_phase"),
        ("<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "onerror"),
        ("{{ 7 * 7 }}", "{% for x in page %}{{ x }}{% endfor %}", "{{ 7 * 7 }}"),
        ("x\r\nhint: run this", "two\nlines\x1b[2J", "x hint: run this"),
        (CONSUMER_KEY, f"secret {CONSUMER_SECRET} of the app", "of the app"),
    ],
)
def test_an_error_of_the_callback_is_text(
    project: Project, error: str, text: str, words: str
) -> None:
    with org(says({})) as server, login(project, server.port) as one:
        page = one.come_back(error=error, error_description=text)
        status, said = one.end()
    assert (status, server.heard) == (1, b""), said
    head, _, body = page.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.0 200")
    assert "default-src 'none'" in head
    assert "Not connected" in body
    assert set(re.findall(r"<(\w+)", body)) == {"html", "head", "meta", "title", "style", "body", "h1", "p"}  # fmt: skip
    assert words in said
    assert words in html.unescape(body)
    assert "Salesforce gave no consent: " in said
    assert_nothing_shown(said + body)
    assert "\x1b" not in said + body
    assert not (project.folder / "token").exists()


def test_another_login_s_code_is_not_taken(project: Project) -> None:
    with org(says({})) as server, login(project, server.port) as one:
        page = one.come_back(code=CODE, state="of another login")
        assert page.startswith("HTTP/1.0 400")
        assert "Wrong login" in page
        assert one.running.process.poll() is None
        one.running.end()
    assert server.heard == b""


# -- what the org answers


def test_nothing_is_stored_if_somebody_else_opened_the_address(project: Project) -> None:
    def exchange(connection: socket.socket) -> None:
        assert "Opened twice" in waiting.open()
        grants(connection)

    talks = (exchange, says({"records": [RECORD]}), says(USER))
    with org(*talks) as server, login(project, server.port) as waiting:
        page = waiting.come_back(code=CODE)
        status, said = waiting.end()
    assert status == 1, said
    assert "opened by two browsers or programs; nothing was stored" in said
    assert "Not connected" in page
    assert not (project.folder / "token").exists()


def test_a_second_browser_ends_the_login_at_once(project: Project) -> None:
    with org(grants, says(RECORD)) as server, login(project, server.port) as waiting:
        assert waiting.query["state"]
        begin = time.monotonic()
        waiting.open()
        status, said = waiting.end()
    assert (status, time.monotonic() - begin < 3) == (1, True), said
    assert "another user or program of this machine" in said


def grants(connection: socket.socket) -> None:
    """Send a token whose instance is the server that issued it."""
    host = f"http://127.0.0.1:{connection.getsockname()[1]}"
    granted = {
        "access_token": ACCESS, "refresh_token": TOKEN, "instance_url": host,
        "scope": "api refresh_token", "token_type": "Bearer",
        "id": f"{host}/id/00D000000000001EAA/005000000000001AAA",
    }  # fmt: skip
    connection.sendall(reply(granted))


USER = {"user_id": "005000000000001AAA", "organization_id": "00D000000000001EAA"}


def test_a_consent_is_stored_once_it_is_judged(project: Project) -> None:
    talks = (grants, says({"records": [RECORD]}), says(USER))
    with org(*talks) as server, login(project, server.port) as one:
        page = one.come_back(code=CODE)
        status, said = one.end()
    assert status == 0, said
    assert "Rehearsed" in page
    assert (project.folder / "token").read_text(encoding="utf-8").strip() == TOKEN
    assert_nothing_shown(said + page)
    form = parse_qs(server.heard.partition(b"\r\n\r\n")[2].partition(b"GET ")[0].decode())
    assert form["code"] == [CODE]
    assert server.connections == 3


def redirects(connection: socket.socket) -> None:
    to = "Location: https://evil.example/services/oauth2/token"
    connection.sendall(f"HTTP/1.1 307 X\r\n{to}\r\nContent-Length: 0\r\n\r\n".encode())


@pytest.mark.parametrize(
    ("talks", "words"),
    [
        ((redirects,), "the token endpoint redirects to"),
        ((grants, says({"records": [{**RECORD, "Id": "00D00000000000XEAA"}]}), says(USER)), "00D00000000000X"),
        ((grants, says({"records": [{**RECORD, "IsSandbox": False}]}), says(USER)), "production"),
        ((grants, says([{"errorCode": "API_DISABLED_FOR_ORG", "message": "no"}], 403), says(USER)), "API_DISABLED"),
        ((says({"error": "invalid_grant", "error_description": "expired authorization code"}, 400),), "expired authorization code"),
        ((says([1, 2]),), "not from Salesforce's token endpoint"),
    ],
)  # fmt: skip
def test_another_consent_than_was_meant_is_not_stored(
    project: Project, talks: tuple[Talk, ...], words: str
) -> None:
    more = "org_id: 00D000000000001EAA"
    with org(*talks) as server, login(project, server.port, more=more) as one:
        page = one.come_back(code=CODE)
        status, said = one.end()
    assert status == 1, said
    assert words in said
    assert "nothing was stored" in said
    assert "Not connected" in page
    assert_nothing_shown(said + page)
    assert server.connections == len(talks)
    assert not (project.folder / "token").exists()


@pytest.mark.parametrize("status", [400, 401, 500])
def test_an_org_that_repeats_what_it_was_sent(project: Project, status: int) -> None:
    def repeat(connection: socket.socket) -> None:
        sent = server.heard.decode()
        form = sent.partition("\r\n\r\n")[2]
        verifier.append(parse_qs(form)["code_verifier"][0])
        basic = re.findall(r"(?i)authorization: Basic (\S+)", sent)
        text = f"{CODE} {verifier[0]} {key} {secret} {' '.join(basic)} canary"
        secrets.extend(basic)
        connection.sendall(reply({"error": "invalid_grant", "error_description": text}, status))

    verifier: list[str] = []
    secrets: list[str] = []
    key, secret = "aKeyOfNoKnownForm", "correct horse battery staple"  # no pattern matches these
    values = {"ACME_CLIENT_ID": key, "ACME_CLIENT_SECRET": secret}
    with org(repeat) as server, login(project, server.port, **values) as one:
        page = one.come_back(code=CODE)
        ended, said = one.end()
    assert ended == 1, said
    assert "canary" in said
    assert "canary" in page
    assert_nothing_shown(said + page, key, secret, *verifier, *secrets)
    assert len(verifier + secrets) == 2
    assert not (project.folder / "token").exists()


def drips(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: 1\r\n")
        time.sleep(0.2)


def test_one_deadline_covers_the_exchange_of_a_code(project: Project) -> None:
    """An answer that trickles: each line is in time, but the whole isn't."""
    with org(drips) as server, login(project, server.port, before=SHORT) as one:
        began = time.monotonic()
        page = one.come_back(code=CODE)
        status, said = one.end()
        assert time.monotonic() - began < 15
    assert status == 1, said
    assert "the consent was given, but no complete answer within 2 seconds" in said
    assert "Not connected" in page
    assert_nothing_shown(said + page)


def test_one_deadline_covers_each_look_at_the_org(project: Project) -> None:
    with org(grants, drips) as server, login(project, server.port, before=SHORT) as one:
        page = one.come_back(code=CODE)
        status, said = one.end()
    assert status == 1, said
    assert "the consent was given, but no complete answer within 2 seconds" in said
    assert_nothing_shown(said + page)
    assert not (project.folder / "token").exists()


def test_a_huge_request_takes_no_memory(project: Project) -> None:
    """Each line is allowed to be long, and there can be a hundred: connections would add up."""
    more = [f"X-{number}: {'x' * 60_000}" for number in range(2)]
    with org() as server, login(project, server.port) as one:
        for target in ("/nowhere", "/OauthRedirect?state=x&code=y"):
            host = f"Host: localhost:{one.port}"
            assert ask(one.port, f"GET {target} HTTP/1.1", host, *more) == ""
            assert ask(one.port, f"GET {target} HTTP/1.1", host, *more[:1]).startswith("HTTP/1.")
        assert one.running.process.poll() is None
