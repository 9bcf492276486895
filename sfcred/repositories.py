"""The git repositories around a folder, and the folders that a project's authors control."""

import os
from collections.abc import Iterator
from pathlib import Path

from sfcred.paths import working_folder


def repositories_around(folder: Path) -> Iterator[Path]:
    """Yield the roots of the git repositories that contain a folder, innermost first.

    Args:
        folder: An absolute path without links. It doesn't have to exist.
    """
    return (f for f in (folder, *folder.parents) if os.path.lexists(f / ".git"))


def find_root(folder: Path) -> Path | None:
    """Return the root of the innermost repository that contains a folder, or None.

    Args:
        folder: An absolute path without links. It doesn't have to exist.
    """
    return next(repositories_around(folder), None)


def untrusted_roots(project: Path) -> list[Path]:
    """Return the project, the working folder, and the repositories around them, without links.

    The project's authors control what is in these folders. The root of the file system is left
    out, and so is a home folder that is a repository for dotfiles.

    Args:
        project: The project's root.
    """
    start = {Path(os.path.realpath(folder)) for folder in (project, working_folder()) if folder}
    around = {root for folder in start for root in _repositories_but_home(folder)}
    return [folder for folder in start | around if folder != folder.parent]


def _repositories_but_home(folder: Path) -> list[Path]:
    home = Path(os.path.realpath(os.path.expanduser("~")))  # noqa: PTH111 - Path.home() may raise
    # The innermost always counts: some CI systems use a checkout as the home folder.
    found = enumerate(repositories_around(folder))
    return [root for number, root in found if number == 0 or root != home]
