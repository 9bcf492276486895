"""Find and read the files of an export: a file, a folder, an archive, or standard input."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import ReadError, UsageError, system_reason
from sfcred.exchange.entities import ARCHIVE, is_archive, read_archive
from sfcred.files import read_regular, read_standard_input
from sfcred.n8n.credential_types import ALL_TYPES
from sfcred.n8n.export import (
    MOST_ENTRIES,
    Decrypt,
    Entries,
    NotAnExport,
    NotRead,
    StoredCredential,
    decode_export,
    read_export,
)
from sfcred.paths import is_folder, is_there

#: The largest export that is read, in bytes. That is about ten thousand credentials.
LIMIT = 64 * 1024 * 1024

# How many places of entries with the same id are named.
_MOST_PLACES = 3

#: The folders that hold credentials below a backup's folder and in n8n's git repository.
_INNER = ("credentials", "credential_stubs")
_COMMAND = "n8n export:credentials --all --decrypted --output=FILE"


class ExportFiles(NamedTuple):
    """The entries of an export, and the files that they come from."""

    entries: Entries
    files: list[Path]


def read_files(source: str, decrypt: Decrypt | None) -> ExportFiles:
    """Read an export.

    Args:
        source: A file, a folder, or `-` for standard input.
        decrypt: As for read_export.

    Raises:
        UsageError: It doesn't exist, is too large, or is not an export. Of a folder, such a file
            becomes an entry that can't be read.
    """
    if source == "-":
        entries = _understood(_standard_input(), "standard input", decrypt)
        return ExportFiles(_of_credentials([("standard input", entries)], "standard input"), [])
    path = Path(source)
    if not is_folder(path):
        entries = _understood(_content(path), str(path), decrypt)
        return ExportFiles(_of_credentials([(str(path), entries)], str(path)), [path])
    files = _files_of(path)
    if not files:
        raise UsageError(
            f"{path}: contains no JSON files",
            hint="Pass the folder that n8n export:credentials wrote.",
        )
    read = [(str(file), _one_of_many(file, decrypt)) for file in files]
    return ExportFiles(_of_credentials(read, str(path)), files)


def _of_credentials(read: Sequence[tuple[str, Entries]], source: str) -> Entries:
    """Return the entries of an export, each once.

    Raises:
        UsageError: All of them are certainly something else, such as workflows. That is not an
            export without credentials, which would mean that n8n has none.
    """
    entries = _told_apart(read)
    others = [one for one in entries if isinstance(one, NotRead) and not one.is_credential]
    if others and len(others) == len(entries):
        raise _no_export(source, others[0].reason)
    return entries


def _no_export(where: str, reason: str) -> UsageError:
    return UsageError(
        f"{where}: not an export of n8n's credentials: {reason}",
        hint=f"Create one: {_COMMAND}.",
    )


def _told_apart(read: Sequence[tuple[str, Entries]]) -> Entries:
    """Return one entry per id. Entries that contradict each other count as one that can't be read.

    n8n has only one credential with an id, so nobody can tell which of them is right. The same
    entry can be there twice: exports of several days in one folder often are.

    Args:
        read: The places to name, with their entries.

    Raises:
        UsageError: There are too many.
    """
    groups: dict[str, list[tuple[StoredCredential | NotRead, str]]] = {}
    if sum(len(entries) for _where, entries in read) > MOST_ENTRIES:
        raise UsageError(
            f"the files have more than {MOST_ENTRIES:,} entries",
            hint="Pass them one by one, or export fewer credentials.",
        )
    for where, entries in read:
        for number, entry in enumerate(entries, 1):
            place = f"{where}, entry {number}"
            groups.setdefault(entry.id or f"\0{place}", []).append((entry, place))
    return [_one_of_group(group) for group in groups.values()]


def _one_of_group(
    group: list[tuple[StoredCredential | NotRead, str]],
) -> StoredCredential | NotRead:
    first = group[0][0]
    if all(entry == first for entry, _place in group):
        return first
    types = [entry.type for entry, _place in group]
    ours = next((one for one in types if one in ALL_TYPES), first.type)
    places = "; ".join(place for _entry, place in group[:_MOST_PLACES])
    reason = f"the export has its id {len(group)} times, with different content ({places})"
    return NotRead(first.name, reason, first.id, ours)


def _files_of(folder: Path) -> list[Path]:
    """Return the JSON files of a folder, and of the folders for credentials in it.

    `n8n export:credentials --backup` writes one file per credential, usually next to a folder of
    workflows. If nothing is found by these names, every folder below counts.
    """
    inner = [one for name in _INNER if is_folder(one := folder / name)]
    found = [file for place in (folder, *inner) for file in _exports_in(place)]
    if found:
        return found
    return [file for one in _listed(folder) if is_folder(one) for file in _exports_in(one)]


def _exports_in(folder: Path) -> list[Path]:
    """Return the files with an export's name. n8n's own import skips hidden ones, too."""
    return [one for one in _listed(folder) if one.suffix.lower() == ".json" or one.name == ARCHIVE]


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    except OSError as error:
        raise UsageError(
            f"{folder}: {system_reason(error)}", hint="Check the folder's permissions."
        ) from None


def _one_of_many(file: Path, decrypt: Decrypt | None) -> Entries:
    try:
        return _parsed(read_regular(file, LIMIT), decrypt)
    except NotAnExport as reason:
        return [NotRead(file.name, str(reason))]
    except ReadError as error:
        return [NotRead(file.name, error.message.removeprefix(f"{file}: "))]


def _understood(content: bytes, where: str, decrypt: Decrypt | None) -> Entries:
    try:
        return _parsed(content, decrypt)
    except NotAnExport as reason:
        raise _no_export(where, str(reason)) from None


def _parsed(content: bytes, decrypt: Decrypt | None) -> Entries:
    if is_archive(content):
        return read_archive(content, decrypt, LIMIT)
    return read_export(decode_export(content), decrypt)


def _standard_input() -> bytes:
    too_large = UsageError(
        f"standard input: more than {LIMIT // 1024**2} MB",
        hint="Export to several files: n8n export:credentials --all --separate.",
    )
    return read_standard_input(LIMIT, too_large)


def _content(file: Path) -> bytes:
    try:
        return read_regular(file, LIMIT)
    except ReadError as error:
        hint = error.hint if is_there(file) else f"Check the path, or create one: {_COMMAND}."
        raise UsageError(error.message, hint=hint) from None
