"""A repository can't make sfcred read anything outside of it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
CANARY = "canaryOutside4711"
SPECS = "credentials/acme.yaml"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Create a folder next to the project, with files that belong to the user."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "n8n.env").write_text(
        f"N8N_EDITOR_BASE_URL=https://{CANARY}.example\n", encoding="utf-8"
    )
    (folder / "spec.yaml").write_text(
        f"version: 1\nname: {CANARY.lower()}\n{CANARY}: 1\n", encoding="utf-8"
    )
    (folder / "netrc").write_text(f"machine x login y password {CANARY}\n", encoding="utf-8")
    (folder / "other.toml").write_text(f'{CANARY} = "x"\n', encoding="utf-8")
    (folder / "baseline.json").write_text(
        '{"baseline_version": 1, "findings": []}\n', encoding="utf-8"
    )
    return folder


@pytest.fixture
def specs(project: Project) -> Project:
    """Create a project with a configuration and a spec in its folder."""
    project.spec("", "sfcred.toml")
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    project.credential("{}\n", name=SPECS)
    return project


COMMANDS = [
    "doctor",
    "doctor -v",
    "doctor --format json",
    "doctor --format html",
    "doctor --write-baseline",
    "doctor --diff",
    "resolve",
    "render -o out.json",
    "app -o app",
    "guide acme-crm",
]


def links(project: Project, outside: Path, how: str, name: str) -> str:
    """Return the ways in which a path in the tree can lead to a file outside."""
    if how == "absolute":
        return str(outside / name)
    if how == "upwards":
        return f"../../elsewhere/{name}"
    if how == "link":
        (project.folder / "link").symlink_to(outside / name)
        return "../link"
    (project.folder / "folder").symlink_to(outside)
    return f"../folder/{name}"


HOW = ["absolute", "upwards", "link", "folder"]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_of_an_environment_file_outside_is_shown(
    run: Run, specs: Project, outside: Path, command: str, how: str
) -> None:
    name = links(specs, outside, how, "n8n.env")
    specs.credential(f"n8n: {{env_file: {name}}}\n", "oauth2", SPECS)
    done = run(*command.split())
    assert CANARY.lower() not in (done.out + done.err).lower()
    assert not [
        p
        for p in Path.cwd().rglob("*")
        if p.is_file() and not p.is_symlink() and CANARY in p.read_text("latin-1")
    ]
    if command == "doctor --format json":
        unchecked = {one["check"]: one["reason"] for one in json.loads(done.out)["not_checked"]}
        for check in ("SFC301", "SFC302", "SFC306"):
            assert unchecked[check].startswith("n8n.env_file is outside the project (")


@pytest.mark.parametrize("how", HOW)
def test_whether_it_exists_is_not_told(run: Run, specs: Project, outside: Path, how: str) -> None:
    told = []
    name = links(specs, outside, how, "n8n.env")
    specs.credential(f"n8n: {{env_file: {name}}}\n", name=SPECS)
    for content in ("A=1\n", None):
        (outside / "n8n.env").unlink()
        if content is not None:
            (outside / "n8n.env").write_text(content, encoding="utf-8")
        else:
            (outside / "n8n.env").mkdir()
        told.append(run("doctor").out)
    assert told[0] == told[1]


def test_an_environment_file_inside_is_read(run: Run, specs: Project) -> None:
    specs.spec("N8N_EDITOR_BASE_URL=https://other.acme.com\n", "deploy/n8n.env")
    for name in ("../deploy/n8n.env", str(Path("deploy/n8n.env").absolute())):
        specs.credential(f"n8n: {{env_file: {name}}}\n", name=SPECS)
        assert "https://other.acme.com" in run("doctor").out
    Path("sfcred.toml").unlink()  # then the project is the working folder
    assert "https://other.acme.com" in run("doctor", SPECS).out


#: Commands that read no baseline: they examine nothing.
WITHOUT_BASELINE = ("resolve", "guide acme-crm")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("field", ["paths", "baseline"])
@pytest.mark.parametrize("file", ["sfcred.toml", "pyproject.toml"])
def test_no_place_of_the_configuration_lies_outside(
    run: Run, specs: Project, outside: Path, command: str, field: str, file: str
) -> None:
    Path("sfcred.toml").unlink()
    head = "" if file == "sfcred.toml" else "[tool.sfcred]\n"
    name = "spec.yaml" if field == "paths" else "baseline.json"
    for place in ((outside / name).as_posix(), f"../elsewhere/{name}"):
        value = f"['credentials', '{place}']" if field == "paths" else f"'{place}'"
        specs.spec(f"{head}{field} = {value}\n", file)
        done = run(*command.split())
        if field == "baseline" and command in WITHOUT_BASELINE:
            assert CANARY not in done.out + done.err
            continue
        assert done.status == 2, done
        assert f"{field}: '{place}' is outside the project" in done.err
        assert file in done.err
        assert CANARY not in done.out + done.err


def test_a_person_may_name_what_lies_outside(
    run: Run, specs: Project, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(outside / "spec.yaml")
    assert "SFC002" in run("doctor", place).out
    monkeypatch.setenv("SFCRED_PATHS", place)
    assert "SFC002" in run("doctor").out
    monkeypatch.delenv("SFCRED_PATHS")
    assert run("doctor", "--baseline", outside / "baseline.json").status == 0
    monkeypatch.setenv("SFCRED_BASELINE", str(outside / "baseline.json"))
    assert run("doctor").status == 0


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("link", ["credentials", "credentials/x.yaml", "sfcred-baseline.json"])
def test_no_link_leads_out(
    run: Run, specs: Project, outside: Path, command: str, link: str
) -> None:
    """Also with the default names."""
    target = {"credentials": outside, "credentials/x.yaml": outside / "spec.yaml"}
    if link == "credentials":
        Path("credentials").rename("before")
    Path(link).symlink_to(target.get(link, outside / "baseline.json"))
    before = (outside / "baseline.json").read_text(encoding="utf-8")
    done = run(*command.split())
    if link == "sfcred-baseline.json" and command in WITHOUT_BASELINE:
        assert done.status == 0
        return
    assert done.status == 2, done
    assert re.search(r"outside (of )?the project", done.err)
    assert link in done.err
    assert CANARY.lower() not in (done.out + done.err).lower()
    assert (outside / "baseline.json").read_text(encoding="utf-8") == before


def test_a_link_that_is_typed_leads_out_neither(run: Run, specs: Project, outside: Path) -> None:
    """Hooks pass names of changed files, which come from the repository."""
    Path("credentials/x.yaml").symlink_to(outside / "spec.yaml")
    Path("linked").symlink_to(outside)
    for path in ("credentials/x.yaml", "linked", "linked/spec.yaml"):
        done = run("doctor", path)
        assert done.status == 2, done
        assert CANARY.lower() not in (done.out + done.err).lower()
    (outside / "more").mkdir()
    (outside / "more/x.yaml").symlink_to(outside / "spec.yaml")
    assert run("doctor", outside / "more").status == 2


def test_a_link_inside_is_followed(run: Run, specs: Project) -> None:
    specs.credential("{}\n", name="kept/acme.yaml")
    Path("credentials/acme.yaml").unlink()
    Path("credentials/acme.yaml").symlink_to("../kept/acme.yaml")
    assert run("doctor").status == 0


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("target", ["netrc", "other.toml"])
@pytest.mark.parametrize("name", ["sfcred.toml", "pyproject.toml"])
def test_a_configuration_that_is_a_link(
    run: Run, specs: Project, outside: Path, command: str, target: str, name: str
) -> None:
    """Messages about a configuration name its keys."""
    if name == "pyproject.toml":
        text = (outside / target).read_text(encoding="utf-8")
        (outside / target).write_text(f"# tool.sfcred\n[tool.sfcred]\n{text}", encoding="utf-8")
    Path("sfcred.toml").unlink()
    Path(name).symlink_to(outside / target)
    done = run(*command.split())
    assert done.status == 2
    assert "is a link to a file outside the project" in done.err
    assert CANARY not in done.out + done.err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_certificate_outside_is_not_quoted(
    run: Run, specs: Project, outside: Path, command: str
) -> None:
    """As with a file of secrets, a message tells its form but shows none of its content."""
    specs.credential("jwt: {certificate: ../../elsewhere/netrc}\n", name=SPECS)
    done = run(*command.split())
    assert CANARY not in done.out + done.err


# -- variables that only look set


@pytest.mark.parametrize("blank", ["", " ", "\t \n"])
@pytest.mark.parametrize("field", ["paths", "baseline"])
def test_a_blank_variable_lifts_no_fence(
    run: Run, specs: Project, outside: Path, monkeypatch: pytest.MonkeyPatch, field: str, blank: str
) -> None:
    """It names no path, so the user has not overridden the file's own."""
    place = outside / ("spec.yaml" if field == "paths" else "baseline.json")
    value = f"['{place}']" if field == "paths" else f"'{place}'"
    specs.spec(f"{field} = {value}\n", "sfcred.toml")
    monkeypatch.setenv(f"SFCRED_{field.upper()}", blank)
    done = run("doctor")
    assert done.status == 2
    assert f"SFCRED_{field.upper()} is empty" in done.err
    assert CANARY not in done.out + done.err


@pytest.mark.parametrize("value", [",", " , "])
def test_no_paths_at_all_are_an_error(
    run: Run, specs: Project, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SFCRED_PATHS", value)
    done = run("doctor")
    assert done.status == 2
    assert "SFCRED_PATHS is empty" in done.err
    monkeypatch.delenv("SFCRED_PATHS")
    specs.spec("paths = []\n", "sfcred.toml")
    assert "paths: must not be empty" in run("doctor").err
