"""Several projects in one run: the verdict doesn't depend on the order of their paths."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
BAD = "my_domain: https://evil.example.com\n"
EVERYTHING = '[path_ignores]\n"**" = {SFC105 = "x", SFC103 = "x", SFC107 = "x"}\n'


@pytest.fixture
def _projects(project: Project) -> None:
    for name in ("p1", "p2"):
        Path(name).mkdir()
        project.credential(f"name: acme-{name}\n" + BAD, "oauth2", f"{name}/credentials/a.yaml")
    Path("p1/sfcred.toml").write_text(EVERYTHING, encoding="utf-8")
    Path("p2/sfcred.toml").touch()


@pytest.mark.usefixtures("_projects")
@pytest.mark.parametrize("paths", [("p1", "p2"), ("p2", "p1"), ("p1", "p2/credentials/a.yaml")])
def test_one_project_s_ignores_are_not_for_another(run: Run, paths: tuple[str, ...]) -> None:
    done = run("doctor", *paths, "--select", "SFC105", "--format", "json")
    assert done.status == 1, done
    found = {one["file"] for one in json.loads(done.out)["findings"]}
    both = {"p1/credentials/a.yaml", "p2/credentials/a.yaml"}
    assert found == (both if paths[0] == "p2" else both - {"p1/credentials/a.yaml"})


@pytest.mark.usefixtures("_projects")
@pytest.mark.parametrize(("first", "other"), [("p1", "p2"), ("p2", "p1")])
def test_the_configuration_that_is_not_used_is_named(run: Run, first: str, other: str) -> None:
    done = run("doctor", first, other, f"{other}/credentials")
    assert done.err.count(f"{other}/sfcred.toml is not used") == 1
    assert f"only {first}/sfcred.toml is" in done.err
    assert "is not used" not in run("doctor", first, f"{first}/credentials").err


@pytest.mark.usefixtures("_projects")
def test_so_is_one_beside_a_project_without_any(run: Run) -> None:
    Path("p1/sfcred.toml").unlink()
    assert "p2/sfcred.toml is not used" in run("doctor", "p1", "p2").err
    Path("p2/sfcred.toml").write_text("[", encoding="utf-8")
    assert "not valid TOML" in run("doctor", "p1", "p2").err
