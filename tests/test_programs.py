"""Which program would run."""

import os
from pathlib import Path

import pytest

from sfcred import own_files
from sfcred.own_files import OwnFiles
from sfcred.programs.trusted import _JUDGED, find_program, outside
from sfcred.repositories import untrusted_roots
from tests.helpers.systems import make_executable


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    make_executable(path)
    return path


def search(*folders: Path | str) -> str:
    return os.pathsep.join(map(str, folders))


def test_the_first_outside_of_the_project(tmp_path: Path) -> None:
    inside, outside = program(tmp_path / "work/bin/git"), program(tmp_path / "usr/git")
    path = search(inside.parent, outside.parent)
    assert find_program("git", path, tmp_path / "work") == outside
    assert find_program("git", search(inside.parent), tmp_path / "work") is None
    assert find_program("git", search(inside.parent), tmp_path / "other/work") is None  # the cwd
    assert find_program("sops", path, tmp_path / "work") is None


def test_a_root_is_no_fence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container can start there."""
    found = program(tmp_path / "usr/git")
    monkeypatch.chdir("/")
    assert find_program("git", search(found.parent), Path("/")) == found
    assert outside(search(found.parent, "bin"), untrusted_roots(Path("/"))) == str(found.parent)


def test_none_from_a_relative_entry(tmp_path: Path) -> None:
    program(Path("git"))
    for entry in ("", ".", "bin/.."):
        assert find_program("git", search(entry), tmp_path / "elsewhere") is None
    assert find_program("git", None, tmp_path) is None


@pytest.mark.parametrize("inwards", [True, False])
def test_no_link_into_or_out_of_the_project(tmp_path: Path, inwards: bool) -> None:
    project, outside = tmp_path / "work", tmp_path / "usr"
    outside.mkdir()
    target, link = (project / "git", outside / "git") if inwards else (outside / "x", project / "g")
    program(target)
    link.symlink_to(target)
    assert find_program(link.name, search(link.parent), project) is None


def test_a_client_s_variables_are_judged_in_one_place() -> None:
    files = [one for one in vars(own_files).values() if isinstance(one, OwnFiles)]
    families = {family for one in files for family in one.families}
    assert families
    assert all(_JUDGED.fullmatch(f"{family}X") for family in families)
