"""Writes what was rendered: all of it or nothing."""

from collections.abc import Sequence
from pathlib import Path

from sfcred.errors import WriteRefused
from sfcred.files import NewFile, WriteScope, make_folder, refuse_unsafe_target, write_set
from sfcred.paths import is_folder, is_there
from sfcred.render.api import Document
from sfcred.shell import for_shell


def check_output(
    output: Path, scope: WriteScope, *, separate: bool, secret: bool, force: bool
) -> None:
    """Refuses a place that can't be written to, before anything secret is read.

    Args:
        output: The file, or with `separate` the folder.
        scope: The project.
        separate: Several files will be written.
        secret: They hold secrets.
        force: What may be overridden is.

    Raises:
        WriteRefused: With the reason.
    """
    if separate:
        if is_there(output) and not is_folder(output):
            raise WriteRefused(f"{output}: is not a folder", hint="With --separate, -o is one.")
        output = output / "credentials.json"
    elif is_folder(output):
        raise WriteRefused(
            f"{output}: is a folder", hint="Name a file, or write one a credential: --separate."
        )
    if not separate and not is_folder(output.parent):
        raise WriteRefused(
            f"{output}: its folder does not exist",
            hint=f"Make it: mkdir -p {for_shell(output.parent)}",
        )
    refuse_unsafe_target(output, force=force or separate, secret=secret, scope=scope)


def write_all(
    documents: Sequence[Document],
    output: Path,
    scope: WriteScope,
    *,
    separate: bool,
    secret: bool,
    force: bool,
) -> None:
    """Writes documents to a file, or each to a file of a folder.

    Raises:
        WriteRefused: A target exists, is a link, or git would take it; nothing was written.
        WriteError: The system refused.
    """
    paths = [output / document.name for document in documents] if separate else [output]
    if separate:
        make_folder(output, 0o700, scope)
        if not force:
            _refuse_strangers(output, paths)
    files = [NewFile(p, d.text, secret) for p, d in zip(paths, documents, strict=True)]
    write_set(files, force=force, scope=scope)


def _refuse_strangers(folder: Path, own: Sequence[Path]) -> None:
    """n8n imports every *.json of the folder, and stops at one that is no credential."""
    strangers = sorted(set(folder.glob("*.json")) - set(own))
    if strangers:
        raise WriteRefused(
            f"{folder}: holds other JSON files ({strangers[0].name}), and n8n "
            "would import them, too",
            hint="Use an empty folder, or allow it with --force.",
        )
