"""What leaves this machine: where it goes, how much of it, and how long it takes."""

import contextlib
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.org_answers import GRANTED, ORGANIZATION, OWN, USER
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project
from tests.hostile.servers import (
    Done,
    Server,
    Talk,
    command,
    connected,
    interrupt,
    read_request,
    sfcred,
    variables,
)

Run = Callable[..., Outcome]
SECRETS = (CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def begin(talk: Talk, *, reads: bool = True) -> Server:
        servers.append(Server(talk, reads=reads))
        return servers[-1]

    yield begin
    for server in servers:
        server.close()


# -- where it goes

#: Salesforce hosts that must not get secrets. Most of them serve what a customer created.
NO_DESTINATION = (
    "acme.my.site.com",
    "acme.force.com",
    "acme.secure.force.com",
    "acme.na1.force.com",
    "acme.my.salesforce-sites.com",
    "acme.lightning.force.com",
    "acme--uat.sandbox.lightning.force.com",
    "acme.lightning.crmforce.mil",
    "acme--c.vf.force.com",
    "acme--c.na1.visual.force.com",
    "acme.visualforce.com",
    "acme.file.force.com",
    "acme--c.container.force.com",
    "acme--c.content.force.com",
    "acme--c.documentforce.com",
    "acme.my.salesforce-setup.com",
    "acme.my.salesforce-scrt.com",
    "acme.preview.salesforce-experience.com",
    "acme.cloudforce.com",
    "acme.database.com",
    "d.la1-c1-ia4.salesforceliveagent.com",
    "na1.salesforce.com",
    "na139.salesforce.com",
    "cs12.salesforce.com",
    "usa2s.sfdc-abc.salesforce.com",
    "acme--uat.cs12.my.salesforce.com",
    "acme--uat.my.salesforce.com",
    "api.salesforce.com",
    "gs1.salesforce.com",
    "acme.stm.salesforce.com",
    "www.salesforce.com",
    "evil.salesforce.com",
    "my.salesforce.com",
    "sandbox.my.salesforce.com",
    "acme.my.salesforce.com.mcas.ms",
    "acme.my.salesforce.com.evil.example",
    "acme.my.salesforce.com-evil.example",
    "evilmy.salesforce.com.example",
    "acme.my-salesforce.com",
    "127.0.0.1",
    "[::1]",
    "localhost",
    "169.254.169.254",
    "2130706433",
    "0x7f.1",
)
DESTINATIONS = (
    OWN,
    "acme.my.salesforce.com",
    "acme-dev-ed.develop.my.salesforce.com",
    "acme.scratch.my.salesforce.com",
    "acme.trailblaze.my.salesforce.com",
    "acme.demo.my.salesforce.com",
    "acme.my.salesforce.mil",
    "acme--uat.sandbox.my.salesforce.mil",
    "acme.my.sfcrmproducts.cn",
    "acme--uat.sandbox.my.sfcrmproducts.cn",
    "login.salesforce.com",
    "test.salesforce.com",
)


def live(run: Run, spec: Path, *options: str) -> Outcome:
    return run("doctor", spec, "--live", "--select", "SFC9", "--format", "json", *options)


def reasons(done: Outcome) -> str:
    return "\n".join(entry["reason"] for entry in json.loads(done.out)["not_checked"])


@pytest.mark.parametrize("base", ["jwt", "oauth2"])
@pytest.mark.parametrize("host", NO_DESTINATION)
def test_no_login_goes_to_a_host_that_is_no_org(
    project: Project, run: Run, httpx_mock: HTTPXMock, host: str, base: str
) -> None:
    done = live(run, project.credential(f"my_domain: https://{host}\n", base))
    assert (done.status, httpx_mock.get_requests()) == (4, [])
    assert "nothing is sent to" in reasons(done)


@pytest.mark.parametrize("host", DESTINATIONS)
def test_a_login_goes_to_an_org(
    project: Project, run: Run, httpx_mock: HTTPXMock, host: str
) -> None:
    httpx_mock.add_response(status_code=500, is_reusable=True)
    live(run, project.credential(f"my_domain: https://{host}\n", "oauth2"))
    (request,) = httpx_mock.get_requests()
    assert str(request.url) == f"https://{host}/services/oauth2/token"


@pytest.mark.parametrize("host", NO_DESTINATION)
def test_no_token_goes_to_an_instance_that_is_no_org(
    project: Project, run: Run, httpx_mock: HTTPXMock, host: str
) -> None:
    httpx_mock.add_response(json={**GRANTED, "instance_url": f"https://{host}"})
    done = live(run, project.credential())
    assert done.status == 4
    assert "the token was not sent to it" in reasons(done)
    assert len(httpx_mock.get_requests()) == 1


#: Addresses that programs read differently: an org to one reader, and another host to the next.
CONFUSING = (
    "https://evil.example\\@{own}",
    "https://{own}\\@evil.example",
    "https://{own}@evil.example",
    "https://evil.example@{own}",
    "https://evil.example:pw@{own}/",
    "https://evil.example#@{own}",
    "https://evil.example#.{own}",
    "https://{own}#@evil.example",
    "https://evil.example?.{own}",
    "https://evil.example/.{own}",
    "https://{own}%2eevil.example",
    "https://{own}%00.evil.example",
    "https://{own}%40evil.example",
    "https://ev\til.example",
    "https://{own}\t.evil.example",
    "https://{own}\n.evil.example",
    "https://{own}\r\nHost: evil.example",
    "https://{own} .evil.example",
    "https:/{own}",
    "https:{own}",
    "//{own}",
    "{own}",
    "http://{own}",
    "ftp://{own}",
    "HTTPS://{own}.evil.example",
    "https://{own}:8443",
    "https://{own}:443443",
    "https://{own}:-1",
    "https://{own}:٤٤٣",
    "https://{own}.",
    "https://{own}..",
    "https://.{own}",
    "https://a..{own}",
    "https://\uff41cme.my.salesforce.com",
    "https://acme.my.salesforce。com",
    "https://\u0430cme.my.salesforce.com",
    "https://acme.my.sale\u017fforce.com",
    "https://acme.my.sales\u200bforce.com",
    "https://[{own}]",
    "https://[::1]",
    "https://[::ffff:127.0.0.1]",
    "https://[fe80::1%25eth0]",
)


@pytest.mark.parametrize("form", CONFUSING)
def test_no_token_goes_to_an_address_that_can_be_read_in_two_ways(
    project: Project, run: Run, httpx_mock: HTTPXMock, form: str
) -> None:
    httpx_mock.add_response(json={**GRANTED, "instance_url": form.format(own=OWN)})
    done = live(run, project.credential())
    assert done.status == 4, done
    assert len(httpx_mock.get_requests()) == 1


@pytest.mark.parametrize("form", CONFUSING)
def test_a_spec_s_address_is_sent_to_as_it_was_judged(
    project: Project, run: Run, httpx_mock: HTTPXMock, form: str
) -> None:
    httpx_mock.add_response(status_code=500, is_reusable=True, is_optional=True)
    value = json.dumps(form.format(own=OWN))
    live(run, project.credential(f"my_domain: {value}\n", "oauth2"))
    for request in httpx_mock.get_requests():
        assert request.url.scheme == "https"
        assert request.url.host == OWN
        assert request.url.port is None
        assert request.headers["host"] == OWN
        assert request.url.userinfo == b""


def test_an_upper_case_instance_is_an_org_s(
    project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(json={**GRANTED, "instance_url": f"HTTPS://{OWN.upper()}:443/"})
    httpx_mock.add_response(url=re.compile(rf"https://{OWN}/services/data/.*"), json=ORGANIZATION)
    httpx_mock.add_response(url=re.compile(r".*/userinfo"), json=USER)
    assert live(run, project.credential()).status == 0


@given(st.text(max_size=40), st.sampled_from(("", f"https://{OWN}", "https://evil.example/")))
def test_any_text_is_an_address_or_none(text: str, before: str) -> None:
    from sfcred.urls import split_url

    url = split_url(before + text)
    if url is not None:
        assert re.fullmatch(r"[a-z0-9._:-]+", url.host)
        assert re.fullmatch(r"/[!-~]*", url.path)
        assert (before + text).lower().startswith(f"{url.scheme}://")
        assert 0 < url.port < 65536


def test_a_redirect_is_not_followed_and_no_cookie_is_kept(
    project: Project, serve: Callable[..., Server]
) -> None:
    elsewhere = serve(lambda _connection: None)
    target = f"http://127.0.0.1:{elsewhere.port}/services/oauth2/token"

    def redirects(connection: socket.socket) -> None:
        connection.sendall(
            head(307, f"Location: {target}", "Set-Cookie: sid=canary; Path=/", "Content-Length: 0")
        )

    server = serve(redirects)
    write_specs(project, server, 2)
    allowed = f"127.0.0.1:{server.port},127.0.0.1:{elsewhere.port}"
    sfcred("doctor", "specs", "--live", "--jobs", "1", environ={"SFCRED_ALLOW_HOSTS": allowed})
    assert elsewhere.connections == 0
    assert server.connections == 2  # each credential has its own
    assert b"canary" not in server.heard


def test_netrc_adds_nothing(project: Project, serve: Callable[..., Server]) -> None:
    server = serve(lambda connection: connection.sendall(head(500, "Content-Length: 0")))
    netrc = Path.home() / ".netrc"
    netrc.write_text("default login canary password canary\n", encoding="utf-8")
    netrc.chmod(0o600)
    spec = project.credential(
        f"my_domain: http://127.0.0.1:{server.port}\noauth2: {{refresh_token: null}}\n", "oauth2"
    )
    allowed = {"SFCRED_ALLOW_HOSTS": f"127.0.0.1:{server.port}", "NETRC": str(netrc)}
    sfcred("doctor", spec, "--live", environ=allowed)
    assert b"GET /.well-known/openid-configuration" in server.heard
    assert b"authorization" not in server.heard.lower()


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("HTTPS_PROXY", "socks5://127.0.0.1:1", "is not an HTTP proxy"),
        ("ALL_PROXY", "socks5h://127.0.0.1:1", "is not an HTTP proxy"),
        (
            "HTTPS_PROXY",
            "http://127.0.0.1:1",
            "the proxy in HTTPS_PROXY can't be reached, or refused",
        ),
        ("HTTPS_PROXY", "http://nowhere.invalid:1", "the proxy in HTTPS_PROXY can't be reached"),
        ("HTTPS_PROXY", "http://ada:pü@127.0.0.1:1", "the proxy in HTTPS_PROXY can't be reached"),
        (
            "HTTPS_PROXY",
            "http://proxy:99999",
            "the URL of the proxy in HTTPS_PROXY or ALL_PROXY is not valid",
        ),
        (
            "HTTPS_PROXY",
            "http://[::1",
            "the URL of the proxy in HTTPS_PROXY or ALL_PROXY is not valid",
        ),
        (
            "HTTPS_PROXY",
            "http://prüfung:80",
            "the URL of the proxy in HTTPS_PROXY or ALL_PROXY is not valid",
        ),
        ("SSL_CERT_FILE", "/nowhere.pem", "SSL_CERT_FILE or SSL_CERT_DIR can't be read"),
    ],
)
def test_an_environment_that_can_t_work_is_a_reason(
    project: Project, variable: str, value: str, words: str
) -> None:
    done = sfcred("doctor", project.credential(), "--live", "-v", environ={variable: value})
    assert done.status == 4, done
    assert words in done.out


def test_a_token_of_any_form_is_no_bug(project: Project, run: Run, httpx_mock: HTTPXMock) -> None:
    for token in (
        "00D000000000001!canaryé☃",
        "00D000000000001!canary\r\nX-Evil: 1",
        "canary\udcff",
    ):
        httpx_mock.add_response(content=json.dumps({**GRANTED, "access_token": token}).encode())
        httpx_mock.add_response(json=ORGANIZATION, is_optional=True)
        httpx_mock.add_response(json=USER, is_optional=True)
        done = live(run, project.credential())
        assert done.status in (0, 4), done
        assert "canary" not in done.out + done.err
        httpx_mock.reset()


# -- how long it takes


def head(status: int, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} X", *headers, "", ""]).encode()


def drip(connection: socket.socket, what: bytes, pause: float = 0.2) -> None:
    while True:
        connection.sendall(what)
        time.sleep(pause)


def header_lines(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    drip(connection, b"X-More: 1\r\n")


def one_long_line(connection: socket.socket) -> None:
    drip(connection, b"H")


def body_bytes(connection: socket.socket) -> None:
    connection.sendall(head(200, "Content-Type: application/json", "Content-Length: 100000"))
    drip(connection, b" ")


def chunks(connection: socket.socket) -> None:
    connection.sendall(head(200, "Transfer-Encoding: chunked"))
    drip(connection, b"1\r\n \r\n")


def trailers(connection: socket.socket) -> None:
    connection.sendall(head(200, "Transfer-Encoding: chunked") + b"1\r\n \r\n0\r\n")
    drip(connection, b"X-More: 1\r\n")


def interim_answers(connection: socket.socket) -> None:
    drip(connection, head(100) + head(103, "Link: </x>"), 0.01)


def silence(_connection: socket.socket) -> None:
    time.sleep(PATIENCE)


PATIENCE = 30
#: Set through ClientOptions.seconds, so that the tests don't wait for half a minute.
SHORT = "import functools\nfrom sfcred.http import client\nclient.ClientOptions = functools.partial(client.ClientOptions, seconds=1.5)"


def write_specs(project: Project, server: Server, number: int, scheme: str = "http") -> None:
    for index in range(number):
        fragment = f"name: acme-{index}\nmy_domain: {scheme}://127.0.0.1:{server.port}\nn8n: {{id: acme{index}}}\n"
        project.credential(fragment, "oauth2", f"specs/{index}.yaml")


def is_cut_off(done: Done, number: int) -> None:
    assert done.status == 4, done
    assert "no complete answer within 2 seconds" in done.out, done.out
    assert f"{number} not reached" in done.out
    assert done.seconds < 15, done.seconds
    assert "Traceback" not in done.err


SLOW = (header_lines, one_long_line, body_bytes, chunks, trailers, interim_answers, silence)


@pytest.mark.parametrize(
    ("talk", "number"), [*((talk, 1) for talk in SLOW), (header_lines, 3), (body_bytes, 3)]
)
def test_a_server_that_takes_its_time_is_cut_off(
    project: Project, serve: Callable[..., Server], talk: Talk, number: int
) -> None:
    server = serve(talk)
    write_specs(project, server, number)
    allowed = {"SFCRED_ALLOW_HOSTS": f"127.0.0.1:{server.port}"}
    done = sfcred("doctor", "specs", "--live", "-v", environ=allowed, before=SHORT)
    is_cut_off(done, number)
    assert server.connections == number


@pytest.mark.parametrize("talk", [silence, one_long_line])
def test_a_handshake_that_takes_its_time_is_cut_off(
    project: Project, serve: Callable[..., Server], talk: Talk
) -> None:
    def handshake(connection: socket.socket) -> None:
        connection.sendall(b"\x16\x03\x03\x3f\xff")  # a record of 16 KB follows
        talk(connection)

    server = serve(handshake)
    write_specs(project, server, 1, "https")
    allowed = {"SFCRED_ALLOW_HOSTS": f"127.0.0.1:{server.port}"}
    is_cut_off(sfcred("doctor", "specs", "--live", "-v", environ=allowed, before=SHORT), 1)


@pytest.mark.parametrize("talk", [header_lines, one_long_line, silence])
def test_a_proxy_that_takes_its_time_is_cut_off(
    project: Project, serve: Callable[..., Server], talk: Talk
) -> None:
    proxy = serve(talk)
    environ = {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}"}
    spec = project.credential("{}\n", "oauth2")
    is_cut_off(sfcred("doctor", spec, "--live", "-v", environ=environ, before=SHORT), 1)
    assert proxy.heard.startswith(f"CONNECT {OWN}:443".encode())
    assert not [secret for secret in SECRETS if secret.encode() in proxy.heard]


def test_a_name_server_that_takes_its_time_is_cut_off(project: Project) -> None:
    before = f"{SHORT}\nimport socket, time\nsocket.getaddrinfo = lambda *a, **k: time.sleep(60)"
    spec = project.credential("{}\n", "oauth2")
    done = sfcred("doctor", spec, "--live", "-v", before=before)
    assert done.status == 4, done
    assert "the DNS lookup of the host name timed out" in done.out
    assert done.seconds < 15


def test_localhost_is_this_machine_whatever_a_name_server_says(
    project: Project, serve: Callable[..., Server]
) -> None:
    server = serve(lambda connection: connection.sendall(head(500, "Content-Length: 0")))
    before = "import socket\nsocket.getaddrinfo = lambda *a, **k: 1 / 0 if a[0] == 'localhost' else real(*a, **k)"
    before = f"import socket\nreal = socket.getaddrinfo\n{before}"
    spec = project.credential(f"my_domain: http://localhost:{server.port}\n", "oauth2")
    allowed = {"SFCRED_ALLOW_HOSTS": f"localhost:{server.port}"}
    done = sfcred("doctor", spec, "--live", "-v", environ=allowed, before=before)
    assert b"POST /services/oauth2/token" in server.heard, done


def test_one_that_takes_its_time_holds_up_no_other(
    project: Project, serve: Callable[..., Server]
) -> None:
    slow = serve(header_lines)
    quick = serve(lambda connection: connection.sendall(head(500, "Content-Length: 0")))
    write_specs(project, slow, 1)
    for index in range(1, 5):
        fragment = f"name: quick-{index}\nmy_domain: http://127.0.0.1:{quick.port}\nn8n: {{id: quick{index}}}\n"
        project.credential(fragment, "oauth2", f"specs/{index}.yaml")
    allowed = {"SFCRED_ALLOW_HOSTS": f"127.0.0.1:{slow.port},127.0.0.1:{quick.port}"}
    done = sfcred("doctor", "specs", "--live", "-v", environ=allowed, before=SHORT)
    assert done.out.count("no complete answer within 2 seconds") == 1
    assert quick.connections == 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another Ctrl-C")
@pytest.mark.parametrize("number", [1, 3])
def test_ctrl_c_ends_at_once_and_keeps_what_is_done(
    project: Project, serve: Callable[..., Server], number: int
) -> None:
    slow = serve(silence)
    quick = serve(
        lambda connection: connection.sendall(
            head(400, "Content-Type: application/json", "Content-Length: 25")
            + b'{"error":"invalid_grant"}'
        )
    )
    write_specs(project, slow, number)
    fragment = f"name: quick\nmy_domain: http://127.0.0.1:{quick.port}\nn8n: {{id: quick}}\n"
    if number > 1:
        project.credential(fragment, "oauth2", "specs/0.yaml")
    allowed = {"SFCRED_ALLOW_HOSTS": f"127.0.0.1:{slow.port},127.0.0.1:{quick.port}"}
    arguments = ["doctor", "specs", "--live", "--select", "SFC9", "--format", "json", "--jobs", "1"]
    with subprocess.Popen(
        command(arguments), env=variables(allowed), stdout=-1, stderr=-1, encoding="utf-8"
    ) as process:
        while not slow.heard and process.poll() is None:
            time.sleep(0.05)
        done, seconds = interrupt(process)
    assert done.status == 130, done
    assert seconds < 5
    report = json.loads(done.out)
    assert report["summary"]["interrupted"] is True
    assert [f["credential"] for f in report["findings"]] == (["quick"] if number > 1 else [])
    assert "Traceback" not in done.err


# -- over TLS, directly and through a proxy


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    file = tmp_path / "server.pem"
    names = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {file} -out {file}.crt -days 2 {names}".split(),
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_text(
        file.read_text(encoding="utf-8") + Path(f"{file}.crt").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    return file


def tls(certificate: Path, talk: Talk, heard: list[bytes]) -> Talk:
    """The same over TLS. The server itself receives only the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inside:
            heard.append(read_request(inside))
            talk(inside)

    return answer


def refuses(connection: socket.socket) -> None:
    body = b'{"error":"invalid_grant"}'
    size = f"Content-Length: {len(body)}"
    connection.sendall(head(400, "Content-Type: application/json", size) + body)


def relay(target: int) -> Talk:
    """A proxy that always connects to a port of this machine."""

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                sink.sendall(part)

    def talk(connection: socket.socket) -> None:
        with connected(target) as other:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=pump, args=(other, connection), daemon=True).start()
            pump(connection, other)

    return talk


@pytest.mark.parametrize("way", ["direct", "proxy", "proxy over TLS", "no proxy"])
def test_over_tls(
    project: Project, serve: Callable[..., Server], certificate: Path, way: str
) -> None:
    heard: list[bytes] = []
    server = serve(tls(certificate, refuses, heard), reads=False)
    asked: list[bytes] = []
    over_tls = way == "proxy over TLS"
    way_on = relay(server.port)
    proxy = serve(tls(certificate, way_on, asked) if over_tls else way_on, reads=not over_tls)
    scheme = "https" if over_tls else "http"
    write_specs(project, server, 1, "https")
    environ = {
        "SFCRED_ALLOW_HOSTS": f"127.0.0.1:{server.port}",
        "SSL_CERT_FILE": f"{certificate}.crt",
        "HTTPS_PROXY": "" if way == "direct" else f"{scheme}://ada:p%40ss@127.0.0.1:{proxy.port}",
        "NO_PROXY": "127.0.0.1" if way == "no proxy" else "",
    }
    done = sfcred("doctor", "specs", "--live", "-v", environ=environ)
    assert "SFC903" in done.out, done.out
    assert heard[0].startswith(b"POST /services/oauth2/token HTTP/1.1\r\n")
    assert proxy.connections == int(way.startswith("proxy"))
    asked.append(proxy.heard)
    assert not [secret for secret in SECRETS if secret.encode() in b"".join(asked)]
    if way.startswith("proxy"):
        assert f"CONNECT 127.0.0.1:{server.port}".encode() in asked[0]
        assert b"Proxy-Authorization: Basic YWRhOnBAc3M=" in asked[0]


# -- how much


def test_an_answer_has_a_limit(project: Project, serve: Callable[..., Server]) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(head(200, "Content-Type: application/json"))
        while True:
            connection.sendall(b"x" * 65536)

    def long_head(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            connection.sendall(b"x" * 65536)

    for talk, words in ((endless, "more than 256 KB"), (long_head, "not HTTP")):
        server = serve(talk)
        write_specs(project, server, 1)
        allowed = {"SFCRED_ALLOW_HOSTS": f"127.0.0.1:{server.port}"}
        done = sfcred("doctor", "specs", "--live", "-v", environ=allowed)
        assert done.status == 4, done
        assert words in done.out


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["guide"], ["app", "-o", "out"], ["explain", "--error", "invalid_grant", "--spec"]],
    ids=lambda arguments: arguments[0],
)
def test_no_store_is_asked_by_what_needs_no_value_whatever_a_configuration_requires(
    project: Project, serve: Callable[..., Server], arguments: list[str]
) -> None:
    spec = project.credential("client_id: {vault: secret/acme#client_id}\n")
    Path("sfcred.toml").write_text("require_secrets = true\n", encoding="utf-8")
    own = serve(socket.socket.close)
    environ = variables() | {"VAULT_TOKEN": "hvs.x", "VAULT_ADDR": f"http://127.0.0.1:{own.port}"}
    subprocess.run(command(["doctor", spec]), env=environ, capture_output=True, check=False)
    asked = own.connections
    assert asked, "the configuration makes doctor ask"
    done = subprocess.run(
        command([*arguments, spec]), env=environ, capture_output=True, check=False
    )
    assert done.returncode == 0, done
    assert own.connections == asked
