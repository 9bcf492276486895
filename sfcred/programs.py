"""Find a program to run, never one that the project itself brings."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sfcred.paths import working_folder

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
    fences = _fences(project)
    for folder in _outside_folders(search, project):
        # With a folder in front, which() looks there and nowhere else, with Windows' endings.
        found = shutil.which(os.path.join(folder, name))  # noqa: PTH118 - which() wants a string
        if found and not any(_lies_in(Path(found), root) for root in fences):
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
    fences = _fences(project)
    return [
        folder
        for folder in (search or "").split(os.pathsep)
        if Path(folder).is_absolute() and not any(_lies_in(Path(folder), root) for root in fences)
    ]


def _fences(project: Path) -> list[Path]:
    """The project, the working folder, and the repositories that they lie in.

    Not the root, which would hold every program there is, nor a home folder that is a repository
    for the sake of its settings.
    """
    start = {Path(os.path.realpath(folder)) for folder in (project, working_folder()) if folder}
    around = {root for folder in start for root in _repositories(folder)}
    return [folder for folder in start | around if folder != folder.parent]


def _repositories(folder: Path) -> list[Path]:
    found = [f for f in (folder, *folder.parents) if os.path.lexists(f / ".git")]
    # Beyond the first: some CI systems make a checkout the home folder.
    return [root for number, root in enumerate(found) if number == 0 or root != _home()]


def _home() -> Path:
    return Path(os.path.realpath(os.path.expanduser("~")))  # noqa: PTH111 - Path.home() may raise


def _lies_in(program: Path, root: Path) -> bool:
    # The link's own place counts as well as what it leads to.
    places = (Path(os.path.realpath(program.parent), program.name), Path(os.path.realpath(program)))
    return any(place.is_relative_to(root) for place in places)


@contextmanager
def fenced(project: Path) -> Iterator[None]:
    """Let libraries that start programs by name find none of the project's.

    The clients of clouds do so (`az`, `azd`, `pwsh`, `gcloud`, a `credential_process`), with this
    process's PATH. On Windows the working folder would come before it.

    Args:
        project: The project's root.
    """
    before = {name: os.environ.get(name) for name in ("PATH", _NOT_HERE)}
    os.environ["PATH"] = outside(before["PATH"], project)
    os.environ[_NOT_HERE] = "1"
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
