"""Read the output of `n8n export:credentials`: arrays, single objects, encrypted data.

n8n 0.109 to 2.41 write an array, or with --separate and --backup one object per file. `data` is an
object with --decrypted, and n8n's ciphertext without.
"""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple


class StoredCredential(NamedTuple):
    """A credential in n8n. `data` contains its secrets."""

    id: str
    name: str
    type: str
    data: Mapping[str, object]

    def __repr__(self) -> str:
        return f"Stored({self.id!r}, {self.name!r}, {self.type!r}, ****)"


class NotRead(NamedTuple):
    """An entry that can't be read, and why. `name` is `?` if it is unknown."""

    name: str
    reason: str


class NotAnExport(ValueError):
    """A text that n8n did not write. The message says what it is, without its content."""


def read_export(
    text: str, decrypt: Callable[[str], str] | None
) -> list[StoredCredential | NotRead]:
    """Read an export.

    Args:
        text: A file's content.
        decrypt: Turns n8n's ciphertext into JSON, or raises ValueError with the reason in plain
            words. None if there is no key.

    Raises:
        NotAnExport: The text is not an export of credentials.
    """
    try:
        content = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise NotAnExport("it is not JSON") from None
    entries = [content] if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise NotAnExport("it is JSON, but not a credential or a list of credentials")
    return [_entry(entry, decrypt) for entry in entries]


def _entry(  # noqa: PLR0911 - a table of reasons
    entry: object, decrypt: Callable[[str], str] | None
) -> StoredCredential | NotRead:
    if not isinstance(entry, dict):
        return NotRead("?", "it is not an object")
    name = entry.get("name")
    shown = name if isinstance(name, str) and name else "?"
    kind, key = entry.get("type"), entry.get("id")
    if not isinstance(kind, str) or "data" not in entry:
        return NotRead(shown, "it has no type or no data; it could be a workflow")
    if isinstance(key, bool) or not isinstance(key, str | int | None):
        return NotRead(shown, "its id is neither a string nor a number")
    data = entry["data"]
    if isinstance(data, str):
        try:
            data = _decrypted(data, decrypt)
        except ValueError as reason:
            return NotRead(shown, str(reason))
    if not isinstance(data, dict):
        return NotRead(shown, "its data is not an object")
    if not is_text([data.get(field) for field in _SECRETS]):
        return NotRead("?", "it contains half a character (a lone surrogate)")
    return StoredCredential(str(key) if key is not None else "", shown, kind, data)


# These go into files unchanged. Other texts are escaped.
_SECRETS = ("clientId", "clientSecret", "privateKey", "oauthTokenData")


def is_text(content: object) -> bool:
    """Return whether all strings can be encoded: JSON's escapes can be half a character."""
    try:
        json.dumps(content, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _decrypted(text: str, decrypt: Callable[[str], str] | None) -> object:
    if decrypt is None:
        raise ValueError(
            "its data is encrypted: export with --decrypted, or provide n8n's encryption key"
        )
    plain = decrypt(text)
    try:
        return json.loads(plain)
    except (ValueError, RecursionError):
        raise ValueError("the encryption key is wrong") from None
