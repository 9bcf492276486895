"""n8n's ids and names of credentials.

An id that n8n makes itself is a nanoid of 16 characters from 0-9A-Za-z. Its public API takes
`[a-zA-Z0-9_-]{1,16}` (n8n 2.41.0), Postgres has 36 characters of room, and a slash breaks
`export:credentials --separate` half-way (n8n 2.40.5, run).
"""

import hashlib
import re

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 16


def derive_id(name: str) -> str:
    """The id that a credential gets if the spec gives none: the same for ever.

    Args:
        name: The spec's name.

    Returns:
        16 characters of 0-9A-Za-z, from the SHA-256 of the name.
    """
    digest = hashlib.sha256(b"sfcred credential id 1\n" + name.encode("utf-8", "surrogatepass"))
    number = int.from_bytes(digest.digest(), "big")
    characters = []
    for _ in range(_LENGTH):
        number, index = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[index])
    return "".join(characters)


def id_fault(text: str) -> str | None:
    """Why a text is no safe id, in words that say what breaks; None if it is one."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,16}", text):
        return None
    if "/" in text:
        return "it holds a slash, at which n8n's export to separate files stops half-way"
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        return "it holds other characters than letters, digits, _ and -, which n8n's API refuses"
    if not text:
        return "it is empty"
    if len(text) > 36:  # noqa: PLR2004 - the width of the column
        return "it is longer than the 36 characters that n8n's Postgres table has room for"
    return f"it has {len(text)} characters, and n8n's API takes at most {_LENGTH}"


def name_fault(text: str) -> str | None:
    """Why a text is no name for a credential in n8n, in words; None if it is one."""
    if len(text) < 3:  # noqa: PLR2004 - n8n's own rule
        return "it has fewer than the 3 characters that n8n demands"
    if len(text) > 128:  # noqa: PLR2004 - as above
        return "it has more than the 128 characters that n8n takes"
    return None
