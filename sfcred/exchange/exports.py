"""Reads exports from files, folders and standard input."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import ReadError, SecretUnavailable, UsageError
from sfcred.files import read_regular
from sfcred.n8n.credential_types import JWT, OAUTH2
from sfcred.n8n.export import NotAnExport, NotRead, Stored, read_export
from sfcred.paths import is_folder

#: The most that an export may hold, in bytes: some ten thousand credentials.
LIMIT = 64 * 1024 * 1024


class Export(NamedTuple):
    """What an export holds.

    Attributes:
        salesforce: Its Salesforce credentials.
        others: Names and types of the other credentials.
        not_read: What can't be understood, with the reason.
    """

    salesforce: list[Stored]
    others: list[tuple[str, str]]
    not_read: list[NotRead]


def load_export(source: str, environ: Mapping[str, str] = os.environ) -> Export:
    """Reads an export.

    Args:
        source: A file, a folder of `--separate` or `--backup`, or `-` for standard input.
        environ: Where n8n's encryption key may be, for data that is encrypted.

    Raises:
        UsageError: It is no export, or there is none.
    """
    decrypt = _decryptor(environ)
    entries = [entry for text, where in _texts(source) for entry in _read(text, where, decrypt)]
    stored = [entry for entry in entries if isinstance(entry, Stored)]
    return Export(
        [entry for entry in stored if entry.type in (JWT, OAUTH2)],
        [(entry.name, entry.type) for entry in stored if entry.type not in (JWT, OAUTH2)],
        [entry for entry in entries if isinstance(entry, NotRead)],
    )


def _texts(source: str) -> list[tuple[str, str]]:
    if source == "-":
        return [(sys.stdin.buffer.read(LIMIT).decode("utf-8", "replace"), "standard input")]
    path = Path(source)
    files = sorted(path.glob("*.json")) if is_folder(path) else [path]
    if not files:
        raise UsageError(
            f"{path}: holds no JSON files", hint="Name the folder of n8n export:credentials."
        )
    return [(_text(file), str(file)) for file in files]


def _text(file: Path) -> str:
    try:
        return read_regular(file, LIMIT).decode("utf-8", "replace")
    except ReadError as error:
        raise UsageError(error.message, hint=error.hint) from None


def _read(text: str, where: str, decrypt: Callable[[str], str] | None) -> list[Stored | NotRead]:
    try:
        return read_export(text, decrypt)
    except NotAnExport as reason:
        raise UsageError(
            f"{where}: is no export of n8n's credentials: {reason}",
            hint="Make one: n8n export:credentials --all --decrypted --output=FILE. Without "
            "--output n8n mixes its log into it.",
        ) from None


def _decryptor(environ: Mapping[str, str]) -> Callable[[str], str] | None:
    from sfcred.n8n.encryption_key import read_instance_key

    try:
        key = read_instance_key(environ)
    except SecretUnavailable:
        return None

    def decrypt(text: str) -> str:
        from sfcred.n8n.cipher import decrypt as with_key

        return with_key(text, key.get_secret_value())

    return decrypt
