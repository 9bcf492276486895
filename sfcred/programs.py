"""Find programs to run, but never one inside the project."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sfcred.paths import passes_through, untrusted_roots

# With this, Windows (and Python 3.12 and later) doesn't search the working folder for programs.
_NOT_HERE = "NoDefaultCurrentDirectoryInExePath"


def find_program(name: str, search: str | None, project: Path) -> Path | None:
    """Return the first program of that name on the search path that is outside the project.

    Relative entries are skipped, and so is everything inside the project or the working folder. A
    pull request can put a `git` or `git.exe` there, and Windows would prefer the one in the working
    folder.

    Args:
        name: The program's name, without a folder, and on Windows without `.exe`.
        search: The value of PATH. With None or an empty string, nothing is found.
        project: The project's root.

    Returns:
        An absolute path, or None if no such program exists outside the project.
    """
    roots = untrusted_roots(project)
    for folder in _outside_folders(search, project):
        # With a folder in front, which() searches only there, with the file extensions of Windows.
        found = shutil.which(os.path.join(folder, name))  # noqa: PTH118 - which() wants a string
        if found and not passes_through(Path(found), roots):
            return Path(found)
    return None


def outside(search: str | None, project: Path) -> str:
    """Return a search path without relative entries and those inside the project.

    Use it for programs that start others by name. It is never empty, because an empty entry means
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
    """Return an environment in which no program in the project is found by name.

    Args:
        project: The project's root.
        environ: The original variables.
    """
    return {**environ, "PATH": outside(environ.get("PATH"), project), _NOT_HERE: "1"}


@contextmanager
def fenced(project: Path) -> Iterator[None]:
    """Keep libraries that start programs by name from finding one in the project.

    Cloud clients start `az`, `azd`, `pwsh`, `gcloud` or a `credential_process` with this process's
    PATH. On Windows, the working folder would come first.

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
