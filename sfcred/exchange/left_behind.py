"""Find exports of n8n's credentials that were left in a project, where git would take them."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sfcred.errors import NotKnown, ReadError
from sfcred.exchange.entities import ARCHIVE
from sfcred.files import read_start
from sfcred.files.writing import WriteScope
from sfcred.n8n.export import encoding_of
from sfcred.paths import is_folder, is_inside

#: How much of a file is read to recognize it, in bytes, and how many files of a folder.
_START, _MOST_FILES = 4096, 200
_MARKS = (
    re.compile(r"^\s*[\[{]|\n\s*[\[{]"),
    re.compile(r'"name"\s*:\s*"'),
    re.compile(r'"(?:type|createdAt)"\s*:\s*"'),
    re.compile(r'"data"\s*:\s*(?:\{|"U2FsdGVkX1)'),
)


def find_left_behind(folders: Iterable[Path], project: Path) -> list[Path]:
    """Return the exports in some folders that git would take.

    Only the beginning of each file is read, and no link is followed.

    Args:
        folders: The folders, without those in them.
        project: The project's root. Folders outside of it are left out.
    """
    inside = (folder for folder in folders if is_inside(folder, project) and is_folder(folder))
    exports = [file for folder in dict.fromkeys(inside) for file in _exports(folder)]
    if not exports:
        return []
    try:
        return WriteScope(project).git.would_take(exports)
    except (NotKnown, ReadError, OSError, ValueError):
        return []  # doctor's checks of files report a repository that can't be asked


def _exports(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:  # a folder can have ten thousand files
            names = sorted(one.name for one in entries if one.is_file(follow_symlinks=False))
    except OSError:
        return
    named = [name for name in names if name.lower().endswith(".json") or name == ARCHIVE]
    for name in named[:_MOST_FILES]:
        if name == ARCHIVE or _is_export(read_start(folder / name, _START)):
            yield folder / name


def _is_export(start: bytes) -> bool:
    text = start.decode(encoding_of(start), "replace")
    return all(mark.search(text) for mark in _MARKS)
