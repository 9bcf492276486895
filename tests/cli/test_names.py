"""Commands take the names of credentials as well as paths, and know near ones."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred import SfcredError, Workspace
from sfcred.cli import main
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
#: Commands with any number of specs, and what else they need.
SEVERAL = {
    "doctor": (),
    "render": ("-o", "out.json"),
    "resolve": (),
    "app": ("-o", "out"),
    "diff": ("--export", "export.json"),
    "needs": ("--workflows", "flows"),
}
#: Commands with one.
ONE = ("guide", "login", "keygen")


@pytest.fixture(autouse=True)
def _project(project: Project) -> None:
    Path("sfcred.toml").touch()
    for name in ("acme.key", "acme.crt"):
        Path("credentials").mkdir(exist_ok=True)
        Path(name).rename(f"credentials/{name}")
    project.credential("n8n: {id: a}\n", name="credentials/acme.yaml")
    project.credential(
        "name: globex-erp\nmy_domain: https://globex--uat.sandbox.my.salesforce.com\n"
        "n8n: {id: b}\nclient_id: {env: GLOBEX_ID}\nprofiles: {uat: {}, live: {n8n: {id: c}}}\n",
        name="credentials/second.yaml",
    )
    project.monkeypatch.setenv("GLOBEX_ID", "3MVG9" + "bbbbbbbbbbbbbbbb" * 5)
    Path("export.json").write_text("[]", encoding="utf-8")
    Path("flows").mkdir()
    Path("flows/a.json").write_text(
        '{"name": "x", "nodes": [], "connections": {}}', encoding="utf-8"
    )


def examined(run: Run, *arguments: str) -> set[tuple[str, str | None]]:
    report = json.loads(run("doctor", *arguments, "--format", "json").out)
    return {(one["name"], one["profile"]) for one in report["credentials"]}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("acme-crm",), {("acme-crm", None)}),
        (("globex-erp",), {("globex-erp", "uat"), ("globex-erp", "live")}),
        (("globex-erp", "--profile", "uat"), {("globex-erp", "uat")}),
        (("globex-erp", "acme-crm", "--profile", "uat"), {("acme-crm", None), ("globex-erp", "uat")}),
        (("credentials/acme.yaml", "acme-crm"), {("acme-crm", None)}),
        (("credentials/acme.yaml", "globex-erp", "--profile", "live"),
         {("acme-crm", None), ("globex-erp", "live")}),
    ],
)  # fmt: skip
def test_names_choose_credentials(
    run: Run, arguments: tuple[str, ...], expected: set[tuple[str, str | None]]
) -> None:
    assert examined(run, *arguments) == expected


def test_of_a_file_with_several_only_the_named_one_counts(project: Project, run: Run) -> None:
    first, second = (
        Path(f"credentials/{n}.yaml").read_text(encoding="utf-8") for n in ("acme", "second")
    )
    Path("credentials/second.yaml").unlink()
    broken = "---\nversion: 1\nname: broken\nclient_id: plain-text\n"
    project.spec(f"{first}---\n{second}{broken}", name="credentials/acme.yaml")
    assert {name for name, _ in examined(run, "globex-erp")} == {"globex-erp"}
    assert run("doctor", "acme-crm").status == 0
    assert run("doctor", "broken").status == 1
    assert "SFC002" in run("doctor", "broken").out


def test_two_with_one_name_are_both_meant(project: Project, run: Run) -> None:
    project.credential(name="credentials/third.yaml")
    report = json.loads(run("doctor", "acme-crm", "--format", "json").out)
    assert {one["file"] for one in report["credentials"]} == {
        "credentials/acme.yaml",
        "credentials/third.yaml",
    }


def test_what_exists_is_a_path(project: Project, run: Run) -> None:
    project.credential("name: other\n", name="acme-crm/other.yaml")
    assert {name for name, _ in examined(run, "acme-crm")} == {"other"}
    Path("globex-erp").write_text(
        Path("credentials/acme.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert "acme-crm" in run("guide", "globex-erp").out


@pytest.mark.parametrize("content", ["name: [", "version: 1\nclient_id: x\n", "\tname: x\n"])
def test_a_spec_that_cannot_be_read_is_known_by_its_file(run: Run, content: str) -> None:
    """Its name is not known, so the file's counts: the person learns what is wrong with it."""
    Path("credentials/new-one.yaml").write_text(content, encoding="utf-8")
    done = run("doctor", "new-one")
    assert done.status == 1
    assert "credentials/new-one.yaml" in done.out


@pytest.mark.parametrize("command", [*SEVERAL, *ONE, "push"])
@pytest.mark.parametrize("name", ["acme-cmr", "Acme_CRM", "acme"])
def test_an_unknown_name_leads_to_the_known_ones(run: Run, command: str, name: str) -> None:
    done = run(command, name, *SEVERAL.get(command, ()))
    assert done.status == 2
    assert f"there is no credential {name}" in done.err
    assert "Did you mean acme-crm? Known: acme-crm, globex-erp." in done.err


@pytest.mark.parametrize("command", SEVERAL)
def test_every_command_with_specs_takes_names(run: Run, command: str) -> None:
    done = run(command, "acme-crm", *SEVERAL[command])
    assert "no such file" not in done.err
    assert "globex" not in done.out + done.err
    assert done.status in (0, 1), done.err


@pytest.mark.parametrize(
    ("profile", "hint"),
    [
        ("utt", "Did you mean uat? Known: live, uat."),
        ("prod", "Known: live, uat."),
        ("li", "Did you mean live? Known: live, uat."),
    ],
)
def test_an_unknown_profile_leads_to_the_known_ones(run: Run, profile: str, hint: str) -> None:
    for command in ("doctor", "resolve", "render"):
        done = run(command, "--profile", profile, *SEVERAL[command])
        assert done.status == 2
        assert f"hint: {hint}\n" in done.err


def test_a_missing_path_stays_a_missing_path(run: Run) -> None:
    for path in ("nope.yaml", "credentials/nope", "no pe"):
        done = run("doctor", path)
        assert done.status == 2
        assert "no such file or folder" in done.err


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("acme-crm ", "Remove the space at its beginning or end."),
        ("credentials\\acme.yaml", "Only Windows reads \\ in paths: write credentials/acme.yaml."),
        ("credentials\\nope.yaml", "Pass the path of a spec or a folder of specs."),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows reads such paths")
def test_a_path_as_people_copy_it(run: Run, given: str, hint: str) -> None:
    done = run("doctor", given)
    assert done.status == 2
    assert f"no such file or folder\nhint: {hint}\n" in done.err


def test_a_spec_that_windows_saved_as_text_is_named(run: Run) -> None:
    Path("credentials/globex.yaml.TXT").write_text("version: 1\n", encoding="utf-8")
    assert (
        "credentials/globex.yaml.TXT ends in .txt, so it is not read as a spec: name it globex.yaml"
        in run("doctor").err
    )


def test_names_from_python() -> None:
    assert [one.label for one in Workspace.open("globex-erp", profile="uat").credentials()] == [
        "globex-erp [uat]"
    ]
    with pytest.raises(SfcredError, match="no credential nobody"):
        Workspace.open("nobody")


def test_a_name_is_not_the_whole_project(run: Run) -> None:
    done = run("doctor", "acme-crm", "--write-baseline")
    assert done.status == 2
    assert "covers the whole project" in done.err


def test_names_are_completed_beside_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_SFCRED_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "sfcred doctor glo")
    monkeypatch.setenv("COMP_CWORD", "2")
    with pytest.raises(SystemExit):
        main([])
    assert capsys.readouterr().out.splitlines() == ["file,glo", "plain,globex-erp"]


@pytest.mark.parametrize("command", ["doctor", "list", "render", "guide", "app"])
def test_an_empty_argument_is_no_folder(run: Run, command: str) -> None:
    """It is usually an unset variable of a script, and would mean all credentials."""
    done = run(command, "")
    assert done.status == 2
    assert "is empty" in done.err


def test_a_folder_in_place_of_a_credential_is_told(run: Run, project: Project) -> None:
    """A pull request could add it, so that the credential is left out."""
    Path("acme-crm").mkdir()
    project.credential("name: decoy-crm\n", name="acme-crm/decoy.yaml")
    done = run("doctor", "acme-crm")
    assert "decoy-crm" in done.out
    assert "acme-crm is a file or folder here, so it is read, and not the credential" in done.err
    Path("other").mkdir()
    project.credential("name: decoy-crm\n", name="other/decoy.yaml")
    for path in ("credentials", "other"):
        assert "is a file or folder here" not in run("doctor", path).err
