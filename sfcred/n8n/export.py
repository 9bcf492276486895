"""Read what n8n writes about its credentials.

n8n 0.109 to 2.41 export an array, or with --separate and --backup one object per file. `data` is an
object with --decrypted, and n8n's ciphertext without. Files with the same fields but without the
secrets are recognized, too: stubs of source control, packages, and answers of n8n's APIs.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sfcred.n8n.credential_types import ALL_TYPES

#: Turns n8n's ciphertext into JSON, or raises ValueError with the reason in plain words.
Decrypt = Callable[[str], str]

#: The most credentials in an export. Each takes about a kilobyte of memory, however short it is.
MOST_ENTRIES = 100_000

#: What n8n's editor gets in place of a secret (n8n-workflow 2.40.1, CREDENTIAL_BLANKING_VALUE).
_BLANK = "__n8n_BLANK_VALUE_"
_UNNAMED = "?"
_GZIP = b"\x1f\x8b"
_TWICE = "it contains a field twice"
_START = re.compile(r"^[ \t]*[\[{]", re.MULTILINE)
_AROUND = "it is inside another object: pass a list of credentials, as n8n writes it"
_NO_KEY = "its data is encrypted: export with --decrypted, or provide n8n's encryption key"


class StoredCredential(NamedTuple):
    """A credential in n8n. `data` contains its secrets.

    `id` and `name` are empty if the entry has none. `was_plain` tells whether the export had the
    data unencrypted.
    """

    id: str
    name: str
    type: str
    data: Mapping[str, object]
    was_plain: bool = True

    def __repr__(self) -> str:
        return f"StoredCredential({self.id!r}, {self.name!r}, {self.type!r}, ****)"


class NotRead(NamedTuple):
    """An entry that can't be read, and why.

    If the name is unknown, `name` is `?`, and `id` and `type` are empty. `is_credential` is false
    for entries that are certainly something else.
    """

    name: str
    reason: str
    id: str = ""
    type: str = ""
    is_credential: bool = True


#: What an export consists of.
Entries = list[StoredCredential | NotRead]


class NotAnExport(ValueError):
    """A text that n8n did not write. The message says what it is, without its content."""


def decode_export(content: bytes) -> str:
    """Return the text of an export, whatever wrote it.

    Windows PowerShell's `>` writes UTF-16, and other programs add a byte order mark.

    Raises:
        NotAnExport: It is compressed, or neither UTF-8 nor UTF-16.
    """
    if content.startswith(_GZIP):
        raise NotAnExport("it is compressed: unpack it first")
    try:
        return content.decode(encoding_of(content))
    except UnicodeDecodeError:
        raise NotAnExport("it is neither UTF-8 nor UTF-16") from None


def encoding_of(content: bytes) -> str:
    """Return the encoding of a JSON text by its beginning: UTF-8, UTF-16 or UTF-32."""
    encoding = json.detect_encoding(content[:4])
    return "utf-8-sig" if encoding == "utf-8" else encoding


def read_export(text: str, decrypt: Decrypt | None) -> Entries:
    """Read an export.

    Args:
        text: A file's content.
        decrypt: Decrypts n8n's ciphertext. None if there is no key.

    Raises:
        NotAnExport: The text is not an export of credentials.
    """
    if not text.strip("\ufeff \t\r\n"):
        raise NotAnExport("it is empty")
    content = _unwrapped(_json_in(text.removeprefix("\ufeff")))
    entries = [content] if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise NotAnExport("it is JSON, but not a credential or a list of credentials")
    return read_entries(entries, decrypt)


def read_entries(entries: Sequence[object], decrypt: Decrypt | None) -> Entries:
    """Read credentials that `parse_json` has parsed.

    The arguments and errors are those of `read_export`.
    """
    if len(entries) > MOST_ENTRIES:
        raise too_many_entries()
    return [found for entry in entries for found in _read(entry, decrypt)]


def too_many_entries() -> NotAnExport:
    """Return the error for an export with more credentials than are read."""
    return NotAnExport(f"it has more than {MOST_ENTRIES:,} entries")


def parse_json(text: str) -> object:
    """Return the JSON in a text. Objects with a field that is there twice are kept apart.

    Raises:
        ValueError: It is not JSON.
        RecursionError: It is nested too deep.
    """
    return json.loads(text, object_pairs_hook=_object)


def _json_in(text: str) -> object:
    """Return the JSON in a text. If n8n's output was redirected, lines of its log are around it.

    n8n 2.40.5 and 2.41.1 begin with "Legacy aes-256-cbc encryption key not found".

    Raises:
        NotAnExport: There is none, or more than one.
    """
    start = _START.search(text)
    decoder = json.JSONDecoder(object_pairs_hook=_object)
    try:
        if start is None:
            return decoder.decode(text)
        content, end = decoder.raw_decode(text, start.end() - 1)
    except (ValueError, RecursionError):
        raise NotAnExport("it is not JSON") from None
    if _START.search(text, end) or text[end : end + 1] not in ("", "\n", "\r", " ", "\t"):
        raise NotAnExport("it is not JSON")
    return content


def _unwrapped(content: object) -> object:
    """Return what an answer of n8n's API wraps in `data`: one credential, or a page of them."""
    if not isinstance(content, dict) or "type" in content or "name" in content:
        return content
    if isinstance(content, _Repeating):
        raise NotAnExport(_TWICE)
    if content.get("nextCursor"):
        raise NotAnExport("it is one page of a list from n8n's API, without the next ones")
    inner = content.get("data")
    if isinstance(inner, list) or (isinstance(inner, dict) and "type" in inner):
        return inner
    return content


def _read(entry: object, decrypt: Decrypt | None) -> Entries:
    if isinstance(entry, _Repeating):
        return _twofold(entry)
    if isinstance(entry, dict) and "type" not in entry and (inner := list(_heads_in(entry))):
        return list(inner)
    return [_entry(entry, decrypt)]


def _heads_in(around: Mapping[str, object]) -> Iterator[NotRead]:
    """Yield the credentials anywhere in an object, which n8n doesn't write like that."""
    left: list[object] = list(around.values())
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if "data" in one and one.get("type") in ALL_TYPES:
                yield _head(one)._replace(reason=_AROUND)
            left += one.values()
        elif isinstance(one, list):
            left += one


def _twofold(entry: "_Repeating") -> Entries:
    """Return what an entry with a field that is there twice may be: one for each of its ids."""
    heads = {_head({**entry, "id": key}).id: None for key in entry.all("id") or [None]}
    head = _head(entry)._replace(reason=_TWICE, is_credential=_is_credential(entry))
    if len(entry.all("type")) > 1:
        head = head._replace(type="")  # it may be one of Salesforce's
    return [head._replace(id=key) for key in heads]


def _entry(entry: object, decrypt: Decrypt | None) -> StoredCredential | NotRead:
    if not isinstance(entry, dict):
        return NotRead(_UNNAMED, "it is not an object")
    head = _head(entry)
    if reason := _why_no_export(entry, head):
        return head._replace(reason=reason, is_credential=_is_credential(entry))
    data = entry["data"]
    try:
        plain = _decrypted(data, decrypt) if isinstance(data, str) else data
    except ValueError as error:
        return head._replace(reason=str(error))
    if not isinstance(plain, dict):
        return head._replace(reason="its data is not an object")
    if reason := _why_no_values(plain):
        return head._replace(reason=reason)
    name = "" if head.name == _UNNAMED else head.name
    return StoredCredential(head.id, name, head.type, plain, was_plain=not _is_ciphertext(data))


def _is_ciphertext(data: object) -> bool:
    return isinstance(data, str) and not data.lstrip().startswith("{")


def _is_credential(entry: Mapping[str, object]) -> bool:
    """Return whether an entry may be a credential, even if something else is wrong with it."""
    head = _head(entry)
    return "data" in entry or bool(head.type and head.id)


class _Repeating(dict[str, object]):
    """An object with a field that is there twice. Which one n8n would take is not known."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def all(self, field: str) -> list[object]:
        """Return every value of a field."""
        return [value for name, value in self._pairs if name == field]


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeating(pairs)


def _repeats(content: object) -> bool:
    """Return whether a field is there twice, at any depth."""
    left = [content]
    while left:
        one = left.pop()
        if isinstance(one, _Repeating):
            return True
        if isinstance(one, dict | list):
            left += one.values() if isinstance(one, dict) else one
    return False


def _why_no_export(entry: Mapping[str, object], head: NotRead) -> str:
    """Return why an entry doesn't contain a credential's data; empty if it seems to."""
    if not is_text(entry):
        return "it contains half a character (a lone surrogate)"
    if not head.type:
        return "it has no type; it could be a workflow"
    if not _is_id(entry.get("id")):
        return "its id is neither a string nor a number"
    if "ownedBy" in entry:
        return "it is a stub of n8n's source control, which has no secrets"
    if "data" not in entry:
        return "it has no data: n8n's API and packages leave it out; use export:credentials"
    return "its data is null" if entry["data"] is None else ""


def _head(entry: Mapping[str, object]) -> NotRead:
    """Return everything about an entry but its data."""
    key = entry.get("id")
    name, kind = (
        value if isinstance(value := entry.get(field), str) and is_text(value) else ""
        for field in ("name", "type")
    )
    shown = str(key) if _is_id(key) and key is not None and is_text(key) else ""
    return NotRead(name or _UNNAMED, "", shown, kind)


def _is_id(key: object) -> bool:
    return isinstance(key, str | int | None) and not isinstance(key, bool)


def _why_no_values(data: Mapping[str, object]) -> str:
    """Return why the values of an entry can't be known; empty if they can."""
    if _repeats(data):
        return _TWICE
    return "n8n's editor left out its secrets: use export:credentials" if _is_blanked(data) else ""


def _is_blanked(data: Mapping[str, object]) -> bool:
    blank = any(isinstance(value, str) and value.startswith(_BLANK) for value in data.values())
    return blank or data.get("oauthTokenData") is True


def is_text(content: object) -> bool:
    """Return whether all strings can be encoded: JSON's escapes can be half a character."""
    try:
        json.dumps(content, ensure_ascii=False).encode("utf-8")
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def _decrypted(text: str, decrypt: Decrypt | None) -> object:
    from sfcred.n8n.cipher import format_fault

    if not _is_ciphertext(text):  # from a program that wrote it as text
        return _plain_json(text)
    if fault := format_fault(text):
        raise ValueError(fault)
    if decrypt is None:
        raise ValueError(_NO_KEY)
    plain = decrypt(text)
    try:
        return parse_json(plain)
    except (ValueError, RecursionError):
        raise ValueError("the encryption key is wrong") from None


def _plain_json(text: str) -> object:
    try:
        return parse_json(text)
    except (ValueError, RecursionError):
        raise ValueError("its data is neither encrypted nor JSON") from None
