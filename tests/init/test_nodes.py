"""Which nodes use a credential, and what n8n Cloud can use: init's specs work, or it says why not."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest
import yaml

from tests.conftest import Outcome
from tests.helpers.systems import needs_terminal

Run = Callable[..., Outcome]
WORKSPACE = "https://acme.app.n8n.cloud"
ORG = ("--my-domain", "https://acme--uat.sandbox.my.salesforce.com")
GENERIC = ("--nodes", "http_request")
CLIENT = ("--flow", "client_credentials", "--username", "n8n@acme.com.uat")
CONSENT = ("--flow", "oauth2", "--contact-email", "crm@acme.com")


@pytest.fixture(autouse=True)
def _values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_CLIENT_ID", "3MVG9" + "aZ3kQ7xPwL0vN5mT" * 5)
    monkeypatch.setenv("ACME_CLIENT_SECRET", "0123456789ABCDEF" * 4)


def started(run: Run, *options: str) -> dict[str, Any]:
    done = run("init", "acme", *ORG, *options, "--no-input")
    assert done.status == 0, done
    spec: dict[str, Any] = yaml.safe_load(Path("credentials/acme.yaml").read_text(encoding="utf-8"))
    return spec


def errors(run: Run) -> str:
    done = run("doctor", "--format", "concise")
    return "\n".join(line for line in done.out.splitlines() if " error " in line)


@pytest.mark.parametrize("url", ["https://n8n.acme.com", WORKSPACE])
@pytest.mark.parametrize("flow", [CLIENT, CONSENT])
@pytest.mark.parametrize("version", [(), ("--n8n-version", "2.40.5"), ("--n8n-version", "2.41.1")])
def test_a_spec_for_http_request_nodes_has_no_error(
    run: Run, flow: tuple[str, ...], url: str, version: tuple[str, ...]
) -> None:
    spec = started(run, *flow, *GENERIC, "--n8n-url", url, *version)
    assert spec["n8n"]["type"] == "oAuth2Api"
    assert errors(run) == ""


def test_the_type_is_written_even_if_nothing_else_is_known_of_n8n(run: Run) -> None:
    assert started(run, *CLIENT, *GENERIC)["n8n"] == {"type": "oAuth2Api"}


@pytest.mark.parametrize("version", [(), ("--n8n-version", "2.40.5"), ("--n8n-version", "2.41.1")])
def test_client_credentials_for_n8n_cloud_are_refused_at_once(
    run: Run, version: tuple[str, ...]
) -> None:
    done = run("init", "acme", *ORG, *CLIENT, "--n8n-url", WORKSPACE, *version, "--no-input")
    assert done.status == 2
    assert "--nodes: n8n Cloud can't use client credentials in Salesforce nodes" in done.err
    assert "Use the JWT flow" in done.err
    assert "for HTTP Request nodes only, http_request (--nodes)" in done.err
    assert not Path("credentials").exists()


@pytest.mark.parametrize("version", ["", "2.40.5", "2.41.1"])
def test_oauth2_for_n8n_cloud_fits_the_way_in(run: Run, version: str) -> None:
    given = ("--n8n-version", version) if version else ()
    logs_in = version == "2.41.1"
    done = run("init", "acme", *ORG, *CONSENT, "--n8n-url", WORKSPACE, *given, "--no-input")
    assert ("sfcred push acme" in done.out) is logs_in
    assert ("enter it in n8n's editor" in done.out) is not logs_in
    spec = yaml.safe_load(Path("credentials/acme.yaml").read_text(encoding="utf-8"))
    assert ("refresh_token" in spec["oauth2"]) is logs_in
    assert ("full" in spec["app"]["scopes"]) is not logs_in
    assert errors(run) == ""
    guide = run("guide", "acme").out
    assert ("sfcred login acme" in guide) is logs_in
    assert ("Connect my account" in guide) is not logs_in


def test_it_does_not_go_with_jwt(run: Run) -> None:
    done = run("init", "acme", *ORG, "--username", "n8n@acme.com.uat", *GENERIC, "--no-input")
    assert done.status == 2
    assert "--nodes doesn't go with --flow jwt" in done.err


@needs_terminal
def test_enter_is_never_refused_where_only_one_answer_is_possible() -> None:
    words = ["-m", "sfcred", "init", "acme", *ORG, *CLIENT, "--contact-email", "crm@acme.com"]
    more = ["--n8n-url", WORKSPACE, "--n8n-version", "2.41.1"]
    screen = pexpect.spawn(
        sys.executable, [*words, *more], encoding="utf-8", timeout=60, dimensions=(50, 200)
    )
    screen.expect(r"\[salesforce/http_request\] \[http_request\]: ")
    screen.sendline("")
    screen.expect("next:")
    screen.expect(pexpect.EOF)
    spec = yaml.safe_load(Path("credentials/acme.yaml").read_text(encoding="utf-8"))
    assert spec["n8n"]["type"] == "oAuth2Api"


@pytest.mark.parametrize(
    ("more", "step"),
    [
        (("--n8n-version", "2.41.1"), "sfcred render acme --target n8n-overwrite"),
        ((), "set n8n.version in the spec"),
        (("--n8n-version", "2.40.5"), ""),
        (("--n8n-version", "2.41.1", *GENERIC), ""),
    ],
)
def test_the_steps_name_what_this_n8n_needs(run: Run, more: tuple[str, ...], step: str) -> None:
    done = run("init", "acme", *ORG, *CLIENT, "--n8n-url", "https://n8n.acme.com", *more)
    assert done.status == 0
    assert step in done.out
    assert ("overwrite" in done.out) is bool(step)
    assert bool(errors(run)) is bool(step)  # only what needs a step is an error until then
    if "render" in step:
        assert run(*step.split()[1:]).status == 0
