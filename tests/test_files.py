"""Reading files, apart from what tests/hostile has."""

import os
from pathlib import Path

import pytest

from sfcred.errors import ReadError
from sfcred.files import read_regular

LIMIT = 100


@pytest.fixture
def growing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to which another program adds 50 bytes after the first look at its size."""
    path = tmp_path / "spec.yaml"
    path.write_bytes(b"a" * 20)
    usual = os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        found = usual(descriptor)
        monkeypatch.setattr("sfcred.files.os.fstat", usual)
        with path.open("ab") as file:
            file.write(b"b" * 50)
        return found

    monkeypatch.setattr("sfcred.files.os.fstat", fstat)
    return path


def test_a_file_that_grows_meanwhile_is_read_whole(growing: Path) -> None:
    assert read_regular(growing, LIMIT) == b"a" * 20 + b"b" * 50


def test_a_file_that_grows_past_the_limit_is_too_large(growing: Path) -> None:
    with pytest.raises(ReadError, match="larger than"):
        read_regular(growing, 60)


@pytest.mark.parametrize("size", [0, LIMIT - 1, LIMIT])
def test_a_file_up_to_the_limit_is_read_whole(tmp_path: Path, size: int) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes(os.urandom(size))
    assert read_regular(path, LIMIT) == path.read_bytes()
