"""Read exports of n8n's credentials from files, folders or standard input."""

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import ReadError, SecretUnavailable, Unreadable, UsageError
from sfcred.files import read_regular, read_standard_input
from sfcred.n8n.credential_types import JWT, OAUTH2
from sfcred.n8n.export import NotAnExport, NotRead, StoredCredential, read_export
from sfcred.paths import is_folder
from sfcred.printable import one_line
from sfcred.redact import redact

#: The largest export that is read, in bytes. That is about ten thousand credentials.
LIMIT = 64 * 1024 * 1024


class Export(NamedTuple):
    """The content of an export.

    Attributes:
        salesforce: Its Salesforce credentials, decrypted.
        others: The names and types of its other credentials.
        not_read: Entries that could not be read, with the reason.
    """

    salesforce: list[StoredCredential]
    others: list[tuple[str, str]]
    not_read: list[NotRead]

    @property
    def not_compared(self) -> list[NotRead]:
        """Entries that can't be read and may be Salesforce credentials."""
        kinds = (JWT, OAUTH2, "")
        return [one for one in self.not_read if one.is_credential and one.type in kinds]


def load_export(source: str, environ: Mapping[str, str] = os.environ) -> Export:
    """Read an export.

    Args:
        source: A file, a folder written with `--separate` or `--backup`, or `-` for standard input.
        environ: The environment, which has n8n's encryption key if the data is encrypted.

    Raises:
        UsageError: It doesn't exist, is too large, or is not an export.
    """
    decrypt = _decryptor(environ)
    entries = [entry for text, where in _texts(source) for entry in _read(text, where, decrypt)]
    stored = [entry for entry in entries if isinstance(entry, StoredCredential)]
    return Export(
        [entry for entry in stored if entry.type in (JWT, OAUTH2)],
        [(entry.name, entry.type) for entry in stored if entry.type not in (JWT, OAUTH2)],
        [entry for entry in entries if isinstance(entry, NotRead)],
    )


def has_token(entry: StoredCredential) -> bool:
    """Return whether an OAuth2 credential is connected, which means that n8n has a token for it."""
    tokens = entry.data.get("oauthTokenData")
    return isinstance(tokens, dict) and bool(
        tokens.get("refresh_token") or tokens.get("access_token")
    )


def tokens_of(export: Export, ids: Collection[str]) -> dict[str, Mapping[str, object]]:
    """Return the tokens of an export's connected credentials, by n8n's ids.

    They are secrets, in the format of `RenderOptions.tokens`.

    Args:
        export: The export.
        ids: n8n's ids of the credentials that the tokens are for.

    Raises:
        Unreadable: One of these can't be read. Without its tokens it would be disconnected.
    """
    for entry in export.not_compared:
        if entry.id in ids or not entry.id:
            raise Unreadable(
                f"the export's entry {one_line(redact(entry.name))} can't be read: {entry.reason}",
                hint="Export it again: n8n export:credentials --all --decrypted --output=FILE.",
            )
    tokens = {one.id: one.data.get("oauthTokenData") for one in export.salesforce if has_token(one)}
    return {key: value for key, value in tokens.items() if isinstance(value, dict)}


def _texts(source: str) -> list[tuple[str, str]]:
    if source == "-":
        return [(_standard_input(), "standard input")]
    path = Path(source)
    files = [path]
    if is_folder(path):
        files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".json")
    if not files:
        raise UsageError(
            f"{path}: contains no JSON files",
            hint="Pass the folder that n8n export:credentials wrote.",
        )
    return [(_text(file), str(file)) for file in files]


def _standard_input() -> str:
    too_large = UsageError(
        f"standard input: more than {LIMIT // 1024**2} MB",
        hint="Export to several files: n8n export:credentials --all --separate.",
    )
    return read_standard_input(LIMIT, too_large).decode("utf-8", "replace")


def _text(file: Path) -> str:
    try:
        return read_regular(file, LIMIT).decode("utf-8", "replace")
    except ReadError as error:
        raise UsageError(error.message, hint=error.hint) from None


def _read(
    text: str, where: str, decrypt: Callable[[str], str] | None
) -> list[StoredCredential | NotRead]:
    try:
        return read_export(text, decrypt)
    except NotAnExport as reason:
        raise UsageError(
            f"{where}: not an export of n8n's credentials: {reason}",
            hint="Create one: n8n export:credentials --all --decrypted --output=FILE. Without "
            "--output, n8n mixes its log into it.",
        ) from None


def _decryptor(environ: Mapping[str, str]) -> Callable[[str], str] | None:
    from sfcred.n8n.encryption_key import read_encryption_key

    try:
        key = read_encryption_key(environ, Path())
    except SecretUnavailable:
        return None

    def decrypt(text: str) -> str:
        from sfcred.n8n.cipher import decrypt as with_key

        return with_key(text, key.get_secret_value())

    return decrypt
