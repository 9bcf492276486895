"""Read the archive of `n8n export:entities`: n8n's database tables, in a zip file.

Every table is encrypted with n8n's key, page by page, one page of ciphertext per line. Decrypted, a
page has one row per line. In the table of credentials, `data` is encrypted once more (read in n8n
2.40.5, services/export.service.js).
"""

import io
import re
import zipfile
from collections.abc import Iterable

from sfcred.n8n.cipher import format_fault
from sfcred.n8n.export import (
    MOST_ENTRIES,
    Decrypt,
    Entries,
    NotAnExport,
    NotRead,
    parse_json,
    read_entries,
    too_many_entries,
)

#: The name of the archive that n8n writes into its --outputDir.
ARCHIVE = "entities.zip"

_MAGIC = b"PK\x03\x04"
# n8n has fewer than a hundred tables. Python keeps about a kilobyte per member in memory.
_MEMBER, _MOST_MEMBERS = b"PK\x01\x02", 10_000
# Python reads other methods (bzip2, LZMA) without a limit on what one step decompresses.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TABLE = re.compile(r"(?:.*/)?(credentialsentity(?:\.[0-9]+)?\.jsonl)")
_NO_KEY = "it is encrypted as a whole: provide n8n's encryption key (N8N_ENCRYPTION_KEY)"


def is_archive(content: bytes) -> bool:
    """Return whether a file is a zip archive."""
    return content.startswith(_MAGIC)


def read_archive(content: bytes, decrypt: Decrypt | None, limit: int) -> Entries:
    """Read the credentials in an archive.

    Args:
        content: The archive.
        decrypt: As for read_export.
        limit: The most bytes of a table, decompressed.

    Raises:
        NotAnExport: It is another zip file, is damaged, or is too large.
    """
    if content.count(_MEMBER) > _MOST_MEMBERS:
        raise NotAnExport(f"it is a zip file with more than {_MOST_MEMBERS:,} members")
    try:
        tables = _tables(content, limit)
    except NotAnExport:
        raise
    except Exception:  # noqa: BLE001 - zipfile raises about anything for what it can't read
        raise NotAnExport("it is a damaged or protected zip file") from None
    if not tables:
        raise NotAnExport("it is a zip file, but not one of n8n export:entities")
    if sum(table.count(b"\n") for table in tables) > MOST_ENTRIES:
        raise too_many_entries()
    lines = (line.rstrip(b"\r") for table in tables for line in table.split(b"\n"))
    return _entries((line.decode("ascii", "replace") for line in lines if line), decrypt)


def _tables(content: bytes, limit: int) -> list[bytes]:
    tables, left = [], limit
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [one for one in archive.infolist() if _TABLE.fullmatch(one.filename)]
        _require_unambiguous(members, len(content))
        for member in members:
            with archive.open(member) as file:
                table = file.read(left + 1)
            left -= len(table)
            if left < 0:
                raise NotAnExport(f"its credentials have more than {limit // 1024**2} MB")
            tables.append(table)
    return tables


def _require_unambiguous(members: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse members that n8n doesn't write, and those of which only one would end up on a disk.

    Raises:
        NotAnExport: The message gives the reason.
    """
    if any(one.compress_type not in _METHODS for one in members):
        raise NotAnExport("it is a zip file compressed in a way that n8n doesn't use")
    names = {_TABLE.sub(r"\1", one.filename) for one in members}
    if len(names) < len(members):
        raise NotAnExport("it is a zip file that has a table of credentials twice")
    # Members that overlap could make a small file take any time.
    if sum(one.compress_size for one in members) > size:
        raise NotAnExport("it is a damaged or protected zip file")


def _entries(lines: Iterable[str], decrypt: Decrypt | None) -> Entries:
    found: Entries = []
    for line in lines:
        found += _page(line, decrypt)
        if len(found) > MOST_ENTRIES:
            raise too_many_entries()
    return found


def _page(line: str, decrypt: Decrypt | None) -> Entries:
    try:
        text = _plain(line, decrypt)
    except ValueError as reason:
        return [NotRead(ARCHIVE, str(reason))]
    if text.count("\n") > MOST_ENTRIES:
        raise too_many_entries()
    try:
        rows = [parse_json(row) for row in text.split("\n") if row]
    except (ValueError, RecursionError):
        return [NotRead(ARCHIVE, "the encryption key is wrong")]
    return read_entries(rows, decrypt)


def _plain(line: str, decrypt: Decrypt | None) -> str:
    fault = format_fault(line) or ("" if decrypt else _NO_KEY)
    if decrypt is None or fault:
        raise ValueError(fault)
    return decrypt(line)
