"""Every command opens a project in the same way, so all agree on what is ignored and refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import Project

Run = Callable[..., Outcome]

#: A spec with one error: its environment contradicts its My Domain (SFC103).
JWT = "environment: production\njwt: {username: n8n@acme.com}\n"
OAUTH2 = "name: acme-oauth\nenvironment: production\nn8n: {id: oauth1, name: Acme OAuth}\n"
REASON = "the org was moved and keeps its old name"

#: Commands that refuse specs with errors.
COMMANDS = {
    "doctor": ("doctor",),
    "render": ("render", "-o", "rendered.json"),
    "overwrite": ("render", "--target", "n8n-overwrite", "-o", "overwrite.json", "--force"),
    "app": ("app", "-o", "salesforce"),
    "push": ("push", "--n8n", URL, "--dry-run"),
    "login": ("login", "acme-oauth", "--no-browser"),
}


def by_configuration(_project: Project, _run: Run) -> None:
    _configure('ignore = ["SFC103"]\n')


def by_name(_project: Project, _run: Run) -> None:
    _configure('ignore = ["environment-mismatch"]\n')


def by_selection(_project: Project, _run: Run) -> None:
    _configure('select = ["SFC4", "SFC2"]\n')


def by_path(_project: Project, _run: Run) -> None:
    _configure(f'[path_ignores]\n"credentials/" = {{SFC103 = "{REASON}"}}\n')


def by_baseline(_project: Project, run: Run) -> None:
    assert run("doctor", "--write-baseline").status == 0


def by_spec(_project: Project, _run: Run) -> None:
    for spec in Path("credentials").glob("*.yaml"):
        spec.write_text(
            f"{spec.read_text(encoding='utf-8')}doctor:\n  ignore: {{SFC103: {REASON}}}\n",
            encoding="utf-8",
        )


WAYS = (by_configuration, by_name, by_selection, by_path, by_baseline, by_spec)


def _configure(text: str) -> None:
    Path("sfcred.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def errors(project: Project, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Create a project with two credentials that have one error each, and an n8n to push to."""
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    N8n(httpx_mock)
    _configure("")
    project.credential(JWT, "jwt", "credentials/jwt.yaml")
    project.credential(OAUTH2, "oauth2", "credentials/oauth2.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    return project


def is_refused(done: Outcome) -> bool:
    return done.status == 1 and "SFC103" in done.out + done.err


@pytest.mark.httpx_mock(assert_all_responses_were_requested=False)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_an_error_with_status_1(
    errors: Project, run: Run, command: str
) -> None:
    done = run(*COMMANDS[command])
    assert is_refused(done), done
    assert not any(Path(name).exists() for name in ("rendered.json", "salesforce"))


@pytest.mark.httpx_mock(assert_all_responses_were_requested=False)
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("way", WAYS)
def test_every_command_heeds_every_way_of_ignoring(
    errors: Project, run: Run, way: Callable[[Project, Run], None], command: str
) -> None:
    way(errors, run)
    done = run(*COMMANDS[command])
    assert not is_refused(done), done
    assert "SFC103" not in done.out + done.err


@pytest.mark.httpx_mock(assert_all_responses_were_requested=False)
@pytest.mark.parametrize("command", [*COMMANDS, "resolve", "diff", "local-org"])
def test_every_command_refuses_a_profile_that_no_spec_has(
    errors: Project, run: Run, command: str
) -> None:
    Path("export.json").write_text("[]", encoding="utf-8")
    words = {
        "resolve": ("resolve",),
        "diff": ("diff", "--export", "export.json"),
        "local-org": ("local-org", "--port", "0"),
    }
    for spec in Path("credentials").glob("*.yaml"):
        spec.write_text(
            f"{spec.read_text(encoding='utf-8')}profiles: {{uat: {{}}}}\n", encoding="utf-8"
        )
    done = run(*(COMMANDS | words)[command], "--profile", "nowhere")
    assert done.status == 2, done
    assert "nowhere" in done.err


@pytest.mark.parametrize("command", ["guide", "keygen"])
def test_a_flow_that_is_not_decided_is_a_refusal(project: Project, run: Run, command: str) -> None:
    spec = project.credential("flow: auto\noauth2: {client_secret: {env: ACME_CLIENT_SECRET}}\n")
    assert "SFC101" in run("doctor", spec).out
    done = run(command, spec)
    assert done.status == 1, done
