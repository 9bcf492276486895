"""n8n's own test after a push: what it proves, what its answers mean, and what is remembered."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project

Run = Callable[..., Outcome]
ID = "acmeCrm000000001"


@pytest.fixture
def n8n(httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch) -> N8n:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _seconds: None)
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    return N8n(httpx_mock)


@pytest.fixture
def push(project: Project, run: Run) -> Callable[..., Outcome]:
    """Push one spec, and assert that no secret is printed."""
    project.material("specs/acme.key", "rsa-2048")
    project.material("specs/acme.crt", "certificate")

    def call(
        *options: str, flow: str = "jwt", fragment: str = "", replaces: bool = False
    ) -> Outcome:
        version = "" if replaces else "n8n: {version: '2.41.1'}\n"
        project.credential(f"{version}{fragment}" or "{}\n", flow, "specs/a.yaml")
        done = run("push", "specs", "--n8n", URL, "--no-check", "--yes", *options)
        for secret in (API_KEY, CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "BEGIN"):
            assert secret not in done.out + done.err
        return done

    return call


Push = Callable[..., Outcome]


def states(run: Run) -> list[str]:
    done = run("diff", "specs", "--n8n", URL, "--format", "json")
    return [one["state"] for one in json.loads(done.out)["credentials"]]


def test_a_jwt_credential_is_proved_by_a_login(push: Push, n8n: N8n, run: Run) -> None:
    done = push()
    assert done.status == 0
    assert "tested acme-crm: n8n logged in to Salesforce" in done.out
    assert n8n.tested == [ID]
    assert states(run) == ["same"]  # n8n has stored the token of its login
    done = push()
    assert ("unchanged  acme-crm\n" in done.out, n8n.tested) == (True, [ID])


def test_a_token_in_n8n_is_no_proof(push: Push, n8n: N8n) -> None:
    done = push(flow="oauth2")
    assert done.status == 0
    assert "not tested acme-crm: n8n has a token, and doesn't test" in done.out
    assert "sfcred doctor --live" in done.out


def test_a_credential_without_consent_needs_a_person(push: Push, n8n: N8n) -> None:
    done = push(flow="oauth2", fragment="oauth2: {refresh_token: null}\n")
    assert done.status == 0
    assert "not connected acme-crm: nobody has given consent yet" in done.out
    assert "Connect my account" in done.out


def test_a_consent_that_n8n_lost_is_a_failure(push: Push, n8n: N8n) -> None:
    push(flow="oauth2")
    n8n.connected.clear()
    done = push(flow="oauth2", fragment="environment: production\n")
    assert (done.status, "although the spec has a consent" in done.err) == (1, True)
    assert "Connect my account" not in done.out + done.err
    done = push(flow="oauth2", fragment="environment: production\n")
    assert "update     acme-crm (with its consent)" in done.out
    assert (done.status, n8n.connected) == (0, {ID})


@pytest.mark.parametrize(
    ("message", "meaning", "hint"),
    [
        (
            "Bad Request",
            "Salesforce refused n8n's login, and n8n hides the reason",
            "doctor --live",
        ),
        ("Forbidden", "n8n hides the reason", "Login History"),
        ("Received HTTP status code: 400", "n8n hides the reason", "doctor --live"),
        (
            "invalid_grant: user hasn't approved this consumer",
            "the app is not pre-authorized for this user",
            "Setup, External Client App Manager, the app, Policies",
        ),
        ("client identifier invalid", "Consumer Key", "Manage Consumer Details"),
        ("ECONNREFUSED", "n8n can't connect", "firewall"),
        ("ETIMEDOUT", "n8n can't connect", "firewall"),
        ("ENOTFOUND", "n8n can't resolve the name of the host", "my_domain"),
        ("EAI_AGAIN", "n8n can't resolve the name of the host", "DNS"),
        ("CERT_HAS_EXPIRED", "n8n doesn't trust the certificate", "proxy"),
        ("SELF_SIGNED_CERT_IN_CHAIN", "n8n doesn't trust the certificate", "proxy"),
        ("Not Found", "doesn't answer as Salesforce does", "My Domain"),
        ("Service Unavailable", "couldn't answer", "later"),
        ("Domain not allowed: acme", "Allowed HTTP Request Domains", "Add the host"),
        (
            "secretOrPrivateKey must be an asymmetric key when using RS256",
            "n8n can't read the private key",
            "sfcred doctor",
        ),
        ("something new", "n8n couldn't log in (n8n: `something new`)", "doctor --live"),
        ("", "n8n couldn't log in", "doctor --live"),
    ],
)
def test_what_n8n_s_message_means(
    push: Push, n8n: N8n, message: str, meaning: str, hint: str
) -> None:
    n8n.test_answer = {"status": "Error", "message": message}
    done = push()
    assert done.status == 1
    assert "failed: test of acme-crm" in done.err
    assert meaning in done.err
    assert hint in done.err
    assert message in done.err


def test_a_failed_test_is_repeated_until_it_passes(push: Push, n8n: N8n) -> None:
    n8n.test_answer = {"status": "Error", "message": "Bad Request"}
    push()
    n8n.bodies.clear()
    done = push()
    assert (done.status, n8n.tested) == (1, [ID, ID])
    assert "unchanged  acme-crm: it failed n8n's test after the last push" in done.out
    assert push("--dry-run").status == 0
    assert push("--no-test").status == 0
    assert n8n.tested == [ID, ID]
    n8n.test_answer = {}
    assert push().status == 0
    assert push().out.count("unchanged  acme-crm\n") == 1
    assert n8n.tested == [ID] * 3
    assert not n8n.sent("PATCH")


def test_without_the_test(push: Push, n8n: N8n) -> None:
    done = push("--no-test")
    assert (done.status, n8n.tested, "tested" in done.out) == (0, [], False)


@pytest.mark.parametrize("lack", ["tests", "reads"])
def test_an_n8n_or_a_key_that_can_t_is_told_and_no_failure(
    push: Push, n8n: N8n, run: Run, lack: str
) -> None:
    setattr(n8n, lack, False)
    done = push()
    assert done.status == 0
    assert "not tested acme-crm: " in done.out
    assert ("before 2.20.0" if lack == "tests" else "credential:read") in done.out
    assert states(run) == ["same"]


@pytest.mark.parametrize(
    "answer",
    [{}, {"status": "ok"}, {"status": ["OK"]}, {"status": "Error", "message": 1}, {"x": "OK"}],
)
def test_an_answer_that_is_none_proves_nothing(
    push: Push, n8n: N8n, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    monkeypatch.setattr(n8n, "_test", lambda _key: httpx.Response(200, json=answer))
    done = push()
    assert "an unexpected answer from n8n" in done.err
    assert "logged in" not in done.out + done.err
    assert done.status == 1


def test_a_test_without_an_answer_is_repeated_by_the_next_push(
    push: Push, n8n: N8n, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang_up(_key: str) -> httpx.Response:
        raise httpx.ConnectError("x")

    with monkeypatch.context() as broken:
        broken.setattr(n8n, "_test", hang_up)
        assert push().status == 1
    n8n.tested.clear()
    assert (push().status, n8n.tested) == (0, [ID])


def test_a_message_that_repeats_what_was_sent_is_masked(
    push: Push, n8n: N8n, project: Project
) -> None:
    body = project.workshop.text("rsa-2048").splitlines()[1]
    text = f"{CONSUMER_KEY} n8n@acme.com.uat {body} {API_KEY}\n::error::x\x1b[31m"
    n8n.test_answer = {"status": "Error", "message": text}
    done = push()
    assert "n8n@acme.com.uat" not in done.err
    assert body not in done.err
    assert "\x1b" not in done.err
    assert "\n::error" not in done.err


def test_what_could_not_be_written_is_not_tested(push: Push, n8n: N8n) -> None:
    push()
    n8n.patches = False
    n8n.entries[ID]["name"] = "Renamed"
    n8n.tested.clear()
    assert (push().status, n8n.tested) == (1, [])


def test_the_state_remembers_what_n8n_wrote_for_the_test(push: Push, n8n: N8n) -> None:
    push()
    (path,) = Path().rglob(".sfcred/state.json")
    (pushed,) = json.loads(path.read_text(encoding="utf-8"))["instances"][URL].values()
    assert pushed["updated_at"] == n8n.entries[ID]["updatedAt"]
    assert pushed["updated_at"].endswith("+")


@pytest.mark.parametrize(
    ("version", "tests"), [("null", 0), ("'2.30.0'", 0), ("'2.27.5'", 1), ("'2.34.0'", 1)]
)
def test_a_login_that_could_write_external_secrets_into_n8n_s_database_is_not_caused(
    push: Push, n8n: N8n, version: str, tests: int
) -> None:
    secret = f'n8n: {{version: {version}}}\njwt: {{private_key: {{n8n: "$secrets.vault.key"}}}}\n'
    done = push(fragment=secret, replaces=True)
    assert (done.status, len(n8n.tested)) == (0, tests), done
    assert ("not tested acme-crm: some versions of n8n" in done.out) is (tests == 0)


def test_without_external_secrets_no_version_is_needed(push: Push, n8n: N8n) -> None:
    push(fragment="n8n: {version: null}\n", replaces=True)
    assert n8n.tested == [ID]
