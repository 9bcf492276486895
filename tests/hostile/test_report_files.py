"""`-o` replaces a report, and nothing else."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.report import format_names
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
        Path(name).write_text("x", encoding="utf-8")
    before = Path(name).read_text(encoding="utf-8") if Path(name).exists() else None
    done = run(*command.split(), "-o", name)
    assert done.status == 2, done
    assert "look like a report" in done.err
    assert (Path(name).read_text(encoding="utf-8") if Path(name).exists() else None) == before


@pytest.mark.parametrize("command", ["doctor", "guide acme-crm"])
@pytest.mark.parametrize("name", ["report.txt", "report.json", "r.html", "r.sarif", "report"])
def test_a_report_is_replaced(project: Project, run: Run, command: str, name: str) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    Path("sfcred.toml").touch()
    Path(name).write_text("before", encoding="utf-8")
    assert run(*command.split(), "-o", name).status == 0
    assert Path(name).read_text(encoding="utf-8") != "before"


def repository(*names: str, content: str = "x\n") -> None:
    """Make the working folder a repository that tracks some files."""
    subprocess.run(["git", "init", "--quiet"], check=True)
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(content, encoding="utf-8")
    subprocess.run(["git", "add", "--force", *names], check=True)


@pytest.mark.parametrize("command", ["doctor -o ics={}", "doctor -o {}", "guide acme-crm -o {}"])
@pytest.mark.parametrize(
    "name",
    [".gitignore", "Makefile", "Dockerfile", ".github/CODEOWNERS", "README.md", "LICENSE", "LICENSE.txt", "setup.py", "src/a.ts", "package.json", "flows/sync.json", "force-app/a.xml", "index.html", "poetry.lock", ".npmrc", "CHANGELOG.md", "requirements.txt"],
)  # fmt: skip
def test_a_project_s_own_files_stay(project: Project, run: Run, command: str, name: str) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    repository(name)
    done = run(*command.format(name).split())
    assert (done.status, "look like a report" in done.err) == (2, True), done
    assert Path(name).read_text(encoding="utf-8") == "x\n"


@pytest.mark.parametrize("name", [".gitignore", "Makefile", "notes.py", "README.md"])
def test_they_stay_before_git_knows_them(project: Project, run: Run, name: str) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    repository("x.txt")
    Path(name).write_text("x\n", encoding="utf-8")
    assert run("doctor", "-o", f"json={name}").status == 2
    assert Path(name).read_text(encoding="utf-8") == "x\n"


#: Suffixes that only some formats have.
USUAL = {"json": ("json", "gitlab"), "xml": ("junit",), "html": ("html",), "sarif": ("sarif",)}


@pytest.mark.parametrize(
    ("file_format", "suffix"),
    [
        (file_format, suffix)
        for suffix in ("txt", "json", "xml", "html", "ics", "prom", "sarif", "md")
        for file_format in USUAL.get(suffix, format_names())
    ],
)
def test_a_report_in_git_is_replaced(
    project: Project, run: Run, file_format: str, suffix: str
) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    repository("x.txt", "out/x.txt")
    for select in ("SFC2", "SFC1"):  # without findings, too
        arguments = ("doctor", "-o", f"{file_format}=out/r.{suffix}", "--select", select)
        assert run(*arguments).status == 0, select
        subprocess.run(["git", "add", "--force", "out"], check=True)


SAME = [
    ("json=out.txt", "ics=out.txt"),
    ("json=out.txt", "ics=./out.txt"),
    ("json=out.txt", "ics=folder/../out.txt"),
    ("json=out.txt", "out.txt"),
    ("json=out.txt", "json=out.txt"),
    ("json=linked/out.txt", "ics=folder/out.txt"),
    ("json=link.txt", "ics=folder/target.txt"),
]


@pytest.mark.parametrize("outputs", SAME)
def test_two_reports_never_go_to_one_file(
    project: Project, run: Run, outputs: tuple[str, str]
) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    Path("folder").mkdir()
    Path("folder/target.txt").write_text("before", encoding="utf-8")
    Path("linked").symlink_to("folder")
    Path("link.txt").symlink_to("folder/target.txt")
    done = run("doctor", *(part for one in outputs for part in ("-o", one)))
    assert (done.status, "same file" in done.err) == (2, True), done
    assert not Path("out.txt").exists()
    assert {path.name for path in Path("folder").iterdir()} == {"target.txt"}
    assert Path("folder/target.txt").read_text(encoding="utf-8") == "before"


def test_case_doesn_t_make_two_files_of_one(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    arguments = ("doctor", "-o", "json=Größe.txt", "-o", "ics=GRO\u0308SSE.TXT")
    assert run(*arguments).status == 0
    for file in Path().glob("*.[tT]*"):
        file.unlink()
    monkeypatch.setattr("sfcred.cli.report_files._FOLDS_CASE", True)
    assert run(*arguments).status == 2
    assert not list(Path().glob("*.[tT]*"))


def test_a_baseline_and_a_report_never_go_to_one_file(project: Project, run: Run) -> None:
    Path("sfcred.toml").touch()
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    for name in ("b.json", "./b.json"):
        done = run("doctor", "--write-baseline", "--baseline", "b.json", "-o", f"json={name}")
        assert (done.status, "same file" in done.err) == (2, True), done
    for option in ("--write-baseline", "--verbose"):
        done = run("doctor", option, "-o", "json=sfcred-baseline.json")
        assert done.status == 2, done
    assert not list(Path().glob("*.json"))


#: Files that name sfcred, or look a little like a report, and are none.
NOT_OURS = {
    "deploy.json": '{"image": "ghcr.io/acme/sfcred-runner"}',
    "credential.schema.json": '{"$schema": "x", "title": "sfcred credential"}',
    "renovate.json": '{"packageRules": [{"matchPackageNames": ["sfcred"], "x": "SFC101"}]}',
    "data.json": '[{"description": "sfcred\'s own", "check_name": "SFC101"}]',
    "other.sarif": '{"$schema": "x", "runs": [{"tool": {"driver": {"name": "other sfcred"}}}]}',
    "suite.xml": '<testsuites name="acme"><testsuite name="sfcred doctor"/></testsuites>',
    "index.html": "<!doctype html><html><title>Acme: sfcred</title></html>",
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_a_file_that_names_sfcred_is_no_report(project: Project, run: Run, name: str) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    repository(name, content=NOT_OURS[name])
    done = run("doctor", "-o", f"json={name}")
    assert (done.status, "look like a report" in done.err) == (2, True), done
    assert Path(name).read_text(encoding="utf-8") == NOT_OURS[name]


@pytest.mark.parametrize("fault", ["no git", "config"])
def test_what_git_can_t_tell_stays(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    repository("deploy.json", content='{"deploy": true}')
    assert run("doctor", "-o", "json=report.json").status == 0
    if fault == "no git":
        monkeypatch.setenv("PATH", str(Path("nothing").absolute()))
    else:
        Path(".git/config").write_text("[core\n", encoding="utf-8")
    done = run("doctor", "-o", "json=deploy.json")
    assert (done.status, "look like a report" in done.err) == (2, True), done
    assert Path("deploy.json").read_text(encoding="utf-8") == '{"deploy": true}'
    assert "look like a report" not in run("doctor", "-o", "json=report.json").err


@pytest.mark.parametrize("command", ["guide acme-crm --format html", "needs --format json"])
def test_other_commands_reports_in_git_are_replaced(
    project: Project, run: Run, command: str
) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    repository("x.txt")
    Path("flow.json").write_text('{"name": "x", "nodes": []}', encoding="utf-8")
    name = "out.html" if "html" in command else "out.json"
    arguments = [*command.split(), "-o", name]
    if "needs" in command:
        arguments += ["--workflows", "flow.json"]
    for _ in range(2):
        done = run(*arguments)
        assert Path(name).is_file(), done
        assert "look like a report" not in done.err
        subprocess.run(["git", "add", "--force", name], check=True)


@pytest.mark.parametrize("name", ["NUL", "nul.json", "COM1.txt", "CON", "a.json:b"])
@pytest.mark.parametrize("on_windows", [True, False])
def test_windows_devices_are_no_files(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, on_windows: bool
) -> None:
    monkeypatch.setattr("sfcred.paths._HAS_DEVICES", on_windows)
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    done = run("doctor", "-o", f"json={name}")
    assert (done.status == 2, Path(name).exists()) == (on_windows, not on_windows), done
    assert ("is not a file name" in done.err) is on_windows
