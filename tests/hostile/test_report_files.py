"""`-o` replaces a report, and nothing else."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]


@pytest.mark.parametrize("command", ["doctor", "guide acme-crm"])
@pytest.mark.parametrize(
    "name",
    ["credentials/a.yaml", "sfcred.toml", "pyproject.toml", "acme.key", "ACME.PEM", ".git/config", ".git/new", ".sfcred/state.json", "compose.yml"],
)  # fmt: skip
def test_what_is_no_report_stays(project: Project, run: Run, command: str, name: str) -> None:
    Path("sfcred.toml").touch()
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    subprocess.run(["git", "init", "--quiet"], check=True)
    Path(".sfcred").mkdir()
    if not Path(name).exists() and name != ".git/new":
        Path(name).write_text("x")
    before = Path(name).read_text() if Path(name).exists() else None
    done = run(*command.split(), "-o", name)
    assert done.status == 2, done
    assert "look like a report" in done.err
    assert (Path(name).read_text() if Path(name).exists() else None) == before


@pytest.mark.parametrize("command", ["doctor", "guide acme-crm"])
@pytest.mark.parametrize("name", ["report.txt", "report.json", "r.html", "r.sarif", "report"])
def test_a_report_is_replaced(project: Project, run: Run, command: str, name: str) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    Path("sfcred.toml").touch()
    Path(name).write_text("before")
    assert run(*command.split(), "-o", name).status == 0
    assert Path(name).read_text() != "before"
