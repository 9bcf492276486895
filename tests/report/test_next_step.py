"""Doctor's last line names the command that goes on with the setup."""

import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET
from tests.helpers.systems import needs_terminal

Run = Callable[..., Outcome]
INIT = (
    "init", "acme-crm", "--my-domain", "https://acme.my.salesforce.com",
    "--username", "n8n@acme.com", "--n8n-url", "https://n8n.acme.com",
)  # fmt: skip


def _next(run: Run, *more: str) -> str:
    return run("doctor", *more).out.splitlines()[-1]


def test_a_new_project_goes_on_with_the_key_and_then_with_the_app(run: Run) -> None:
    assert run(*INIT).status == 0
    assert _next(run) == "next: sfcred keygen acme-crm"
    assert run("keygen", "acme-crm").status == 0
    assert _next(run) == "next: sfcred guide acme-crm"


def test_a_consent_that_is_missing_comes_from_login(run: Run) -> None:
    assert run(*INIT, "--flow", "oauth2").status == 0
    said = run("doctor").out
    assert "Run `sfcred login acme-crm`, which" in said
    assert "Check the path" not in said
    assert "`sfcred guide acme-crm` shows where the Consumer Secret is." in said


# The username is one of production, or n8n ignores the address: warnings, but the setup goes on.
SANDBOX = ("init", "acme-crm", "--my-domain", "https://acme--uat.sandbox.my.salesforce.com")


@pytest.mark.parametrize("n8n", ["https://acme.app.n8n.cloud", "https://n8n.acme.com"])
def test_the_setup_goes_on_in_spite_of_warnings(
    run: Run, monkeypatch: pytest.MonkeyPatch, n8n: str
) -> None:
    consent = ("--flow", "oauth2", "--contact-email", "crm@acme.com", "--n8n-version", "2.41.1")
    assert run(*SANDBOX, *consent, "--n8n-url", n8n).status == 0
    monkeypatch.setenv("ACME_CRM_CLIENT_ID", CONSUMER_KEY)
    assert _next(run) == "next: sfcred guide acme-crm"
    monkeypatch.setenv("ACME_CRM_CLIENT_SECRET", CONSUMER_SECRET)
    assert "SFC502" in run("doctor").out
    assert _next(run) == "next: sfcred login acme-crm"


def test_a_username_of_production_does_not_hide_keygen(run: Run) -> None:
    assert run(*SANDBOX, "--username", "n8n@acme.com", *INIT[6:]).status == 0
    assert "SFC108" in run("doctor").out
    assert _next(run) == "next: sfcred keygen acme-crm"


def test_what_names_no_command_is_explained(run: Run) -> None:
    assert run(*INIT).status == 0
    spec = Path("credentials/acme-crm.yaml")
    spec.write_text(spec.read_text(encoding="utf-8") + '  version: "2.20.0"\n', encoding="utf-8")
    assert _next(run, "--ignore", "SFC005") == "next: sfcred explain SFC512"


@pytest.mark.parametrize("flow", ["oauth2", "client_credentials"])
@needs_terminal
def test_without_any_secret_a_person_goes_on_with_the_app_and_a_job_with_nothing(
    run: Run, flow: str
) -> None:
    spec = (*INIT, "--n8n-version", "2.40.5", "--flow", flow)
    assert run(*spec).status == 0
    ignores = () if flow == "oauth2" else ("--ignore", "SFC515")
    assert "next:" not in run("doctor", *ignores).out
    screen = pexpect.spawn(
        sys.executable, ["-m", "sfcred", "doctor", *ignores], encoding="utf-8", timeout=60
    )
    screen.expect("next: sfcred guide acme-crm\\s")
    screen.expect(pexpect.EOF)
