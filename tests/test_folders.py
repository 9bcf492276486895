"""Folders are walked by name, without links, and none that can't be read is passed over."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from sfcred.app.retrieved import read_source
from sfcred.errors import SfcredError, Unreadable, UsageError
from sfcred.files.folders import is_hidden, walk
from sfcred.paths import relative_place
from sfcred.spec.discover import find_specs
from sfcred.workflows.find import find_workflow_files


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a folder with one that can't be read; permissions don't stop root."""
    (tmp_path / "folder" / "closed").mkdir(parents=True)
    for name in ("a.yaml", "a.json", "N8n.connectedApp"):
        (tmp_path / "folder" / name).write_text("{}", encoding="utf-8")
    scandir = os.scandir

    def refusing(path: Any) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    return tmp_path / "folder"


def test_a_folder_that_cant_be_read_is_never_passed_over(closed: Path) -> None:
    walks: list[tuple[Any, type[SfcredError]]] = [
        (lambda: find_workflow_files([closed], closed), UsageError),
        (lambda: find_specs([closed], closed), UsageError),
        (lambda: read_source(closed), Unreadable),
    ]
    for read, error in walks:
        with pytest.raises(error) as raised:
            read()
        assert f"{closed / 'closed'}: permission denied".lower() in str(raised.value).lower()
        assert raised.value.hint == "Check the folder's permissions."


def test_links_are_entries_and_not_followed(tmp_path: Path) -> None:
    tmp_path /= "folder"
    for name in ("b/inner", ".hidden", "a"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path)
    found = [
        (parent.relative_to(tmp_path).as_posix(), [entry.name for entry in entries])
        for parent, entries in walk(tmp_path, is_hidden)
    ]
    assert found == [
        (".", [".hidden", "a", "b", "link"]),
        ("a", []),
        ("b", ["inner"]),
        ("b/inner", []),
    ]


def test_a_place_on_another_drive_has_no_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "project"
    assert relative_place(tmp_path / "specs/a.yaml", folder) == "../specs/a.yaml"
    assert relative_place(folder / "a.yaml", folder) == "a.yaml"

    def refuse(_path: Path, _start: Path) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr("os.path.relpath", refuse)  # as ntpath does
    assert relative_place(folder / "a.yaml", folder) == f"{folder.as_posix()}/a.yaml"
