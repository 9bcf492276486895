"""Checks that compare specs see the whole project, also if a run is about some of its specs."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred import Workspace
from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, Project

Run = Callable[..., Outcome]
SECRET = "oauth2: {client_secret: {env: ACME_CLIENT_SECRET}}\n"
OTHER_ORG = (
    "my_domain: https://acme--dev.sandbox.my.salesforce.com\njwt: {username: n8n@acme.com.dev}\n"
)


@pytest.fixture(autouse=True)
def _folder(project: Project) -> None:
    Path("sfcred.toml").touch()
    for name in ("acme.key", "acme.crt"):
        Path("credentials").mkdir(exist_ok=True)
        Path(name).rename(f"credentials/{name}")


#: By check: the other specs, then the one that the run is about, with their base.
CONFLICTS: dict[str, tuple[list[str], str, str]] = {
    "SFC007": (["name: other\nn8n: {id: same}\n"], "name: good\nn8n: {id: same}\n", "jwt"),
    "SFC006": (["name: good\nn8n: {id: other}\n"], "name: good\nn8n: {id: mine}\n", "jwt"),
    "SFC111": (
        [f"name: other\nn8n: {{id: o}}\nclient_id: {CONSUMER_KEY}\n{OTHER_ORG}"],
        f"name: good\nn8n: {{id: g}}\nclient_id: {CONSUMER_KEY}\n",
        "jwt",
    ),
    "SFC605": (
        [f"name: other-{n}\nn8n: {{id: o{n}}}\n" for n in range(6)],
        "name: good\nn8n: {id: g}\n",
        "oauth2",
    ),
    "SFC514": (
        [
            'name: other\nflow: oauth2\nn8n: {id: o, version: "2.41.1"}\napp: {scopes: [api]}\n'
            + SECRET
        ],
        'name: good\nn8n: {id: g, version: "2.41.1"}\n',
        "client_credentials",
    ),
}


def write(project: Project, check: str, *, is_first: bool) -> str:
    """Write the specs, and return the file that the run is about."""
    others, good, base = CONFLICTS[check]
    for number, text in enumerate(others):
        project.credential(text, base, f"credentials/m{number}.yaml")
    file = f"credentials/{'a' if is_first else 'z'}.yaml"
    project.credential(good, base, file)
    return file


def found(run: Run, *arguments: str) -> set[tuple[str, str]]:
    report = json.loads(run("doctor", *arguments, "--format", "json").out)
    return {(one["check"], one["file"]) for one in report["findings"]}


@pytest.mark.parametrize("check", CONFLICTS)
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("way", ["path", "name", "stdin"])
def test_a_conflict_with_another_spec_is_found(
    run: Run, project: Project, check: str, is_first: bool, way: str
) -> None:
    if (check, way) == ("SFC006", "name"):  # the name chooses both
        return
    file = write(project, check, is_first=is_first)
    content = io.BytesIO(Path(file).read_bytes())
    project.monkeypatch.setattr("sys.stdin", io.TextIOWrapper(content, encoding="utf-8"))
    arguments = {"path": (file,), "name": ("good",), "stdin": ("-", "--stdin-filename", file)}[way]
    report = found(run, *arguments)
    assert (check, file) in report
    assert {place for _check, place in report} == {file}


def test_nothing_is_written_over_another_spec_s_credential(run: Run, project: Project) -> None:
    write(project, "SFC007", is_first=True)
    assert run("doctor", "good").status == 1
    done = run("render", "good", "-o", "out.json", "--force")
    assert (done.status, "SFC007" in done.out + done.err) == (1, True), done
    assert not Path("out.json").exists()


def test_other_documents_of_the_same_file_count(run: Run, project: Project) -> None:
    text = "name: good\nn8n: {id: same}\n---\nname: other\nn8n: {id: same}\n"
    project.credential(text, name="credentials/both.yaml")
    assert ("SFC007", "credentials/both.yaml") in found(run, "good")


def test_a_spec_from_elsewhere_is_not_compared_with_the_project(run: Run, project: Project) -> None:
    write(project, "SFC007", is_first=False)
    file = str(project.credential("name: good\nn8n: {id: same}\n", name="copies/good.yaml"))
    for name in ("acme.key", "acme.crt"):
        Path(f"copies/{name}").write_bytes(Path(f"credentials/{name}").read_bytes())
        Path(f"copies/{name}").chmod(0o600)
    assert "SFC007" not in {check for check, _file in found(run, file)}


def test_a_spec_that_cannot_be_compared_with_is_named(run: Run, project: Project) -> None:
    project.credential("name: good\n", name="credentials/good.yaml")
    assert run("doctor", "good").status == 0
    Path("credentials/broken.yaml").write_text(
        "version: 1\nname: broken\nclient_id: [\n", encoding="utf-8"
    )
    done = run("doctor", "good")
    assert (done.status, "credentials/broken.yaml: it has errors" in done.out) == (0, True), done


def test_an_ignore_of_such_a_conflict_is_used(run: Run, project: Project) -> None:
    file = write(project, "SFC007", is_first=False)
    ignore = 'doctor: {ignore: {SFC007: "another n8n"}}\n'
    Path(file).write_text(Path(file).read_text(encoding="utf-8") + ignore, encoding="utf-8")
    assert found(run, "good") == set()


def test_no_other_file_is_read_if_nothing_is_compared(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, "SFC007", is_first=False)
    monkeypatch.setattr("sfcred.workspace.loaded_specs.LoadedSpecs.rest", _fail)
    workspace = Workspace.open("credentials/z.yaml")
    workspace.examine(select=("SFC2",))


def _fail(_specs: object) -> None:
    raise AssertionError
