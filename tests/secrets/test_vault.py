"""Vault: the real hvac against a stand-in that speaks the KV API on loopback."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.secrets.conftest import CANARY, read, refusal

TOKEN = "hvs.token"
MOUNTS = {"secret/": {"version": "2"}, "old/": {"version": "1"}, "deep/er/": {"version": "2"}}
SECRETS = {
    "/v1/secret/data/acme/crm": {"data": {"data": {"client_secret": "s2", "n": 5, "empty": ""}}},
    "/v1/old/acme": {"data": {"client_secret": "s1"}},
    "/v1/deep/er/data/x": {"data": {"data": {"a": "deep"}}},
}


Answer = tuple[int, object] | tuple[int, object, str]


class Handler(BaseHTTPRequestHandler):
    """Vault's API, as far as a reader of KV needs it."""

    server: "Vault"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.answer is not None:
            status, body, *location = self.server.answer
            self._reply(status, body, *location)
        elif self.headers.get("X-Vault-Token") != TOKEN:
            self._reply(403, {"errors": [f"permission denied {CANARY}"]})
        elif self.path.startswith("/v1/sys/internal/ui/mounts/"):
            self._mount(self.path.removeprefix("/v1/sys/internal/ui/mounts/"))
        elif self.path in SECRETS:
            self._reply(200, SECRETS[self.path])
        else:
            self._reply(404, {"errors": [CANARY]})

    def _mount(self, path: str) -> None:
        found = next((mount for mount in MOUNTS if path.startswith(mount)), None)
        if found is None or self.server.closed:
            self._reply(403, {"errors": ["preflight capability check returned 403"]})
        else:
            self._reply(200, {"data": {"path": found, "type": "kv", "options": MOUNTS[found]}})

    def _reply(self, status: int, body: object, location: str = "") -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_given: object) -> None:
        pass


class Vault(ThreadingHTTPServer):
    """The stand-in, and what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.answer: Answer | None = None
        self.closed = False
        self.address = f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def environ(self) -> dict[str, str]:
        return {"VAULT_ADDR": self.address, "VAULT_TOKEN": TOKEN}


@pytest.fixture
def _no_network() -> None:
    """The stand-in is on loopback."""


@pytest.fixture
def vault() -> Iterator[Vault]:
    server = Vault()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_both_versions_at_any_mount(vault: Vault) -> None:
    assert read("vault: secret/acme/crm#client_secret", **vault.environ) == "s2"
    assert read("vault: old/acme#client_secret", **vault.environ) == "s1"
    assert read("vault: deep/er/x#a", **vault.environ) == "deep"


def test_a_token_that_may_not_ask_for_mounts(vault: Vault) -> None:
    vault.closed = True
    assert read("vault: secret/acme/crm#client_secret", **vault.environ) == "s2"


def test_a_secret_is_asked_for_once(vault: Vault) -> None:
    for _time in range(2):
        read("vault: secret/acme/crm#client_secret", **vault.environ)
        refusal("vault: secret/acme/crm#n", **vault.environ)
        refusal("vault: secret/acme/crm#x", **vault.environ)
    assert vault.asked.count("/v1/secret/data/acme/crm") == 1


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("secret/acme/crm#x", "has no field x (2 others)"),
        ("secret/acme/crm#n", "is no text"),
        ("secret/acme/crm#empty", "is empty"),
        ("secret/acme/other#x", "Vault has no secret secret/acme/other"),
    ],
)
def test_what_is_not_there(vault: Vault, reference: str, told: str) -> None:
    if "(2 others)" in told:
        told = told.replace("2", "3")
    assert told in refusal(f"vault: {reference}", **vault.environ)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((403, {"errors": [CANARY]}), "the token may not read it"),
        ((503, {"errors": [CANARY]}), "is sealed"),
        ((500, {"errors": [CANARY]}), "not as Vault does"),
        ((200, f"<html>{CANARY}</html>"), "not as Vault does"),
        ((200, {"data": CANARY}), "not as Vault does"),
        ((302, "", "http://127.0.0.1:1/elsewhere"), "not as Vault does"),
    ],
)
def test_each_answer_has_words(vault: Vault, answer: Answer, told: str) -> None:
    vault.answer = answer
    assert told in refusal("vault: secret/acme/crm#a", **vault.environ)


def test_the_token_goes_nowhere_else(vault: Vault) -> None:
    other = Vault()
    vault.answer = (307, "", f"{other.address}/v1/secret/data/acme/crm")
    refusal("vault: secret/acme/crm#a", **vault.environ)
    other.server_close()
    assert other.asked == []


def test_out_of_reach_is_asked_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    environ = {"VAULT_ADDR": address, "VAULT_TOKEN": TOKEN}
    assert "is out of reach" in refusal("vault: secret/a#b", **environ)
    assert "is out of reach" in refusal("vault: secret/c#d", **environ)


def test_where_address_and_token_come_from(vault: Vault) -> None:
    assert "VAULT_ADDR is not set" in refusal("vault: secret/a#b")
    nobody = str(Path.cwd())
    assert "there is no token" in refusal(
        "vault: secret/a#b", VAULT_ADDR=vault.address, HOME=nobody
    )
    from sfcred.secrets.vault import _MEMORY

    _MEMORY.clear()
    Path(".vault-token").write_text(f"{TOKEN}\n")
    found = read("vault: secret/acme/crm#client_secret", VAULT_ADDR=vault.address, HOME=nobody)
    assert found == "s2"
