"""Write what was rendered, all of it or nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import WriteRefused
from sfcred.files import NewFile, WriteScope, make_folder, refuse_unsafe_target, write_set
from sfcred.paths import is_folder, is_there
from sfcred.render.api import Document
from sfcred.shell import for_shell


class Output(NamedTuple):
    """Where documents go.

    Attributes:
        path: The file; with `separate`, the folder.
        scope: The project.
        separate: Each document gets a file of its own.
        secret: The documents hold secrets.
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
        WriteRefused: With the reason.
    """
    target = output.path / "credentials.json" if output.separate else output.path
    if output.separate:
        _require_no_file(output.path)
    else:
        _require_folder_for(output.path)
    refuse_unsafe_target(
        target, force=output.force or output.separate, secret=output.secret, scope=output.scope
    )


def _require_no_file(folder: Path) -> None:
    if is_there(folder) and not is_folder(folder):
        raise WriteRefused(f"{folder}: is not a folder", hint="With --separate, -o is one.")


def _require_folder_for(file: Path) -> None:
    if is_folder(file):
        raise WriteRefused(
            f"{file}: is a folder",
            hint="Name a file, or write one file per credential: --separate.",
        )
    if not is_folder(file.parent):
        raise WriteRefused(
            f"{file}: its folder does not exist", hint=f"Make it: mkdir -p {for_shell(file.parent)}"
        )


def write_all(documents: Sequence[Document], output: Output) -> None:
    """Write documents to a file, or each to a file of a folder.

    Args:
        documents: One document; with `separate`, any number.
        output: Where they go.

    Raises:
        WriteRefused: A file exists, is a link, or git would take it. Nothing was written.
        WriteError: The system refused.
    """
    paths = [output.path]
    if output.separate:
        paths = [output.path / document.name for document in documents]
        make_folder(output.path, 0o700, output.scope)
        if not output.force:
            _refuse_strangers(output.path, paths)
    files = [NewFile(p, d.text, output.secret) for p, d in zip(paths, documents, strict=True)]
    write_set(files, force=output.force, scope=output.scope)


def _refuse_strangers(folder: Path, own: Sequence[Path]) -> None:
    """Refuse a folder with other JSON files: n8n would import them, or stop at them."""
    strangers = sorted(set(folder.glob("*.json")) - set(own))
    if strangers:
        raise WriteRefused(
            f"{folder}: holds other JSON files ({strangers[0].name}), and n8n "
            "would import them, too",
            hint="Use an empty folder, or allow it with --force.",
        )
