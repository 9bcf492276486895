"""The two servers on this machine, login's listener and the local org, and who can use them."""

import contextlib
import json
import re
import socket
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote_plus

import pytest

from tests.helpers.ports import free_port
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, Project
from tests.hostile.servers import PATIENCE, Done, Running, Server, ask, sfcred

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGINT and SO_LINGER as on POSIX")


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Allow loopback, also from this process."""


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")


def hang_up(connection: socket.socket) -> None:
    """Close with a reset, like a browser tab that is closed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


# -- login's listener


def login_spec(project: Project, port: int, host: str = "localhost") -> str:
    callback = f"http://{host}:{port}/OauthRedirect"
    fragment = (
        "oauth2: {refresh_token: {file: token}}\n"
        f"app: {{callback_urls: ['{callback}', 'https://n8n.acme.com/rest/oauth2-credential/callback']}}\n"
    )
    return str(project.credential(fragment, "oauth2"))


@contextlib.contextmanager
def logging_in(project: Project, before: str = "") -> Iterator[tuple[Running, int, str]]:
    """Start a login that waits for the browser, and return its port and its first path."""
    port = free_port()
    spec = login_spec(project, port)
    options = ("--no-browser", "--no-check")
    with Running("login", spec, *options, stream="stderr", before=before) as running:
        start = running.line(rf"http://localhost:{port}(/start/\w+)")[1]
        yield running, port, start


def is_quiet(running: Running) -> None:
    """Assert that it ended promptly on Ctrl-C, and printed only where to go."""
    assert running.end() < 5
    assert running.process.returncode == 130
    time.sleep(0.1)
    said = "".join(running.said)
    assert "Traceback" not in said, said
    assert "Exception" not in said, said
    assert len(running.said) <= 4, said


@pytest.mark.parametrize("address", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
def test_login_listens_at_both_addresses(project: Project, address: str) -> None:
    with logging_in(project) as (running, port, start):
        cookie = "Cookie: a=b"
        for host in ("localhost", "127.0.0.1", "[::1]"):
            lines = (f"GET {start} HTTP/1.1", f"Host: {host}:{port}", cookie)
            answer = ask(port, *lines, address=address)
            assert answer.startswith("HTTP/1.0 302"), answer
            assert "/services/oauth2/authorize" in answer
            found = re.search(r"Set-Cookie: ([^;]+); Path=/start/\w+; HttpOnly", answer)
            assert found is not None, answer
            cookie = f"Cookie: {found[1]}"
        is_quiet(running)


@pytest.mark.parametrize("address", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
def test_an_address_that_somebody_else_has_is_a_refusal(project: Project, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as other:
        port = other.getsockname()[1]
        done = sfcred("login", login_spec(project, port), "--no-browser", "--no-check")
    assert done.status == 2, done
    assert f"can't listen on {address}, port {port}:" in done.err
    assert "open in your browser" not in done.err
    assert not (project.folder / "token").exists()


@needs_ipv6
def test_a_wildcard_listener_is_a_refusal(project: Project) -> None:
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as other:
        port = other.getsockname()[1]
        done = sfcred("login", login_spec(project, port), "--no-browser", "--no-check")
    assert (done.status, "open in your browser" in done.err) == (2, False)


def test_a_machine_without_ipv6_is_fine(project: Project) -> None:
    port = free_port()
    before = (
        "import errno, socket\n"
        "class V4(socket.socket):\n"
        "    def bind(self, address):\n"
        "        if self.family == socket.AF_INET6:\n"
        "            raise OSError(errno.EADDRNOTAVAIL, 'no')\n"
        "        super().bind(address)\n"
        "socket.socket = V4\n"
    )
    arguments = (
        "login",
        login_spec(project, port),
        "--no-browser",
        "--no-check",
        "--timeout",
        "10",
    )
    done = sfcred(*arguments, before=before)
    assert done.status == 1
    assert f"open in your browser: http://localhost:{port}/start/" in done.err


def test_a_second_login_is_refused(project: Project) -> None:
    with logging_in(project) as (running, port, _start):
        done = sfcred("login", login_spec(project, port), "--no-browser", "--no-check")
        assert (done.status, f", port {port}: " in done.err) == (2, True)
        is_quiet(running)


FOREIGN_HOSTS = (
    "evil.example",
    "evil.example:{port}",
    "localhost",
    "localhost:1",
    "localhost.:{port}",
    "127.0.0.1",
    "127.0.0.2:{port}",
    "127.0.0.1:{port}.evil.example",
    "[::1]",
    "0.0.0.0:{port}",
    "localhost:{port}@evil.example",
    "",
)


# Python 3.14.10 and later.
HTTP_0_9_HAS_NO_HEADERS = """
from http.server import BaseHTTPRequestHandler as Handler
real = Handler.parse_request
def parse_request(self):
    is_sound = real(self)
    if self.request_version == "HTTP/0.9":
        self.headers = {}
    return is_sound
Handler.parse_request = parse_request
"""


def test_a_request_without_a_version_is_refused_quietly(project: Project) -> None:
    with logging_in(project, before=HTTP_0_9_HAS_NO_HEADERS) as (running, port, start):
        for lines in ((f"GET {start}",), (f"GET {start}", f"Host: localhost:{port}")):
            assert CONSUMER_KEY not in ask(port, *lines)
        is_quiet(running)


def test_login_s_every_route_looks_at_the_host(project: Project) -> None:
    with logging_in(project) as (running, port, start):
        for host in FOREIGN_HOSTS:
            for route in ("/", start, "/OauthRedirect?code=x&state=y", "/favicon.ico", "//[x"):
                answer = ask(port, f"GET {route} HTTP/1.1", f"Host: {host.format(port=port)}")
                assert answer.startswith("HTTP/1.0 403"), (host, route, answer)
                assert CONSUMER_KEY not in answer
        hosts = (f"Host: localhost:{port}", "Host: evil.example")
        assert ask(port, f"GET {start} HTTP/1.1", *hosts).startswith("HTTP/1.0 403")
        assert ask(port, f"GET {start} HTTP/1.1").startswith("HTTP/1.0 403")
        assert CONSUMER_KEY not in ask(port, f"GET {start}")
        is_quiet(running)


@pytest.mark.parametrize(
    "method", ["POST", "HEAD", "PUT", "OPTIONS", "CONNECT", "\x1b[2J", "x" * 70000]
)
def test_login_answers_get_alone(project: Project, method: str) -> None:
    with logging_in(project) as (running, port, start):
        answer = ask(port, f"{method} {start} HTTP/1.1", f"Host: localhost:{port}")
        head, _, body = answer.partition("\r\n\r\n")
        assert re.match(r"HTTP/1\.0 [45]\d\d|$", head), answer
        assert (body, CONSUMER_KEY in answer, "Python" in answer) == ("", False, False)
        is_quiet(running)


def test_login_s_pages_are_kept_out_of_frames_and_caches(project: Project) -> None:
    with logging_in(project) as (_running, port, _start):
        answer = ask(port, "GET / HTTP/1.1", f"Host: localhost:{port}")
    for header in (
        "no-store",
        "no-referrer",
        "nosniff",
        "default-src 'none'",
        "frame-ancestors 'none'",
    ):
        assert header in answer
    assert "Python" not in answer


def test_a_browser_that_hangs_up_prints_nothing(project: Project) -> None:
    with logging_in(project) as (running, port, start):
        for sent in (
            b"",
            b"GET /",
            b"GET / HTTP/1.1\r\nHost: loc",
            f"GET {start}0 HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode(),
            b"\x16\x03\x01\x02\x00\x01\x00",
            b"GET //[x HTTP/1.1\r\n\r\n",
            b"GET /?" + b"%ff&" * 9000 + b" HTTP/1.1\r\n\r\n",
            b"\r\n" * 500,
            b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        ):
            for _ in range(5):
                connection = socket.create_connection(("127.0.0.1", port), timeout=10)
                connection.sendall(sent)
                hang_up(connection)
        assert ask(port, f"GET {start} HTTP/1.1", f"Host: localhost:{port}").startswith(
            "HTTP/1.0 302"
        )
        is_quiet(running)


def test_connections_that_send_nothing_keep_nobody_out(project: Project) -> None:
    with logging_in(project) as (running, port, start), contextlib.ExitStack() as stack:
        for number in range(300):
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            if number % 2:
                idle.sendall(b"GET /")
        began = time.monotonic()
        answer = ask(port, f"GET {start} HTTP/1.1", f"Host: localhost:{port}")
        assert answer.startswith("HTTP/1.0 302")
        assert time.monotonic() - began < 5
        is_quiet(running)


# -- the local org


@contextlib.contextmanager
def local_org(
    project: Project, *options: str, stream: str = "stdout"
) -> Iterator[tuple[Running, int]]:
    project.credential("{}\n", "jwt", "specs/jwt.yaml")
    second = "name: acme-oauth\noauth2: {refresh_token: {env: ACME_REFRESH_TOKEN}}\nn8n: {id: acmeOauth}\n"
    project.credential(second, "oauth2", "specs/oauth2.yaml")
    project.material("specs/acme.key", "rsa-2048")
    project.material("specs/acme.crt", "certificate")
    port = free_port()
    arguments = ("local-org", "specs", "--port", str(port), *options)
    with Running(*arguments, stream=stream) as running:
        for _ in range(PATIENCE * 10):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.1)
        yield running, port


ROUTES = (
    "/",
    "/_local/state",
    "/_local/refuse",
    "/_local/login",
    "/_local/consent",
    "/services/oauth2/authorize",
    f"/services/oauth2/authorize?client_id={CONSUMER_KEY}&response_type=code",
    "/services/oauth2/token",
    "/services/oauth2/userinfo",
    "/services/oauth2/introspect",
    "/services/oauth2/revoke?token=x",
    "/.well-known/openid-configuration",
    "/services/data",
    "/services/data/",
    "/services/data/v59.0/query?q=SELECT+Id+FROM+User",
    "/favicon.ico",
    "/static/x",
    "/nowhere",
    "//",
    "/%00",
)
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "TRACE")


def is_refused(answer: str) -> None:
    assert answer.startswith("HTTP/1.1 403"), answer
    for word in ("acme", "refuse", "logins", CONSUMER_KEY, "Salesforce", "issuer", "errorCode"):
        assert word not in answer


def test_the_local_org_s_every_route_looks_at_the_host(project: Project) -> None:
    with local_org(project) as (_running, port):
        for route in ROUTES:
            for method in METHODS:
                is_refused(
                    ask(
                        port,
                        f"{method} {route} HTTP/1.1",
                        "Host: evil.example",
                        "Content-Length: 0",
                    )
                )
        for host in FOREIGN_HOSTS:
            answer = ask(port, "GET / HTTP/1.1", f"Host: {host.format(port=port)}")
            assert re.match(r"HTTP/1\.1 40[03]", answer), (host, answer)
            assert "acme" not in answer
        for lines in (
            ("GET http://evil.example/ HTTP/1.1", "Host: evil.example"),
            ("GET / HTTP/1.0",),
            ("GET / HTTP/1.1", f"Host: 127.0.0.1:{port}", "Host: evil.example"),
        ):
            assert "acme" not in ask(port, *lines)


def test_the_local_org_answers_its_own_pages_and_programs(project: Project) -> None:
    with local_org(project) as (_running, port):
        for host in ("127.0.0.1", "localhost", "LOCALHOST"):
            for extra in (
                (),
                ("Sec-Fetch-Site: none",),
                ("Sec-Fetch-Site: same-origin", f"Origin: http://{host.lower()}:{port}"),
            ):
                answer = ask(port, "GET / HTTP/1.1", f"Host: {host}:{port}", *extra)
                assert "acme-oauth" in answer
                state = ask(port, "GET /_local/state HTTP/1.1", f"Host: {host}:{port}", *extra)
                assert '"logins": 0' in state


@pytest.mark.parametrize(
    "extra",
    [
        ("Origin: http://evil.example",),
        ("Origin: https://127.0.0.1:{port}",),
        ("Origin: http://127.0.0.1:1",),
        ("Origin: http://127.0.0.1:{port}.evil.example",),
        ("Origin: null",),
        ("Origin: http://127.0.0.1:{port}", "Origin: http://evil.example"),
        ("Sec-Fetch-Site: cross-site",),
        ("Sec-Fetch-Site: same-site",),
        ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"),
        ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"),
        ("Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"),
        ("Sec-Fetch-Site: whatever",),
    ],
)
def test_a_foreign_page_gets_nothing(project: Project, extra: tuple[str, ...]) -> None:
    with local_org(project) as (_running, port):
        lines = (
            f"Host: 127.0.0.1:{port}",
            "Content-Length: 0",
            *(line.format(port=port) for line in extra),
        )
        for route in ROUTES:
            for method in ("GET", "POST"):
                is_refused(ask(port, f"{method} {route} HTTP/1.1", *lines))


def test_a_foreign_page_may_begin_a_login_and_nothing_else(project: Project) -> None:
    visit = ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")
    with local_org(project) as (_running, port):
        host = f"Host: 127.0.0.1:{port}"
        answer = ask(port, "GET /services/oauth2/authorize HTTP/1.1", host, *visit)
        assert "invalid_client_id" in answer
        is_refused(ask(port, "GET / HTTP/1.1", host, *visit))
        is_refused(ask(port, "POST /_local/refuse HTTP/1.1", host, "Content-Length: 0", *visit))


def test_there_is_no_web_socket(project: Project) -> None:
    upgrade = (
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    with local_org(project, stream="stderr") as (running, port):
        for host in ("evil.example", f"127.0.0.1:{port}"):
            for route in ("/_local/state", "/nowhere"):
                with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                    lines = (
                        f"GET {route} HTTP/1.1",
                        f"Host: {host}",
                        "Connection: Upgrade",
                        *upgrade,
                    )
                    connection.sendall("\r\n".join([*lines, "", ""]).encode())
                    answer = connection.recv(65536).decode()
                assert not answer.startswith("HTTP/1.1 101")
                assert ("acme" in answer, host == "evil.example" and " 403 " not in answer) == (
                    False,
                    False,
                )
        running.end()
        assert "Traceback" not in "".join(running.said)


def test_a_path_can_t_steer_the_terminal(project: Project) -> None:
    with local_org(project, "-v", stream="stderr") as (running, port):
        host = f"Host: 127.0.0.1:{port}"
        for path in (
            "%1b[2J",
            "%0aforged",
            "%0d",
            "\x7f",
            "%c2%9b2J",
            "%e2%80%ae",
            "##[error]x",
            "::error::x",
        ):
            ask(port, f"GET /services/data/v59.0/{path} HTTP/1.1", host)
        ask(port, f"GET /services/data/v59.0/{'x' * 5000} HTTP/1.1", host)
        ask(port, "\x1b[2J / HTTP/1.1", host)
        ask(port, "GET / HTTP/1.1", host)
        running.line("^GET /$")
        running.end()
    for line in running.said:
        assert re.fullmatch(r"GET /[!-~]*\n", line), line
        assert "##[" not in line
        assert len(line) < 300


def test_the_local_org_ends_on_ctrl_c_and_has_its_port_alone(project: Project) -> None:
    with local_org(project) as (running, port):
        done: Done = sfcred("local-org", "specs", "--port", str(port))
        assert (done.status, f"can't listen on port {port}: " in done.err) == (2, True)
        assert running.end() < 5
        assert running.process.returncode == 0
    said = "".join(running.said)
    assert CONSUMER_KEY not in said
    assert CONSUMER_SECRET not in said


# -- what the org repeats of a login

#: None of these has a secret's shape: only that they were sent tells what they are.
SENT = {"ACME_CLIENT_ID": "3MVG9.short", "ACME_CLIENT_SECRET": "Kw9v.Qx/3+z"}
CODE = "aPrx.Q7/kT2+w="
BASIC = re.compile(r"(?i)\r\nauthorization: basic (\S+)")


def repeats(connection: socket.socket, server: Server) -> None:
    """Refuses, and repeats all that it was sent: as it came, decoded, and in the error's name."""
    head, _, body = server.heard.decode("latin-1").partition("\r\n\r\n")
    values = [value for values in parse_qs(body).values() for value in values]
    said = " ".join([body, *values, *BASIC.findall(head)])
    answer = json.dumps({"error": f"odd {CODE}", "error_description": said}).encode()
    status = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n"
    connection.sendall(f"{status}Content-Length: {len(answer)}\r\n\r\n".encode() + answer)


@contextlib.contextmanager
def logging_in_at(server: Server, project: Project) -> Iterator[tuple[Running, int, str]]:
    """A login at a server of this machine; gives its port and the state to come back with."""
    port = free_port()
    spec = Path(login_spec(project, port))
    text = spec.read_text(encoding="utf-8")
    here = f"127.0.0.1:{server.port}"
    spec.write_text(
        text.replace("https://acme--uat.sandbox.my.salesforce.com", f"http://{here}"),
        encoding="utf-8",
    )
    options = ("--no-browser", "--no-check", "--allow-host", here)
    with Running("login", str(spec), *options, stream="stderr", environ=SENT) as running:
        start = running.line(rf"http://localhost:{port}(/start/\w+)")[1]
        there = ask(port, f"GET {start} HTTP/1.1", f"Host: localhost:{port}")
        state = re.search(r"[?&]state=([\w-]+)", there)
        assert state is not None, there
        yield running, port, state[1]


def told(running: Running, port: int, query: str) -> str:
    """What the terminal and the browser show when the browser comes back."""
    page = ask(port, f"GET /OauthRedirect?{query} HTTP/1.1", f"Host: localhost:{port}")
    running.process.wait(PATIENCE)
    assert running.process.returncode == 1
    return "".join([*running.said, page])


def spellings(value: str) -> set[str]:
    return {value, quote_plus(value)}


def test_what_a_login_sent_is_not_told_when_the_org_repeats_it(project: Project) -> None:
    server = Server(lambda connection: repeats(connection, server))
    with logging_in_at(server, project) as (running, port, state):
        said = told(running, port, f"code={quote_plus(CODE)}&state={state}")
    heard = server.heard.decode("latin-1")
    sent = parse_qs(heard.partition("\r\n\r\n")[2])
    assert sent["code"] == [CODE]
    assert "odd " in said
    for value in (CODE, *BASIC.findall(heard), *sent["code_verifier"], *SENT.values()):
        assert not [form for form in spellings(value) if form in said], said


def test_nor_is_what_comes_back_with_the_browser(project: Project) -> None:
    server = Server(lambda connection: repeats(connection, server))
    with logging_in_at(server, project) as (running, port, state):
        both = quote_plus(" ".join(["odd", *SENT.values()]))
        said = told(running, port, f"error={both}&error_description={both}&state={state}")
    assert server.connections == 0
    assert "odd " in said
    for value in SENT.values():
        assert not [form for form in spellings(value) if form in said], said
