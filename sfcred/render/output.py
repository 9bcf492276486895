"""Write rendered documents: all of them, or none."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import WriteRefused
from sfcred.files.new_folders import removed_on_failure
from sfcred.files.private_folder import make_private_folder
from sfcred.files.writing import (
    NewFile,
    WriteScope,
    make_folder,
    refuse_tracking,
    refuse_unsafe_target,
    write_set,
)
from sfcred.paths import is_folder, is_there
from sfcred.render.api import Document
from sfcred.text.shell import create_folder


class Output(NamedTuple):
    """The destination of documents.

    Attributes:
        path: The file; with `separate`, the folder.
        scope: The project, and what may be written.
        separate: Write each document to its own file.
        secret: Whether the documents contain secrets.
        force: Allow what `--force` allows.
    """

    path: Path
    scope: WriteScope
    separate: bool
    secret: bool
    force: bool


def check_output(output: Output) -> None:
    """Refuse an output that can't be written, before any secret is read.

    Raises:
        WriteRefused: It can't; the message gives the reason.
    """
    target = output.path / "credentials.json" if output.separate else output.path
    if output.separate:
        _require_no_file(output.path)
    else:
        _require_place_for(output.path)
    refuse_unsafe_target(
        target, force=output.force or output.separate, secret=output.secret, scope=output.scope
    )
    if output.secret and not output.force and is_there(target.parent):
        refuse_tracking([target], output.scope)


def _require_no_file(folder: Path) -> None:
    if is_there(folder) and not is_folder(folder):
        raise WriteRefused(f"{folder}: not a folder", hint="With --separate, -o takes a folder.")


def _require_place_for(file: Path) -> None:
    if is_folder(file):
        raise WriteRefused(
            f"{file}: is a folder",
            hint="Pass a file name, or write one file per credential with --separate.",
        )
    # One missing folder is created. If more are missing, the path is probably mistyped.
    if is_there(file.parent) and not is_folder(file.parent):
        raise WriteRefused(f"{file.parent}: is not a folder", hint="Choose another place.")
    if not is_folder(file.parent) and not is_folder(file.parent.parent):
        raise WriteRefused(
            f"{file}: {file.parent.parent} does not exist",
            hint=f"Create it: `{create_folder(file.parent.parent)}`",
        )


def write_all(documents: Sequence[Document], output: Output) -> None:
    """Write documents to a file, or each one to its own file in a folder.

    Args:
        documents: One document; with `separate`, any number.
        output: Where they go.

    Raises:
        WriteRefused: A file exists, is a link, or would be committed. Nothing was written.
        WriteError: The operating system refused.
    """
    paths = [output.path]
    if output.separate:
        paths = [output.path / document.name for document in documents]
    files = [NewFile(p, d.text, output.secret) for p, d in zip(paths, documents, strict=True)]
    with removed_on_failure([paths[0].parent], output.scope):
        if output.secret:
            make_private_folder(paths[0].parent, output.scope)
        else:
            make_folder(paths[0].parent, scope=output.scope)
        if output.separate and not output.force:
            _refuse_strangers(output.path, paths)
        write_set(files, force=output.force, scope=output.scope)


def _refuse_strangers(folder: Path, own: Sequence[Path]) -> None:
    """Refuse a folder with other JSON files: n8n would import them, or fail on them."""
    strangers = sorted(set(folder.glob("*.json")) - set(own))
    if strangers:
        raise WriteRefused(
            f"{folder}: contains other JSON files ({strangers[0].name}), and n8n "
            "would import them, too",
            hint="Use an empty folder, or pass --force.",
        )
