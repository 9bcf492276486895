"""Vault: the real hvac, and a stand-in that answers like Vault's KV API."""

from pathlib import Path
from threading import Event
from unittest.mock import Mock

import pytest
from requests import PreparedRequest
from requests import exceptions as broken

from sfcred.own_files import find_brought_along
from tests.secrets.conftest import CANARY, Answer, forget, path_of, read, refusal, serve

TOKEN = "hvs.token"
ENGINES = {"database/": "database"}
MOUNTS = {
    "database/": {},
    "secret/": {"version": "2"},
    "old/": {"version": "1"},
    "deep/er/": {"version": "2"},
}
SECRETS = {
    "/v1/secret/data/acme/crm": {"data": {"data": {"client_secret": "s2", "n": 5, "empty": ""}}},
    "/v1/old/acme": {"data": {"client_secret": "s1"}},
    "/v1/deep/er/data/x": {"data": {"data": {"a": "deep"}}},
}


class Vault:
    """Vault's API, as far as reading KV needs it, with a record of its requests."""

    address = "https://vault.acme.com"
    environ = {"VAULT_ADDR": f"{address}/", "VAULT_TOKEN": TOKEN}  # noqa: RUF012 - never changed

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Answer | None = None
        self.closed = False

    def __call__(self, request: PreparedRequest) -> Answer:
        assert (request.url or "").startswith(self.address), "the token goes to VAULT_ADDR alone"
        path = path_of(request)
        self.asked.append(path)
        if self.answer is not None:
            return self.answer
        if request.headers.get("X-Vault-Token") != TOKEN:
            return Answer(403, {"errors": [f"permission denied {CANARY}"]})
        if path.startswith("/v1/sys/internal/ui/mounts/"):
            return self._mount(path.removeprefix("/v1/sys/internal/ui/mounts/"))
        return Answer(200, SECRETS[path]) if path in SECRETS else Answer(404, {"errors": [CANARY]})

    def _mount(self, path: str) -> Answer:
        found = next((mount for mount in MOUNTS if path.startswith(mount)), None)
        if found is None or self.closed:
            return Answer(403, {"errors": ["preflight capability check returned 403"]})
        return Answer(
            200,
            {"data": {"path": found, "type": ENGINES.get(found, "kv"), "options": MOUNTS[found]}},
        )


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    server = Vault()
    serve(monkeypatch, server)
    return server


def test_both_versions_at_any_mount(vault: Vault) -> None:
    assert read("vault: secret/acme/crm#client_secret", **vault.environ) == "s2"
    assert read("vault: old/acme#client_secret", **vault.environ) == "s1"
    assert read("vault: deep/er/x#a", **vault.environ) == "deep"


def test_a_token_that_may_not_ask_for_mounts(vault: Vault) -> None:
    vault.closed = True
    assert read("vault: secret/acme/crm#client_secret", **vault.environ) == "s2"


def test_a_secret_is_asked_for_once(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    fenced = Mock(wraps=find_brought_along)
    monkeypatch.setattr("sfcred.secrets.remote.find_brought_along", fenced)
    for _time in range(2):
        read("vault: secret/acme/crm#client_secret", **vault.environ)
        refusal("vault: secret/acme/crm#n", **vault.environ)
        refusal("vault: secret/acme/crm#x", **vault.environ)
    assert vault.asked.count("/v1/secret/data/acme/crm") == 1
    assert fenced.call_count == 1


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("secret/acme/crm#x", "has no field x (it has 3 others)"),
        ("secret/acme/crm#n", "is not a string"),
        ("secret/acme/crm#empty", "is empty"),
        ("secret/acme/other#x", "Vault has no secret secret/acme/other"),
        ("secret/x -address=y/z#x", "`vault kv get 'secret/x -address=y/z'`"),
        ("database/creds/admin#password", "not in a KV secrets engine"),
        ("secret/../database/creds/admin#password", "is not a valid Vault path"),
    ],
)
def test_what_is_not_there(vault: Vault, reference: str, told: str) -> None:
    assert told in refusal(f"vault: {reference}", **vault.environ)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(403, {"errors": [CANARY]}), "the token may not read it"),
        (Answer(503, {"errors": [CANARY]}), "is sealed"),
        (Answer(500, {"errors": [CANARY]}), "it does not answer like Vault"),
        (Answer(200, f"<html>{CANARY}</html>"), "it does not answer like Vault"),
        (Answer(200, {"data": CANARY}), "it does not answer like Vault"),
        (Answer(200, "[" * 100_000), "it does not answer like Vault"),
        (Answer(200, {"data": CANARY * 50_000}), "it does not answer like Vault"),
        (Answer(302, "", {"Location": "https://evil.example"}), "it does not answer like Vault"),
    ],
)
def test_each_answer_has_words(vault: Vault, answer: Answer, told: str) -> None:
    vault.answer = answer
    assert told in refusal("vault: secret/acme/crm#a", **vault.environ)


def test_the_token_goes_nowhere_else(vault: Vault) -> None:
    """The stand-in itself fails if another host is contacted."""
    location = {"Location": "https://evil.example/v1/secret/data/acme/crm"}
    for status in (301, 302, 307, 308):
        vault.answer = Answer(status, "", location)
        refusal(f"vault: secret/acme/crm{status}#a", **vault.environ)
    assert vault.asked


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (broken.ConnectionError(CANARY), "can't be reached"),
        (broken.ConnectTimeout(CANARY), "can't be reached"),
        (broken.SSLError(CANARY), "VAULT_CACERT"),
    ],
)
def test_out_of_reach_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    asked: list[str] = []

    def fail(request: PreparedRequest) -> Answer:
        asked.append(request.url or "")
        raise error

    serve(monkeypatch, fail)
    for name in ("a", "b", "c"):
        assert told in refusal(f"vault: secret/{name}#x", **Vault.environ)
    assert len(asked) == 1


def test_where_address_and_token_come_from(vault: Vault) -> None:
    assert "VAULT_ADDR is not set" in refusal("vault: secret/a#b")
    nobody = str(Path.cwd())
    assert "no token found" in refusal("vault: secret/a#b", VAULT_ADDR=vault.address, HOME=nobody)
    forget()
    Path(".vault-token").write_text(f"{TOKEN}\n", encoding="utf-8")
    found = read("vault: secret/acme/crm#client_secret", VAULT_ADDR=vault.address, HOME=nobody)
    assert found == "s2"


def test_a_server_that_never_finishes(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    is_over = Event()
    serve(monkeypatch, lambda _request: Answer(200, str(is_over.wait(10))))
    monkeypatch.setattr("sfcred.secrets.providers.vault._SECONDS", 0.02)
    assert "timed out" in refusal("vault: secret/acme/crm#client_secret", **vault.environ)
    is_over.set()


def test_half_of_a_character_is_no_value(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_text = {"data": {"data": {"a": f"{CANARY}\ud800"}}}
    monkeypatch.setitem(SECRETS, "/v1/secret/data/acme/crm", broken_text)
    told = "the field a of the Vault secret secret/acme/crm contains half of a character"
    assert told in refusal("vault: secret/acme/crm#a", **vault.environ)
