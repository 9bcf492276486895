"""Find workflow files, and read them one at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sfcred.errors import ReadError, UsageError
from sfcred.files import read_regular
from sfcred.files.folders import is_hidden_or_packages, is_link, is_real_folder, walk
from sfcred.paths import is_folder, is_inside, is_there, lies_outside, part_below
from sfcred.spec.discover import reported_path
from sfcred.workflows import limits
from sfcred.workflows.model import FileFault, WorkflowFile
from sfcred.workflows.read import decode, read_text

_HINT = "Pass a file or a folder that n8n export:workflow wrote."


def find_workflow_files(paths: Sequence[Path], project: Path) -> list[Path]:
    """Return the files among files and folders.

    Args:
        paths: Files of any name, and folders, which are searched for `*.json`. Hidden folders and
            node_modules are skipped. Symbolic links to folders are not followed: they are among the
            files, and can't be read.
        project: The project's root. No symbolic link inside it may lead out of it.

    Raises:
        UsageError: A path doesn't exist, a folder can't be read, a link leads out of the
            project, or there is no file.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_files(path, project)))
        if len(found) > limits.FILES:
            raise UsageError(
                f"{path}: more than {limits.FILES:,} JSON files", hint="Name a smaller folder."
            )
    if not found:
        where = ", ".join(map(str, paths))
        raise UsageError(f"nothing to read: no *.json in {where}", hint=_HINT)
    return list(found)


def _files(path: Path, project: Path) -> Iterator[Path]:
    if part_below(path, project) is not None and lies_outside(path, project):
        raise _leads_out(path)
    if not is_there(path):  # nor is what leads to an interface of the system
        raise UsageError(f"{path}: no such file or folder", hint="Check the path.")
    if not is_folder(path):
        yield path
        return
    yield from _walk(path, project)


def _walk(path: Path, project: Path) -> Iterator[Path]:
    """Yield the files of a folder, and links to folders, which can't be read as a file."""
    for parent, entries in walk(path, is_hidden_or_packages):
        for entry in entries:
            if is_hidden_or_packages(entry.name) or is_real_folder(entry):
                continue
            file = parent / entry.name
            if entry.name.lower().endswith(".json"):
                if is_link(entry) and not (is_inside(file, project) or is_inside(file, path)):
                    raise _leads_out(file)
                yield file
            elif is_link(entry) and is_folder(file):
                yield file


def _leads_out(path: Path) -> UsageError:
    return UsageError(
        f"{reported_path(path)}: is a symbolic link that leads outside the project",
        hint="sfcred doesn't follow such links. Pass the file itself.",
    )


def read_workflow_files(files: Sequence[Path]) -> Iterator[WorkflowFile]:
    """Yield each file's workflows. Only one file is in memory at a time."""
    for path in files:
        yield _read(path)


def _read(path: Path) -> WorkflowFile:
    shown = reported_path(path)
    try:
        text = decode(read_regular(path, limits.FILE_BYTES))
    except ReadError as error:
        message = error.message.removeprefix(f"{path}: ")
        if message.startswith("larger than"):
            message = f"larger than {limits.FILE_BYTES // 1024**2} MB"
        fault = FileFault(shown, message, error.hint)
    except ValueError:
        fault = FileFault(shown, "is not text in UTF-8 or UTF-16", _HINT)
    else:
        return read_text(text, shown)
    return WorkflowFile(shown=shown, faults=(fault,))
