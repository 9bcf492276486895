"""Find a program to run, never one that the project itself brings."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sfcred.paths import passes_through, untrusted_roots

# Windows, and Python from 3.12 on, then don't look for programs in the working folder.
_NOT_HERE = "NoDefaultCurrentDirectoryInExePath"


def find_program(name: str, search: str | None, project: Path) -> Path | None:
    """Return the first program of that name on the search path that lies outside the project.

    Relative entries of the search path are skipped, and so is everything inside the project or the
    working folder: a pull request can put a `git` or `git.exe` there, and Windows would start the
    one in the working folder first.

    Args:
        name: The program's name, without a folder; on Windows without `.exe`.
        search: The value of PATH; None or empty: nothing is found.
        project: The project's root.

    Returns:
        An absolute path, or None if there is no such program outside the project.
    """
    roots = untrusted_roots(project)
    for folder in _outside_folders(search, project):
        # With a folder in front, which() looks there and nowhere else, with Windows' endings.
        found = shutil.which(os.path.join(folder, name))  # noqa: PTH118 - which() wants a string
        if found and not passes_through(Path(found), roots):
            return Path(found)
    return None


def outside(search: str | None, project: Path) -> str:
    """Return a search path without its relative entries and those inside the project.

    For a program that starts others by their names. It is never empty: an empty entry stands for
    the working folder.

    Args:
        search: The value of PATH.
        project: The project's root.
    """
    return os.pathsep.join(_outside_folders(search, project)) or os.devnull


def _outside_folders(search: str | None, project: Path) -> list[str]:
    roots = untrusted_roots(project)
    return [
        folder
        for folder in (search or "").split(os.pathsep)
        if Path(folder).is_absolute() and not passes_through(Path(folder), roots)
    ]


def without_programs_of(project: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return variables with which no program of the project's is found by its name.

    Args:
        project: The project's root.
        environ: The variables.
    """
    return {**environ, "PATH": outside(environ.get("PATH"), project), _NOT_HERE: "1"}


@contextmanager
def fenced(project: Path) -> Iterator[None]:
    """Let libraries that start programs by name find none of the project's.

    The clients of clouds do so (`az`, `azd`, `pwsh`, `gcloud`, a `credential_process`), with this
    process's PATH. On Windows the working folder would come before it.

    Args:
        project: The project's root.
    """
    before = {name: os.environ.get(name) for name in ("PATH", _NOT_HERE)}
    os.environ.update(without_programs_of(project, os.environ))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
