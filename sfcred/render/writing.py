"""Writes what was rendered: all of it or nothing."""

from collections.abc import Sequence
from pathlib import Path

from sfcred.errors import WriteRefused
from sfcred.files import make_folder, refuse_unsafe_target, write_safely
from sfcred.render._api import Document
from sfcred.shell import for_shell


def check_output(output: Path, *, separate: bool, secret: bool, force: bool) -> None:
    """Refuses a place that can't be written to, before anything secret is read.

    Args:
        output: The file, or with `separate` the folder.
        separate: Several files will be written.
        secret: They hold secrets.
        force: What may be overridden is.

    Raises:
        WriteRefused: With the reason.
    """
    if separate:
        if output.exists() and not output.is_dir():
            raise WriteRefused(f"{output}: is not a folder", hint="With --separate, -o is one.")
        output = output / "credentials.json"
    elif output.is_dir():
        raise WriteRefused(
            f"{output}: is a folder", hint="Name a file, or write one a credential: --separate."
        )
    if not separate and not output.absolute().parent.is_dir():
        raise WriteRefused(
            f"{output}: its folder does not exist",
            hint=f"Make it: mkdir -p {for_shell(output.parent)}",
        )
    if not separate or output.parent.is_dir():
        refuse_unsafe_target(output, force=force or separate, secret=secret)


def write_all(
    documents: Sequence[Document], output: Path, *, separate: bool, secret: bool, force: bool
) -> None:
    """Writes documents to a file, or each to a file of a folder.

    Raises:
        WriteRefused: A target exists, is a link, or git would take it; nothing was written.
        WriteError: The system refused.
    """
    paths = [output / document.name for document in documents] if separate else [output]
    if separate:
        make_folder(output, 0o700)
        if not force:
            _refuse_strangers(output, paths)
    for path in paths:
        refuse_unsafe_target(path, force=force, secret=secret)
    for path, document in zip(paths, documents, strict=True):
        write_safely(path, document.text, force=force, secret=secret)


def _refuse_strangers(folder: Path, own: Sequence[Path]) -> None:
    """n8n imports every *.json of the folder, and stops at one that is no credential."""
    strangers = sorted(set(folder.glob("*.json")) - set(own))
    if strangers:
        raise WriteRefused(
            f"{folder}: holds other JSON files ({strangers[0].name}), and n8n "
            "would import them, too",
            hint="Use an empty folder, or allow it with --force.",
        )
