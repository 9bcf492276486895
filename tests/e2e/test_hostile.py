"""Servers that pretend to be an org: failing TLS, endless answers, proxies. No secret leaves."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Bench
from tests.helpers.ports import free_port
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN
from tests.hostile.servers import Server, Talk

SPEC = """\
version: 1
name: hostile
environment: sandbox
my_domain: {url}
client_id: {{env: KEY}}
oauth2:
  client_secret: {{env: SECRET}}
  refresh_token: {{env: TOKEN}}
app: {{scopes: [api, refresh_token], callback_urls: ["https://n8n.acme.com/rest/oauth2-credential/callback"]}}
n8n: {{url: "https://n8n.acme.com", version: "2.40.5"}}
"""


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def begin(talk: Talk, context: ssl.SSLContext | None = None) -> Server:
        servers.append(Server(talk, context=context))
        return servers[-1]

    yield begin
    for server in servers:
        server.close()


def examined(bench: Bench, server: Server, scheme: str, status: int, **environ: str) -> str:
    url = f"{scheme}://127.0.0.1:{server.port}"
    spec = bench.write("hostile.yaml", SPEC.format(url=url))
    bench.variables = {
        "KEY": CONSUMER_KEY,
        "SECRET": CONSUMER_SECRET,
        "TOKEN": REFRESH_TOKEN,
        "SFCRED_ALLOW_HOSTS": f"127.0.0.1:{server.port}",
        **environ,
    }
    said = bench.sfcred("doctor", str(spec), "--live", "-v", status=status)
    for secret in (CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN):
        assert secret not in said
    return said


def head(*headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode()


def quiet(_connection: socket.socket) -> None:
    time.sleep(60)


def endless(connection: socket.socket) -> None:
    connection.sendall(head("Content-Type: application/json"))
    while True:
        connection.sendall(b"x" * 65536)


def packed(connection: socket.socket) -> None:
    """Return a small compressed body that would unpack to a very large one."""
    import gzip

    body = gzip.compress(b"0" * 50_000_000)
    connection.sendall(
        head(
            "Content-Type: application/json",
            "Content-Encoding: gzip",
            f"Content-Length: {len(body)}",
        )
        + body
    )


def binary(connection: socket.socket) -> None:
    connection.sendall(b"\x00\x01\x02\xff" * 100)


def cut(connection: socket.socket) -> None:
    connection.sendall(head("Content-Type: application/json", "Content-Length: 1000") + b'{"acc')


@pytest.mark.parametrize(
    ("talk", "words"),
    [
        (endless, "more than 256 KB"),
        (packed, "JSON that is broken"),
        (binary, "not HTTP"),
        (cut, "the connection was closed"),
    ],
)
def test_what_is_no_answer(
    bench: Bench, serve: Callable[..., Server], talk: Talk, words: str
) -> None:
    said = examined(bench, serve(talk), "http", 4)
    assert words in said
    assert "1 not reached" in said


def test_nobody_listens(bench: Bench, serve: Callable[..., Server]) -> None:
    server = serve(quiet)
    server.close()
    server.port = free_port()
    assert "nothing listens there" in examined(bench, server, "http", 4)


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    import subprocess

    files = f"-keyout {tmp_path}/k.pem -out {tmp_path}/c.pem"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes {files} -days 2 -subj /CN=127.0.0.1".split(),
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")
    return context


def test_a_certificate_that_nobody_vouches_for(
    bench: Bench, serve: Callable[..., Server], self_signed: ssl.SSLContext
) -> None:
    server = serve(quiet, self_signed)
    said = examined(bench, server, "https", 4)
    assert "certificate is not trusted" in said
    assert server.heard == b""


def test_plain_http_where_https_is_expected(bench: Bench, serve: Callable[..., Server]) -> None:
    server = serve(binary)
    said = examined(bench, server, "https", 4)
    assert "1 not reached" in said
    for secret in (CONSUMER_SECRET, REFRESH_TOKEN):
        assert secret.encode() not in server.heard


def test_no_proxy_sees_what_is_for_this_machine(bench: Bench, serve: Callable[..., Server]) -> None:
    proxy, org = serve(binary), serve(binary)
    address = f"http://127.0.0.1:{proxy.port}"
    variables = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY"), address)
    examined(bench, org, "http", 4, **variables)
    assert proxy.heard == b""
    assert b"/services/oauth2/token" in org.heard


def test_a_proxy_for_https_sees_no_more_than_the_host(
    bench: Bench, serve: Callable[..., Server]
) -> None:
    proxy, org = serve(binary), serve(quiet)
    address = f"http://127.0.0.1:{proxy.port}"
    said = examined(bench, org, "https", 4, HTTPS_PROXY=address)
    assert proxy.heard.startswith(b"CONNECT 127.0.0.1:")
    for secret in (CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "Basic"):
        assert secret.encode() not in proxy.heard
    assert "1 not reached" in said


def test_the_deadline_is_half_a_minute(bench: Bench, serve: Callable[..., Server]) -> None:
    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-More: 1\r\n")
            time.sleep(1)

    began = time.monotonic()
    said = examined(bench, serve(trickle), "http", 4)
    assert "no complete answer within 30 seconds" in said
    assert 29 < time.monotonic() - began < 50
