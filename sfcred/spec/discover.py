"""Which files are specs."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sfcred.errors import UsageError
from sfcred.printable import printable

SUFFIXES = (".yaml", ".yml")


def find_specs(paths: Iterable[Path]) -> list[Path]:
    """The spec files among files and folders.

    Args:
        paths: Files, whatever their name, and folders, which are searched for `*.yaml` and
            `*.yml` (hidden folders left out, links to folders not followed).

    Returns:
        The files, each once: in the order of the paths, and by name within a folder.

    Raises:
        UsageError: A path doesn't exist, a folder can't be read, or there is no spec at all.
    """
    asked = list(paths)
    found = [file for path in asked for file in _specs_of(path)]
    if not found:
        where = ", ".join(str(path) for path in asked)
        raise UsageError(
            f"nothing to check: no *.yaml or *.yml in {where}",
            hint="Name a spec or a folder of specs.",
        )
    return list(dict.fromkeys(found))


def shown(path: Path) -> str:
    """A path as reports show it: relative to the working folder where it lies below.

    No name of a file can steer a terminal or a CI runner.
    """
    text = _relative(path).replace("\n", "\\n")
    safe = printable(text)
    # A path that begins like a command stays a path that can be used: `./::name` is the same file.
    return printable(f"./{text}") if safe.startswith("\\") and safe != text else safe


def _relative(path: Path) -> str:
    try:
        if path.is_absolute():
            return path.resolve().relative_to(Path.cwd()).as_posix()
        return Path(os.path.normpath(path)).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _specs_of(path: Path) -> Iterator[Path]:
    try:
        is_folder = path.is_dir()
        exists = is_folder or path.exists() or path.is_symlink()
    except (OSError, ValueError):
        exists = is_folder = False
    if not exists:
        raise UsageError(f"{path}: no such file or folder", hint="Check the path.")
    return _walk(path) if is_folder else iter((path,))


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield Path(parent, name)


def _refuse(error: OSError) -> None:
    reason = (error.strerror or "can't be read").lower()
    raise UsageError(f"{error.filename}: {reason}", hint="Check the folder's permissions.")
