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
    """An entry that can't be read, and why.

    If the name is unknown, `name` is `?`, and `id` and `type` are empty. `is_credential` is false
    for entries that are certainly something else.
    """

    name: str
    reason: str
    id: str = ""
    type: str = ""
    is_credential: bool = True


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
        content = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise NotAnExport("it is not JSON") from None
    entries = [content] if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise NotAnExport("it is JSON, but not a credential or a list of credentials")
    return [_entry(entry, decrypt) for entry in entries]


def _entry(  # noqa: C901, PLR0911 - a table of reasons
    entry: object, decrypt: Callable[[str], str] | None
) -> StoredCredential | NotRead:
    if not isinstance(entry, dict):
        return NotRead("?", "it is not an object")
    head = _head(entry)
    if not head.type or "data" not in entry:
        reason = "it has no type or no data; it could be a workflow"
        return head._replace(reason=reason, is_credential=bool(head.type) or "data" in entry)
    if not _is_id(entry.get("id")):
        return head._replace(reason="its id is neither a string nor a number")
    data = entry["data"]
    if isinstance(data, str):
        try:
            data = _decrypted(data, decrypt)
        except ValueError as reason:
            return head._replace(reason=str(reason))
    if not isinstance(data, dict):
        return head._replace(reason="its data is not an object")
    if not is_text([data.get(field) for field in _SECRETS]):
        return head._replace(name="?", reason="it contains half a character (a lone surrogate)")
    if _has_repeated_field(entry, data):
        return head._replace(reason="it contains a field twice")
    return StoredCredential(head.id, head.name, head.type, data)


class _Repeating(dict[str, object]):
    """An object with a field that is there twice. Which one n8n would take is not known."""


def _has_repeated_field(entry: object, data: Mapping[str, object]) -> bool:
    objects = (entry, data, data.get("oauthTokenData"))
    return any(isinstance(one, _Repeating) for one in objects)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeating(found)


def _head(entry: Mapping[str, object]) -> NotRead:
    """Return everything about an entry but its data."""
    name, kind, key = entry.get("name"), entry.get("type"), entry.get("id")
    return NotRead(
        name if isinstance(name, str) and name else "?",
        "",
        str(key) if _is_id(key) and key is not None else "",
        kind if isinstance(kind, str) else "",
    )


def _is_id(key: object) -> bool:
    return isinstance(key, str | int | None) and not isinstance(key, bool)


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
        return json.loads(plain, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise ValueError("the encryption key is wrong") from None
