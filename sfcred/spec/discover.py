"""Find the files that are specs."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sfcred.errors import NothingFound, ReadError, UsageError
from sfcred.files.folders import is_hidden, is_link, is_real_folder, walk
from sfcred.paths import (
    is_folder,
    is_inside,
    is_there,
    lies_outside,
    part_below,
    place_of,
    real_path,
)
from sfcred.text.printable import printable
from sfcred.text.shell import for_shell

#: In any case: `B.YAML` is a spec as well.
SUFFIXES = (".yaml", ".yml")

Note = Callable[[str], object]


def _quiet(_text: str) -> None:
    """Note nothing."""


def _nothing(_path: Path) -> bool:
    """Exclude no file."""
    return False


def find_specs(
    paths: Iterable[Path],
    project: Path,
    note: Note = _quiet,
    excludes: Callable[[Path], bool] = _nothing,
) -> list[Path]:
    """Return the spec files among files and folders.

    Args:
        paths: Files of any name, and folders, which are searched for `*.yaml` and `*.yml`. Hidden
            folders are skipped, and symbolic links to folders are not followed.
        project: The project's root. No symbolic link inside it may lead out of it.
        note: Called with a text for each folder that isn't searched because it is a link, and for
            each hidden file with a spec's name.
        excludes: Returns whether a file in a folder is left out. A file that is named stays.

    Returns:
        Each file once, in the order of the paths, and by name within a folder.

    Raises:
        UsageError: A path doesn't exist, a folder can't be read, a symbolic link leads out of the
            project, or no spec was found.
    """
    asked = list(paths)
    found = [file for path in asked for file in _specs_of(path, project, note, excludes)]
    if not found:
        where = ", ".join(str(path) for path in asked)
        raise NothingFound(
            f"nothing to check: no *.yaml or *.yml in {where}",
            hint="Pass a spec or a folder of specs. To create one, run `sfcred init`.",
        )
    if len(asked) == 1:  # a folder has each of its files once
        return found
    once: dict[Path, Path] = {}
    for file in found:
        once.setdefault(_place(file), file)
    return list(once.values())


def _place(file: Path) -> Path:
    """Return a file's place, however its path is spelled.

    A link to a spec is another spec: the paths in it are relative to the link.
    """
    try:
        return real_path(file.parent) / file.name
    except (ReadError, OSError, ValueError):  # reading it reports the reason
        return file


def is_spec_name(name: str) -> bool:
    """Return whether a file's name is that of a spec."""
    return name.lower().endswith(SUFFIXES)


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
            return place_of(path).relative_to(place_of(Path.cwd())).as_posix()
        return Path(os.path.normpath(path)).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _specs_of(
    path: Path, project: Path, note: Note, excludes: Callable[[Path], bool]
) -> Iterator[Path]:
    if part_below(path, project) is not None and lies_outside(path, project):
        raise _leads_out(path, project)
    is_a_folder = is_folder(path)  # not one that leads to an interface of the system
    try:
        exists = is_a_folder or os.path.lexists(path)
    except (OSError, ValueError):
        exists = False
    if not exists:
        raise NothingFound(f"{path}: no such file or folder", hint=_meant(str(path)))
    if not is_a_folder:
        return iter((path,))
    return _walk(path, project, note, excludes)


def _meant(text: str) -> str:
    """Return what to pass in place of a path that doesn't exist."""
    if text != text.strip():
        return "Remove the space at its beginning or end."
    slashes = text.replace("\\", "/")
    if slashes != text and is_there(Path(slashes)):
        return f"Only Windows reads \\ in paths: write {for_shell(slashes)}."
    return "Pass the path of a spec or a folder of specs."


def _walk(
    folder: Path, project: Path, note: Note, excludes: Callable[[Path], bool]
) -> Iterator[Path]:
    """Yield files before folders, by name."""
    for parent, entries in walk(folder, is_hidden):
        _note_hidden(parent, entries, project, note)
        _note_texts(parent, entries, note)
        for entry in entries:
            if is_hidden(entry.name) or is_real_folder(entry):
                continue
            path = parent / entry.name
            if is_spec_name(entry.name):
                if excludes(path):
                    continue
                # No link to a folder was followed, so only the file itself can lead elsewhere.
                if is_link(entry) and not (is_inside(path, project) or is_inside(path, folder)):
                    raise _leads_out(path, project)
                yield path
            elif is_link(entry) and is_folder(path) and not is_inside(path, folder):
                note(
                    f"{reported_path(path)} is a link to a folder, which is not searched for specs"
                )


def _note_hidden(
    parent: Path, entries: Iterable[os.DirEntry[str]], project: Path, note: Note
) -> None:
    """Warn about hidden files that look like specs, except in the project's root: tools use it."""
    hidden = [one for one in entries if is_hidden(one.name) and is_spec_name(one.name)]
    if hidden and part_below(parent, project) != Path():
        for entry in hidden:
            note(f"{reported_path(parent / entry.name)} is hidden, so it is not read as a spec")


def _note_texts(parent: Path, entries: Iterable[os.DirEntry[str]], note: Note) -> None:
    """Warn about specs that an editor saved as text files. Windows doesn't show the suffix."""
    for entry in entries:
        path = parent / entry.name
        if path.suffix.lower() == ".txt" and is_spec_name(path.stem):
            shown = reported_path(path)
            note(
                f"{shown} ends in .txt, so it is not read as a spec: name it {printable(path.stem)}"
            )


def _leads_out(path: Path, project: Path) -> UsageError:
    return UsageError(
        f"{reported_path(path)}: is a symbolic link that leads outside the project ({project})",
        hint="sfcred doesn't follow such links. Pass the file itself, or copy it into the project.",
    )
