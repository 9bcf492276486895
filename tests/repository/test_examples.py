"""The good examples pass, and the broken ones give the expected findings."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from scripts.demo import PROJECTS, VARIABLES, make_key
from scripts.generate import ROOT
from sfcred.cli.schemas import schema
from tests.conftest import Outcome
from tests.helpers.systems import has_mode

BROKEN = sorted(path.name for path in (ROOT / "examples/broken").iterdir())
Run = Callable[..., Outcome]


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The examples, copied, with keys and variables."""
    folder = Path.cwd() / "examples"
    shutil.copytree(ROOT / "examples", folder)
    for project, key in (("jwt-sandbox", "acme-uat"), ("profiles", "acme")):
        shutil.rmtree(folder / project / "secrets", ignore_errors=True)
        make_key(folder / project / "secrets", key)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.mark.parametrize("name", PROJECTS)
def test_projects_to_start_from_are_clean(example: Path, name: str, run: Run) -> None:
    done = run("doctor", example / name / "credentials", "--format", "json", "--fail-on", "warning")
    assert done.status == 0, done
    assert json.loads(done.out)["findings"] == []


@pytest.mark.parametrize("name", PROJECTS)
def test_what_they_render_is_what_n8n_takes(example: Path, name: str, run: Run) -> None:
    profiles = ["--profile", "production"] if name == "profiles" else []
    out = example / "out.json"
    done = run("render", example / name / "credentials", *profiles, "-o", out)
    assert done.status == 0, done
    rendered = json.loads(out.read_text(encoding="utf-8"))
    jsonschema.validate(rendered, schema("n8n"), jsonschema.Draft202012Validator)
    assert has_mode(out, 0o600)


@pytest.mark.parametrize("name", BROKEN)
def test_broken_ones_give_their_findings(name: str, run: Run) -> None:
    done = run("doctor", ROOT / "examples/broken" / name, "--format", "json")
    report = json.loads(done.out)
    jsonschema.validate(report, schema("report"), jsonschema.Draft202012Validator)
    # Leave out SFC005, because the examples' secrets aren't here.
    found = [
        f"{f['line']} {f['check']} {f['name']} {f['severity']}\n"
        for f in report["findings"]
        if f["check"] != "SFC005"
    ]
    expected = (ROOT / "examples/broken" / name / "expected.txt").read_text(encoding="utf-8")
    assert "".join(found) == expected
    assert expected
