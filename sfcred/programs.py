"""Find a program to run, never one that the project itself brings."""

import os
import shutil
from pathlib import Path

from sfcred.paths import working_folder


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
    fenced = _fenced(project)
    for folder in outside_folders(search, project):
        # With a folder in front, which() looks there and nowhere else, with Windows' endings.
        found = shutil.which(os.path.join(folder, name))  # noqa: PTH118 - which() wants a string
        if found and not any(_lies_in(Path(found), root) for root in fenced):
            return Path(found)
    return None


def outside_folders(search: str | None, project: Path) -> list[str]:
    """Return the entries of a search path that are absolute and lie outside the project."""
    fenced = _fenced(project)
    return [
        folder
        for folder in (search or "").split(os.pathsep)
        if Path(folder).is_absolute() and not any(_lies_in(Path(folder), root) for root in fenced)
    ]


def _fenced(project: Path) -> list[Path]:
    real = [Path(os.path.realpath(folder)) for folder in (project, working_folder()) if folder]
    # Whoever works in / has not checked out a project there.
    return [folder for folder in real if folder != folder.parent]


def _lies_in(program: Path, root: Path) -> bool:
    # The link's own place counts as well as what it leads to.
    places = (Path(os.path.realpath(program.parent), program.name), Path(os.path.realpath(program)))
    return any(place.is_relative_to(root) for place in places)
