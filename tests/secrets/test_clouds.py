"""Google, Azure and 1Password: their own clients, as far as they work without their clouds."""

import asyncio
import base64
import sys
from collections.abc import Callable, Coroutine
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import pytest
from azure.core import exceptions as azure_refused
from azure.core.credentials import AccessToken
from google.api_core import exceptions as google_refused
from google.auth import exceptions as google_broken
from google.auth.credentials import AnonymousCredentials
from onepassword.errors import RateLimitExceededException
from requests import PreparedRequest

from sfcred.installed import EXTRAS
from sfcred.secrets.providers import azure, gcp
from tests.secrets.conftest import CANARY, Answer, forget, path_of, read, refusal, serve

NAME = "projects/acme/secrets/crm"


# -- Google: its client over REST


class Google:
    """Answers by path, and with 404 for unknown paths."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []

    def __call__(self, request: PreparedRequest) -> Answer:
        self.asked.append(path_of(request))
        missing = Answer(404, {"error": {"code": 404, "status": "NOT_FOUND", "message": CANARY}})
        return self.answers.get(path_of(request), missing)


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Google:
    server = Google()
    serve(monkeypatch, server)
    nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]
    monkeypatch.setattr("google.auth.default", lambda *_given, **_named: (nobody, None))
    return server


def google_secret(data: bytes) -> Answer:
    return Answer(200, {"name": NAME, "payload": {"data": base64.b64encode(data).decode()}})


def test_google(google: Google) -> None:
    google.answers[f"/v1/{NAME}/versions/latest:access"] = google_secret(b"s")
    google.answers[f"/v1/{NAME}/versions/3:access"] = google_secret(b"three")
    assert read(f"gcp: {NAME}") == "s"
    assert read(f"gcp: {NAME}") == "s"
    assert read(f"gcp: {NAME}/versions/3") == "three"
    assert len(google.asked) == 2
    assert "does not exist" in refusal("gcp: projects/acme/secrets/other")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (google_secret(b""), "is empty"),
        (google_secret(b"\xff"), "is binary"),
        (Answer(403, {"error": {"message": CANARY}}), "Secret Manager Secret Accessor"),
        (Answer(400, {"error": {"message": CANARY, "status": "FAILED_PRECONDITION"}}), "disabled"),
        (Answer(503, {"error": {"message": CANARY}}), "can't be reached"),
    ],
)
def test_google_s_answers_have_words(google: Google, answer: Answer, told: str) -> None:
    google.answers[f"/v1/{NAME}/versions/latest:access"] = answer
    assert told in refusal(f"gcp: {NAME}")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (google_broken.DefaultCredentialsError, "no credentials found"),
        (google_broken.RefreshError, "has expired"),
        (google_refused.Unauthorized, "has expired"),
        (google_broken.TransportError, "can't be reached"),
        (google_refused.GatewayTimeout, "can't be reached"),
    ],
)
def test_google_s_own_errors_have_words(
    monkeypatch: pytest.MonkeyPatch, error: Callable[[str], Exception], told: str
) -> None:
    monkeypatch.setattr(gcp, "_client", raising(error(CANARY)))
    assert told in refusal(f"gcp: {NAME}")


def raising(error: Exception) -> Callable[..., Any]:
    def raise_it(*_given: object) -> None:
        raise error

    return raise_it


# -- Azure: its client, with a transport that answers


class Credential:
    """A login that always works."""

    def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        return AccessToken(CANARY, 2**31)


class KeyVault:
    """Key Vault's side of a request: first the challenge, then the answer."""

    challenge = (
        'Bearer authorization="https://login.microsoftonline.com/t", '
        'resource="https://vault.azure.net"'
    )

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []

    def __call__(self, request: PreparedRequest) -> Answer:
        if "Authorization" not in request.headers:
            return Answer(401, {}, {"WWW-Authenticate": self.challenge})
        url = (request.url or "").partition("?")[0]
        self.asked.append(url)
        return self.answers.get(url, Answer(404, {"error": {"message": CANARY}}))


@pytest.fixture
def key_vault(monkeypatch: pytest.MonkeyPatch) -> KeyVault:
    vault = KeyVault()
    serve(monkeypatch, vault)

    monkeypatch.setattr("azure.identity.DefaultAzureCredential", Credential)
    return vault


VERSION = "0123456789abcdef0123456789abcdef"


def test_azure(key_vault: KeyVault) -> None:
    secret = {"id": "https://acme.vault.azure.net/secrets/crm/1", "value": "s"}
    key_vault.answers["https://acme.vault.azure.net/secrets/crm/"] = Answer(200, secret)
    old = f"https://acme.vault.azure.net/secrets/crm/{VERSION}"
    key_vault.answers[old] = Answer(200, {**secret, "value": "old"})
    assert read("azure: acme/crm") == "s"
    assert read("azure: acme/crm") == "s"
    assert read(f"azure: acme/crm/{VERSION}") == "old"
    assert len(key_vault.asked) == 2
    assert "does not exist" in refusal("azure: acme/other")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(403, {"error": {"message": CANARY}}), "Key Vault Secrets User"),
        (Answer(401, {"error": {"message": CANARY}}), "no login that it accepts"),
        (Answer(500, {"error": {"message": CANARY}}), "HTTP status 500"),
        (
            Answer(200, {"id": "https://acme.vault.azure.net/secrets/crm/1", "value": ""}),
            "is empty",
        ),
    ],
)
def test_azure_s_answers_have_words(key_vault: KeyVault, answer: Answer, told: str) -> None:
    key_vault.answers["https://acme.vault.azure.net/secrets/crm/"] = answer
    assert told in refusal("azure: acme/crm")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (azure_refused.ClientAuthenticationError(CANARY), "no login that it accepts"),
        (azure_refused.ServiceRequestError(CANARY), "can't be reached"),
    ],
)
def test_azure_s_own_errors_have_words(
    monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    monkeypatch.setattr(azure, "_client", raising(error))
    assert told in refusal("azure: acme/crm")


@pytest.mark.parametrize(
    ("authority", "domain"),
    [
        ("", "vault.azure.net"),
        ("https://login.microsoftonline.us/", "vault.usgovcloudapi.net"),
        ("login.chinacloudapi.cn", "vault.azure.cn"),
        ("https://evil.example", "vault.azure.net"),
    ],
)
def test_a_vault_is_always_microsoft_s(
    monkeypatch: pytest.MonkeyPatch, authority: str, domain: str
) -> None:
    hosts: list[str] = []

    def client(host: str) -> None:
        hosts.append(host)
        raise azure_refused.ServiceRequestError("x")

    monkeypatch.setattr(azure, "_client", client)
    refusal("azure: acme/crm", AZURE_AUTHORITY_HOST=authority)
    assert hosts == [f"acme.{domain}"]


# -- 1Password: a double of its client


class Secrets:
    def __init__(self, outcome: object) -> None:
        self.outcome = outcome

    async def resolve(self, reference: str) -> str:
        await asyncio.sleep(0)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return f"{self.outcome}{reference}"


class Client:
    """A double with the interface of onepassword.client.Client."""

    outcome: object = ""
    login: Exception | None = None

    def __init__(self) -> None:
        self.secrets = Secrets(Client.outcome)

    @classmethod
    async def authenticate(cls, auth: str, name: str, version: str) -> "Client":
        assert (auth, name, version[0]) == ("ops_token", "sfcred", "v")
        await asyncio.sleep(0)
        if cls.login:
            raise cls.login
        return cls()


@pytest.fixture
def one_password(monkeypatch: pytest.MonkeyPatch) -> type[Client]:
    monkeypatch.setattr("onepassword.client.Client", Client)
    monkeypatch.setattr(Client, "outcome", "")
    monkeypatch.setattr(Client, "login", None)
    return Client


TOKEN = {"OP_SERVICE_ACCOUNT_TOKEN": "ops_token"}


@pytest.mark.usefixtures("one_password")
def test_one_password() -> None:
    assert read("onepassword: Vault/Acme CRM/secret", **TOKEN) == "op://Vault/Acme CRM/secret"
    forget()
    assert "OP_SERVICE_ACCOUNT_TOKEN is not set" in refusal("onepassword: a/b/c")


@pytest.mark.parametrize(
    ("outcome", "login", "told"),
    [
        (Exception(CANARY), None, "does not exist, is not unique"),
        (RateLimitExceededException(CANARY), None, "has reached its rate limit"),
        (TimeoutError(), None, "did not answer"),
        ("", Exception(CANARY), "it refused the token"),
    ],
)
def test_one_password_s_errors_have_words(
    one_password: type[Client], outcome: object, login: Exception | None, told: str
) -> None:
    one_password.outcome, one_password.login = outcome, login
    assert told in refusal("onepassword: a/b/c", **TOKEN)


@pytest.mark.parametrize("step", ["login", "read"])
def test_one_password_has_half_a_minute(
    one_password: type[Client], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A store that never answers, with the clock of asyncio a thousand times as fast."""

    async def hangs(*_arguments: object) -> Client:
        await asyncio.sleep(3)
        return one_password()

    limits = []
    wait_for = asyncio.wait_for

    async def hurried(work: Coroutine[object, object, str], timeout: float) -> str:  # noqa: ASYNC109
        limits.append(timeout)
        return await wait_for(work, timeout / 1000)

    monkeypatch.setattr(asyncio, "wait_for", hurried)
    if step == "login":
        monkeypatch.setattr(one_password, "authenticate", hangs)
    else:
        monkeypatch.setattr(Secrets, "resolve", hangs)
    assert "1Password: it did not answer" in refusal("onepassword: a/b/c", **TOKEN)
    assert limits == [30]


# -- all of them


@pytest.mark.parametrize(
    ("module", "reference", "extra"),
    [
        ("hvac", "vault: a/b#c", "vault"),
        ("boto3", "aws_ssm: /a", "aws"),
        ("google.api_core", f"gcp: {NAME}", "gcp"),
        ("azure.identity", "azure: acme/crm", "azure"),
        ("onepassword.errors", "onepassword: a/b/c", "onepassword"),
    ],
)
def test_a_missing_package_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, module: str, reference: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    told = refusal(reference, VAULT_ADDR="https://x", VAULT_TOKEN="x", **TOKEN)
    assert f" install '{EXTRAS[extra][0]}'" in told


# -- a store that never finishes


@pytest.mark.parametrize(
    ("module", "reference"),
    [
        ("aws", "aws: acme"),
        ("aws_ssm", "aws_ssm: /acme"),
        ("azure", "azure: acme-vault/crm"),
        ("gcp", f"gcp: {NAME}"),
        ("onepassword", "onepassword: a/b/c"),
    ],
)
def test_no_store_is_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch, module: str, reference: str
) -> None:
    is_over, asked = Event(), []

    def never(*_arguments: object) -> str:
        asked.append(1)
        is_over.wait(10)
        return CANARY

    monkeypatch.setattr(f"sfcred.secrets.providers.{module}._fetch", never)
    monkeypatch.setattr("sfcred.secrets.remote.SECONDS", 0.02)
    for _ in range(2):
        assert "timed out" in refusal(reference)
    is_over.set()
    assert asked == [1]


# -- a store that sends its client elsewhere


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["https://evil.example/x", "http://acme.vault.azure.net/x"])
def test_azure_follows_no_redirect(key_vault: KeyVault, status: int, target: str) -> None:
    asked = "https://acme.vault.azure.net/secrets/crm/"
    key_vault.answers[asked] = Answer(status, "", {"Location": target})
    key_vault.answers[target] = Answer(200, {"id": asked + "1", "value": CANARY})
    assert f"HTTP status {status}" in refusal("azure: acme/crm")
    assert {urlsplit(url).netloc for url in key_vault.asked} == {"acme.vault.azure.net"}


def test_a_vault_that_asks_for_a_login_elsewhere(key_vault: KeyVault) -> None:
    key_vault.challenge = key_vault.challenge.replace("vault.azure.net", "evil.example")
    # A vault of its own, because the client remembers challenges.
    assert "does not answer like Azure Key Vault" in refusal("azure: acme-2/crm")
    assert key_vault.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["https://evil.example/x", "/v1/elsewhere"])
def test_google_follows_no_redirect(google: Google, status: int, target: str) -> None:
    google.answers[f"/v1/{NAME}/versions/latest:access"] = Answer(status, "", {"Location": target})
    google.answers["/x"] = google.answers["/v1/elsewhere"] = google_secret(CANARY.encode())
    assert "can't be reached" in refusal(f"gcp: {NAME}")
    assert len(google.asked) == 1


# -- a store that answers with something other than text

WRONG = [None, 4711, True, ["s"], {"other": CANARY}, 1.5]


@pytest.mark.parametrize("body", [*WRONG, [], {}, {"payload": 1}, {"payload": {"data": 5}}, "<html>", "[" * 99999])  # fmt: skip
def test_google_s_answer_has_to_be_google_s(google: Google, body: object) -> None:
    google.answers[f"/v1/{NAME}/versions/latest:access"] = Answer(200, body)
    refusal(f"gcp: {NAME}")


@pytest.mark.parametrize("body", [*WRONG, [], {}, "<html>", "[" * 99999, {"id": 5}])
def test_azure_s_answer_has_to_be_azure_s(key_vault: KeyVault, body: object) -> None:
    key_vault.answers["https://acme.vault.azure.net/secrets/crm/"] = Answer(200, body)
    refusal("azure: acme/crm")
