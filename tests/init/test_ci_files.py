"""The workflow and the hook that init writes: where they are looked for, and what installs sfcred."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from sfcred.init import ci_files
from sfcred.init.ci_files import hook_text, job_for, workflow_text
from sfcred.installed import Installation, Manager
from sfcred.version import __version__
from tests.conftest import Outcome

ROOT = Path(__file__).parents[2]
Run = Callable[..., Outcome]
NEEDED = (
    "init", "acme-crm", "--my-domain", "acme--uat.sandbox.my.salesforce.com",
    "--username", "n8n@acme.com.uat", "--n8n-url", "https://n8n.acme.com",
)  # fmt: skip
COMMIT = f"git+https://git.example/team/sfcred.git@{'a' * 40}"
WHEEL = f"https://files.example/sfcred.whl#sha256={'b' * 64}"


def installed_by(text: str) -> list[str]:
    """Return the arguments of the workflow's pip, as its shell reads them."""
    steps = yaml.safe_load(text)["jobs"]["doctor"]["steps"]
    (line,) = [step["run"] for step in steps if "pip install" in step.get("run", "")]
    return shlex.split(line)[5:]


@pytest.mark.parametrize(
    ("address", "requirement"),
    [("", f"sfcred=={__version__}"), (COMMIT, f"sfcred @ {COMMIT}"), (WHEEL, f"sfcred @ {WHEEL}")],
)
def test_others_install_what_is_installed_here(address: str, requirement: str) -> None:
    here = Path.cwd()
    job = job_for(here / "credentials", here, here, Installation(address, None, "pip"))
    assert installed_by(workflow_text(job)) == [requirement]
    (hook,) = yaml.safe_load(hook_text(job))["repos"][0]["hooks"]
    assert (hook["language"], hook["additional_dependencies"]) == ("python", [requirement])
    assert job.wheel == ""


@pytest.mark.parametrize(
    "origin",
    ["vendor/sfcred-1-py3-none-any.whl", "tools/sf cred", "tools #2/sfcred", "tools: all/sfcred"],
)
def test_what_is_in_the_repository_is_installed_from_there(origin: str) -> None:
    repository = Path.cwd()
    here = repository / "crm"
    one = Installation(None, repository / origin, "pip")
    job = job_for(here / "credentials", here, repository, one)
    (path,) = installed_by(workflow_text(job))
    assert (here / path).resolve() == (repository / origin).resolve()
    assert path.startswith("./")
    assert job.wheel == ""


@pytest.mark.parametrize("manager", ["pip", "pipx", "uv tool", "uv pip"])
def test_what_only_this_machine_has_becomes_a_wheel(tmp_path: Path, manager: Manager) -> None:
    here = Path.cwd()
    job = job_for(here / "credentials", here, here, Installation(None, tmp_path, manager))
    (path,) = installed_by(workflow_text(job))
    assert path == f"./vendor/sfcred-{__version__}-py3-none-any.whl"
    assert path == f"./{job.wheel}"
    assert job.wheel_command is not None
    assert shlex.split(job.wheel_command)[-1] == str(tmp_path)
    (hook,) = yaml.safe_load(hook_text(job))["repos"][0]["hooks"]
    assert hook["language"] == "system"
    assert "additional_dependencies" not in hook


def test_where_nobody_knows_the_origin_no_command_gets_another_sfcred(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command with the name alone would build the wheel of whoever has the name on an index."""
    monkeypatch.setattr(ci_files, "installation", lambda: Installation(None, None, "pip"))
    done = run(*NEEDED)
    assert done.status == 0, done
    assert f"add its wheel to the repository: vendor/sfcred-{__version__}" in done.out
    assert "pip wheel" not in done.out
    text = Path(".github/workflows/sfcred.yml").read_text(encoding="utf-8")
    assert installed_by(text) == [f"./vendor/sfcred-{__version__}-py3-none-any.whl"]


@pytest.mark.parametrize("is_known", [False, True])
def test_in_a_subfolder_the_wheel_goes_where_the_workflow_looks(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_known: bool
) -> None:
    one = Installation(None, tmp_path / "sfcred" if is_known else None, "pip")
    monkeypatch.setattr(ci_files, "installation", lambda: one)
    Path("sfcred.toml").write_text('paths = ["credentials"]\n', encoding="utf-8")
    Path("deep/down").mkdir(parents=True)
    root = Path.cwd()
    monkeypatch.chdir("deep/down")
    done = run(*NEEDED)
    assert str(root / "vendor") in done.out
    text = (root / ".github/workflows/sfcred.yml").read_text(encoding="utf-8")
    assert installed_by(text) == [f"./vendor/sfcred-{__version__}-py3-none-any.whl"]


def test_the_command_for_the_wheel_writes_the_one_that_ci_installs() -> None:
    here = Path.cwd()
    job = job_for(here / "credentials", here, here, Installation(None, ROOT, "pip"))
    program, *arguments = shlex.split(job.wheel_command or "")
    assert program == sys.executable
    subprocess.run([program, *arguments, "--no-build-isolation", "--quiet"], check=True)
    (path,) = installed_by(workflow_text(job))
    assert Path(path).is_file()
    there = here / "site"
    command = [sys.executable, "-I", "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*command, str(there), path], check=True)
    assert (there / "sfcred/__main__.py").is_file()


# -- in a subfolder of a repository


@pytest.fixture
def sub(monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(["git", "init", "--quiet"], check=True)
    folder = Path("teams/the crm").absolute()
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def test_the_repository_s_root_gets_what_is_looked_for_there(run: Run, sub: Path) -> None:
    root = sub.parent.parent
    assert run(*NEEDED).status == 0
    assert not Path(".github").exists()
    assert not Path(".pre-commit-config.yaml").exists()
    job = yaml.safe_load(
        (root / ".github/workflows/sfcred-teams-the-crm.yml").read_text(encoding="utf-8")
    )
    assert job["jobs"]["doctor"]["defaults"]["run"]["working-directory"] == "teams/the crm"
    assert Path("sfcred.toml").is_file()
    assert Path("credentials/acme-crm.yaml").is_file()


def test_the_hook_checks_the_subfolder(run: Run, sub: Path) -> None:
    root = sub.parent.parent
    run(*NEEDED)
    assert run("keygen", "acme-crm").status == 0  # a certificate that isn't there is exit status 4
    (hook,) = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))[
        "repos"
    ][0]["hooks"]
    assert re.search(hook["files"], "teams/the crm/credentials/acme-crm.yaml")
    programs = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    # As pre-commit runs it: split like a shell, at the repository's root.
    done = subprocess.run(
        shlex.split(hook["entry"]), cwd=root, env={"PATH": programs, "HOME": str(root)},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert "acme-crm" in done.stdout, done
    assert done.returncode == 0, done


def test_two_projects_of_a_repository_have_a_workflow_each(
    run: Run, sub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*NEEDED)
    other = sub.parent / "sales"
    other.mkdir()
    monkeypatch.chdir(other)
    done = run(*NEEDED)
    assert done.status == 0
    assert "it doesn't run sfcred here" in done.out  # the hook checks the first project
    found = {path.name for path in (sub.parent.parent / ".github/workflows").iterdir()}
    assert found == {"sfcred-teams-the-crm.yml", "sfcred-teams-sales.yml"}


def test_a_hook_file_without_sfcred_is_kept_and_told(run: Run) -> None:
    Path(".pre-commit-config.yaml").write_text("repos: []\n", encoding="utf-8")
    done = run(*NEEDED)
    assert "kept     .pre-commit-config.yaml\n         it doesn't run sfcred here" in done.out
    assert Path(".pre-commit-config.yaml").read_text(encoding="utf-8") == "repos: []\n"


def test_a_home_folder_for_dotfiles_is_no_repository_of_the_project(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    monkeypatch.setenv("HOME", str(Path.cwd()))
    Path("project").mkdir()
    monkeypatch.chdir("project")
    assert run(*NEEDED).status == 0
    assert Path(".github/workflows/sfcred.yml").is_file()


def test_no_link_in_the_repository_is_followed(run: Run, sub: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (sub.parent.parent / ".github").symlink_to(outside)
    done = run(*NEEDED)
    assert done.status == 0, done
    assert re.search(r"skipped  .*sfcred-teams-the-crm.yml\n +.*symbolic link", done.out)
    assert "wheel" not in done.out  # no workflow needs it
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("place", [".github", ".github/workflows", ".pre-commit-config.yaml"])
@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_what_stands_in_the_way_of_ci_stays_and_the_project_is_whole(
    run: Run, place: str, kind: str
) -> None:
    path = Path(place)
    path.parent.mkdir(exist_ok=True)
    if kind == "file":
        path.write_text("repos: []\n", encoding="utf-8")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("nowhere")
    done = run(*NEEDED)
    assert done.status == 0, done
    is_fine = kind == ("folder" if place.startswith(".github") else "file")
    assert ("skipped" in done.out) is not is_fine, done
    assert Path("credentials/acme-crm.yaml").is_file()
    assert Path("sfcred.toml").is_file()
    assert not Path("nowhere").exists()


def test_projects_whose_folders_look_alike_have_a_workflow_each(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    root, folders = Path.cwd(), ("a-b", "a/b", "A b", "a/b-c", "a b-c")
    for again in (False, True):
        for folder in folders:
            (root / folder).mkdir(parents=True, exist_ok=True)
            monkeypatch.chdir(root / folder)
            done = run(*("other" if again and w == "acme-crm" else w for w in NEEDED))
            assert done.status == 0, done
            what = "kept" if again else "written"
            assert re.search(rf"{what} +\S*\.github/workflows/", done.out), done
    found = [
        yaml.safe_load(one.read_text(encoding="utf-8"))
        for one in (root / ".github/workflows").iterdir()
    ]
    where = [one["jobs"]["doctor"]["defaults"]["run"]["working-directory"] for one in found]
    assert sorted(where) == sorted(folders)


HOOKS = "repos:\n  - repo: local\n    hooks:\n      - {id: x, name: x, language: system, "


@pytest.mark.parametrize(
    ("folder", "text", "runs"),
    [
        (".", "# sfcred is not used\nrepos: []\n", False),
        (".", f"{HOOKS}entry: my-sfcred-like}}\n", False),
        (".", f"{HOOKS}entry: echo, description: not sfcred}}\n", False),
        (".", f"{HOOKS}entry: sh -c 'cd crm && sfcred doctor'}}\n", False),
        (".", f"{HOOKS}entry: python -I -m sfcred doctor}}\n", True),
        (".", f"{HOOKS}entry: .venv/bin/sfcred doctor}}\n", True),
        (".", "repos: [{repo: https://x/sfcred, rev: v1, hooks: [{id: sfcred-doctor}]}]\n", True),
        (".", "repos: [{repo: https://x/sfcred, rev: v1, hooks: [{id: other}]}]\n", False),
        (".", "repos: 1\n", False),
        (".", "{[\n", False),
        ("crm", f"{HOOKS}entry: sfcred doctor}}\n", False),
        ("crm", f"{HOOKS}entry: sh -c 'cd crm-old && sfcred doctor'}}\n", False),
        ("crm", f"{HOOKS}entry: sh -c 'cd crm/sub && sfcred doctor'}}\n", False),
        ("crm", f"{HOOKS}entry: sh -c 'cd other && sfcred doctor'}}\n# crm\n", False),
        ("crm", f"{HOOKS}entry: sh -c 'cd ./crm && sfcred doctor'}}\n", True),
        ("crm", f"{HOOKS}entry: sfcred doctor crm/credentials}}\n", True),
        ("crm", f"{HOOKS}entry: sfcred doctor, args: [crm]}}\n", True),
        ("crm", f"{HOOKS}entry: eslint crm}}\n", False),
    ],
)
def test_an_existing_hook_counts_if_it_runs_sfcred_in_the_project(
    run: Run, monkeypatch: pytest.MonkeyPatch, folder: str, text: str, *, runs: bool
) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    Path(".pre-commit-config.yaml").write_text(text, encoding="utf-8")
    Path(folder).mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    done = run(*NEEDED)
    assert done.status == 0, done
    assert ("it doesn't run sfcred here" in done.out) is not runs


def test_what_this_sfcred_s_workflow_installs_is_what_its_record_says(run: Run) -> None:
    run(*NEEDED)
    text = Path(".github/workflows/sfcred.yml").read_text(encoding="utf-8")
    (found,) = Path(sys.prefix).glob("lib/python*/site-packages/sfcred-*.dist-info/direct_url.json")
    assert json.loads(found.read_text(encoding="utf-8"))["dir_info"] == {"editable": True}
    assert installed_by(text) == [f"./vendor/sfcred-{__version__}-py3-none-any.whl"]


@pytest.mark.parametrize("name", ["a${{ github.token }}", "x ${{secrets.A}} y/crm"])
def test_no_folder_s_name_becomes_an_expression_of_github(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    top = Path.cwd()
    Path(name).mkdir(parents=True)
    Path(name, "sfcred.toml").touch()
    monkeypatch.chdir(name)
    done = run(*NEEDED)
    assert (done.status, "which GitHub would run as an expression" in done.out + done.err) == (0, True), done  # fmt: skip
    assert not list(top.rglob(".github/**/*.yml"))
    assert Path("credentials/acme-crm.yaml").is_file()


def test_no_place_of_sfcred_s_becomes_an_expression_of_github() -> None:
    here = Path.cwd()
    one = Installation(None, here / "${{ github.token }}" / "sfcred", "pip")
    assert job_for(here / "credentials", here, here, one).has_expression


def test_an_sfcred_from_another_drive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On Windows, no relative path leads from one drive to another."""
    relative = os.path.relpath

    def relpath(path: Path, start: Path) -> str:
        if "other drive" in str(path):
            raise ValueError("path is on mount 'D:', start on mount 'C:'")
        return relative(path, start)

    monkeypatch.setattr(os.path, "relpath", relpath)
    one = Installation(None, tmp_path / "other drive/sfcred", "pip")
    job = job_for(Path("credentials"), Path(), Path(), one)
    assert job.package.startswith("./vendor/")


@pytest.mark.parametrize("uses_both", [False, True])
def test_a_repository_with_gitlab_s_ci_gets_no_workflow_of_github_s(
    run: Run, uses_both: bool
) -> None:
    Path(".gitlab-ci.yml").write_text("stages: [test]\n", encoding="utf-8")
    if uses_both:
        Path(".github").mkdir()
    done = run("init", "--no-credential")
    assert done.status == 0
    assert Path(".github/workflows/sfcred.yml").exists() is uses_both
    assert ("the repository uses GitLab CI; " in done.out) is not uses_both
