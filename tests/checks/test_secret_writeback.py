"""Versions of n8n that replace a reference to a secret with the secret, by flow and field."""

from collections.abc import Callable

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
REFERENCE = '{n8n: "$secrets.vault.acme_secret"}'


@pytest.mark.parametrize("kind", ["null", "oAuth2Api"])
@pytest.mark.parametrize(
    ("flow", "fields"),
    [
        ("oauth2", f"oauth2: {{client_secret: {REFERENCE}}}\n"),
        ("client_credentials", f"client_credentials: {{client_secret: {REFERENCE}}}\n"),
        ("oauth2", f"client_id: {REFERENCE}\n"),
    ],
)
@pytest.mark.parametrize(("version", "is_found"), [("1.101.1", True), ("1.102.1", False), ("2.33.7", False)])  # fmt: skip
def test_oauth2_before_1_102_1_stores_what_it_resolved(
    project: Project, run: Run, flow: str, fields: str, kind: str, version: str, is_found: bool
) -> None:
    spec = project.credential(f"{fields}n8n: {{version: {version}, type: {kind}}}\n", flow)
    out = run("doctor", spec, "--select", "SFC506").out
    assert ("SFC506" in out) is is_found
    assert ("Update n8n to 1.102.1 or later" in " ".join(out.split())) is is_found


@pytest.mark.parametrize("flow", ["oauth2", "client_credentials"])
def test_without_a_version_it_is_an_open_question(project: Project, run: Run, flow: str) -> None:
    fields = f"{flow}: {{client_secret: {REFERENCE}}}\n"
    out = run("doctor", project.credential(f"{fields}n8n: {{version: null}}\n", flow)).out
    assert "whether n8n writes resolved secrets back (SFC506)" in " ".join(out.split())
    assert "SFC506" in out.partition("not checked:")[2]


def test_what_n8n_never_gets_is_not_reported(project: Project, run: Run) -> None:
    """run_as stays here, so n8n can't replace it."""
    fields = f"client_credentials: {{run_as: {REFERENCE}}}\n"
    spec = project.credential(f"{fields}n8n: {{version: 1.99.1}}\n", "client_credentials")
    assert "SFC506" not in run("doctor", spec, "--select", "SFC506").out
