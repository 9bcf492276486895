"""Find the files that are specs."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sfcred.errors import UsageError, system_reason
from sfcred.paths import is_inside, lies_outside, part_below
from sfcred.printable import printable

SUFFIXES = (".yaml", ".yml")


def find_specs(paths: Iterable[Path], project: Path) -> list[Path]:
    """Return the spec files among files and folders.

    Args:
        paths: Files of any name, and folders, which are searched for `*.yaml` and `*.yml`. Hidden
            folders are skipped, and symbolic links to folders are not followed.
        project: The project's root. No symbolic link inside it may lead out of it.

    Returns:
        Each file once, in the order of the paths, and by name within a folder.

    Raises:
        UsageError: A path doesn't exist, a folder can't be read, a symbolic link leads out of the
            project, or no spec was found.
    """
    asked = list(paths)
    found = [file for path in asked for file in _specs_of(path, project)]
    if not found:
        where = ", ".join(str(path) for path in asked)
        raise UsageError(
            f"nothing to check: no *.yaml or *.yml in {where}",
            hint="Pass a spec or a folder of specs.",
        )
    return list(dict.fromkeys(found))


def reported_path(path: Path) -> str:
    """Return a path for reports: relative to the working folder if it is below it.

    A file's name can't control a terminal or a CI runner.
    """
    text = _relative(path).replace("\n", "\\n")
    safe = printable(text)
    # A path that starts like a runner's command stays usable: `./::name` is the same file.
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
    """Yield files before folders, by name.

    os.walk isn't used because it follows symbolic links to see whether they are folders.
    """
    waiting = [folder]
    while waiting:
        parent = waiting.pop()
        entries = [entry for entry in _entries(parent) if not entry.name.startswith(".")]
        inner = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        waiting += [parent / name for name in reversed(inner)]
        for entry in entries:
            if entry.name.endswith(SUFFIXES) and entry.name not in inner:
                path = parent / entry.name
                # No link to a folder was followed, so only the file itself can lead elsewhere.
                if entry.is_symlink() and not (is_inside(path, project) or is_inside(path, folder)):
                    raise _leads_out(path, project)
                yield path


def _leads_out(path: Path, project: Path) -> UsageError:
    return UsageError(
        f"{reported_path(path)}: is a symbolic link that leads outside the project ({project})",
        hint="sfcred doesn't follow such links. Pass the file itself, or copy it into the project.",
    )


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        hint = "Check the folder's permissions."
        raise UsageError(f"{error.filename}: {system_reason(error)}", hint=hint) from None
