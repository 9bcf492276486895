"""git's answers, and what happens if git can't answer."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.systems import make_executable

Run = Callable[..., Outcome]


@pytest.fixture
def mute(project: Project) -> Project:
    """A git work tree, and a git that refuses to work in it, as in many containers."""
    project.material("acme.key", "ignored:rsa-2048")
    git = Path.home() / "bin/git"
    git.parent.mkdir()
    git.write_text(
        "#!/bin/sh\necho 'fatal: detected dubious ownership' >&2\nexit 128\n", encoding="utf-8"
    )
    make_executable(git)
    project.monkeypatch.setenv("PATH", str(git.parent.absolute()))

    return project


@pytest.mark.parametrize("exists", [True, False])
def test_what_git_does_not_say_is_not_checked(mute: Project, run: Run, exists: bool) -> None:
    if not exists:
        (Path.home() / "bin/git").unlink()
    done = run("doctor", mute.credential())
    assert "SFC009 for acme-crm: sfcred can't use git" in done.out
    assert done.status == 4
    words = "let git trust" if exists else "Install git"
    assert words in done.out
    (entry,) = (
        entry
        for entry in json.loads(run("doctor", mute.credential(), "--format", "json").out)[
            "not_checked"
        ]
        if entry["check"] == "SFC009"
    )
    assert words in entry["hint"]


@pytest.mark.parametrize("exists", [True, False])
def test_and_secrets_are_not_written_there(mute: Project, run: Run, exists: bool) -> None:
    if not exists:
        (Path.home() / "bin/git").unlink()
    done = run("render", mute.credential(), "-o", "out.json")
    assert done.status == 2
    assert "can't use git" in done.err
    assert not Path("out.json").exists()
    assert run("render", mute.credential(), "-o", "out.json", "--force").status == 0


def test_a_hook_of_an_untrusted_repository_is_not_run(project: Project, run: Run) -> None:
    """Neither git's hooks nor its file system monitor: both are programs of the repository."""
    project.material("acme.key", "ignored:rsa-2048")
    for name in ("post-index-change", "fsmonitor"):
        hook = Path(".git/hooks") / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {Path.cwd()}/called\n", encoding="utf-8")
        make_executable(hook)
    monitor = ["git", "config", "core.fsmonitor", str(Path(".git/hooks/fsmonitor").absolute())]
    subprocess.run(monitor, check=True)
    run("doctor", project.credential())
    run("render", project.credential(), "-o", "out.json")
    assert not Path("called").exists()
