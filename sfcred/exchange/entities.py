"""Read the archive of `n8n export:entities`: n8n's database tables, in a zip file.

Every table is encrypted with n8n's key, page by page, one page of ciphertext per line. Decrypted, a
page has one row per line. In the table of credentials, `data` is encrypted once more (read in n8n
2.40.5, services/export.service.js).
"""

import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from sfcred.n8n.cipher import format_fault
from sfcred.n8n.export import Decrypt, Entries, NotAnExport, NotRead, read_entries

#: The name of the archive that n8n writes into its --outputDir.
ARCHIVE = "entities.zip"

# What Python's zipfile raises for files that it can't read: RuntimeError for protected ones.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, ValueError, RuntimeError, IndexError),
)
_MAGIC = b"PK\x03\x04"
_TABLE = re.compile(r"(?:.*/)?credentialsentity(?:\.[0-9]+)?\.jsonl")
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
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            tables = list(_tables(archive, limit))
    except NotAnExport:
        raise
    except _DAMAGED:
        raise NotAnExport("it is a damaged or protected zip file") from None
    if not tables:
        raise NotAnExport("it is a zip file, but not one of n8n export:entities")
    lines = [line for table in tables for line in table.splitlines() if line]
    return [entry for line in lines for entry in _page(line.decode("ascii", "replace"), decrypt)]


def _tables(archive: zipfile.ZipFile, limit: int) -> Iterator[bytes]:
    left = limit
    for name in archive.namelist():
        if _TABLE.fullmatch(name):
            with archive.open(name) as file:
                table = file.read(left + 1)
            left -= len(table)
            if left < 0:
                raise NotAnExport(f"its credentials have more than {limit // 1024**2} MB")
            yield table


def _page(line: str, decrypt: Decrypt | None) -> Entries:
    try:
        text = _plain(line, decrypt)
    except ValueError as reason:
        return [NotRead(ARCHIVE, str(reason))]
    try:
        rows = [json.loads(row) for row in text.split("\n") if row]
    except (ValueError, RecursionError):
        return [NotRead(ARCHIVE, "the encryption key is wrong")]
    return read_entries(rows, decrypt)


def _plain(line: str, decrypt: Decrypt | None) -> str:
    fault = format_fault(line) or ("" if decrypt else _NO_KEY)
    if decrypt is None or fault:
        raise ValueError(fault)
    return decrypt(line)
