"""Which files are specs."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sfcred.errors import ReadError, UsageError, system_reason
from sfcred.paths import is_inside, lies_outside, part_below, real_path
from sfcred.printable import printable

SUFFIXES = (".yaml", ".yml")


def find_specs(paths: Iterable[Path], project: Path) -> list[Path]:
    """The spec files among files and folders.

    Args:
        paths: Files, whatever their name, and folders, which are searched for `*.yaml` and
            `*.yml` (hidden folders left out, links to folders not followed).
        project: The project's root: no link in it may lead out of it.

    Returns:
        The files, each once: in the order of the paths, and by name within a folder.

    Raises:
        UsageError: A path doesn't exist, a folder can't be read, a link leads out of the project,
            or there is no spec at all.
    """
    asked = list(paths)
    found = [file for path in asked for file in _specs_of(path, project)]
    if not found:
        where = ", ".join(str(path) for path in asked)
        raise UsageError(
            f"nothing to check: no *.yaml or *.yml in {where}",
            hint="Name a spec or a folder of specs.",
        )
    if len(asked) == 1:  # a folder has each of its files once
        return found
    once: dict[Path, Path] = {}
    for file in found:
        once.setdefault(_place(file), file)
    return list(once.values())


def _place(file: Path) -> Path:
    """Return where a file stands, however it is spelled.

    A link is a spec of its own: what it names is relative to where it stands.
    """
    try:
        return real_path(file.parent) / file.name
    except (ReadError, OSError, ValueError):  # whoever reads it says what is wrong
        return file


def reported_path(path: Path) -> str:
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


def _specs_of(path: Path, project: Path) -> Iterator[Path]:
    if part_below(path, project) is not None and lies_outside(path, project):
        raise _leads_out(path, project)
    try:
        is_folder = path.is_dir()
        exists = is_folder or path.exists() or path.is_symlink()
    except (OSError, ValueError):
        exists = is_folder = False
    if not exists:
        raise UsageError(f"{path}: no such file or folder", hint="Check the path.")
    return _walk(path, project) if is_folder else iter((path,))


def _walk(folder: Path, project: Path) -> Iterator[Path]:
    """Files before folders, by name. os.walk would follow links to see whether they are folders."""
    waiting = [folder]
    while waiting:
        parent = waiting.pop()
        entries = [entry for entry in _entries(parent) if not entry.name.startswith(".")]
        inner = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        waiting += [parent / name for name in reversed(inner)]
        for entry in entries:
            if entry.name.endswith(SUFFIXES) and entry.name not in inner:
                path = parent / entry.name
                # No link to a folder was followed, so that only the file itself can lead away.
                if entry.is_symlink() and not (is_inside(path, project) or is_inside(path, folder)):
                    raise _leads_out(path, project)
                yield path


def _leads_out(path: Path, project: Path) -> UsageError:
    return UsageError(
        f"{reported_path(path)}: is a link that leads outside of the project ({project})",
        hint="sfcred reads no file elsewhere because of a link. Name the file itself, or copy it.",
    )


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        hint = "Check the folder's permissions."
        raise UsageError(f"{error.filename}: {system_reason(error)}", hint=hint) from None
