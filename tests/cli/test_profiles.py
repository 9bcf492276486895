"""`--profile` names what it takes although it doesn't have that profile, in every command alike."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import Project

Run = Callable[..., Outcome]
TOLD = "warning: --profile uat: acme-crm (sandbox) has no profiles; included all the same"
#: Commands that take every credential, and what else they need.
COMMANDS = {
    "doctor": (),
    "render": ("-o", "out.json", "--force"),
    "resolve": (),
    "list": (),
    "app": ("-o", "out"),
    "diff": ("--export", "export.json"),
    "needs": ("--workflows", "flows"),
}
PRODUCTION = "name: globex\nn8n: {id: b}\nprofiles: {uat: {}, live: {n8n: {id: c}}}\n"


@pytest.fixture(autouse=True)
def _project(project: Project) -> None:
    Path("sfcred.toml").touch()
    Path("credentials").mkdir()
    for name in ("acme.key", "acme.crt"):
        Path(name).rename(f"credentials/{name}")
    project.credential(PRODUCTION, name="credentials/globex.yaml")
    project.credential("n8n: {id: a}\n", name="credentials/acme.yaml")
    Path("export.json").write_text("[]", encoding="utf-8")
    Path("flows").mkdir()
    Path("flows/a.json").write_text(
        '{"name": "x", "nodes": [], "connections": {}}', encoding="utf-8"
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_spec_without_profiles_is_named(run: Run, command: str) -> None:
    done = run(command, *COMMANDS[command], "--profile", "uat")
    assert done.err.count(TOLD) == 1, done
    alone = run(command, "globex", *COMMANDS[command], "--profile", "uat")
    assert "--profile" not in alone.err, alone
    assert "--profile" not in run(command, *COMMANDS[command]).err


def test_push_names_it_too(
    run: Run, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    N8n(httpx_mock)
    done = run("push", "--n8n", URL, "--profile", "uat", "--dry-run")
    assert done.err.count(TOLD) == 1, done


@pytest.mark.parametrize("command", ["guide", "keygen"])
def test_one_credential_is_chosen_by_its_name(run: Run, command: str) -> None:
    done = run(command, "globex", "--profile", "uat")
    assert "included" not in done.err, done
