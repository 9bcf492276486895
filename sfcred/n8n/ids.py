"""Ids and names of credentials in n8n.

n8n generates ids as nanoids of 16 characters from 0-9A-Za-z. Its public API accepts
`[a-zA-Z0-9_-]{1,16}` (n8n 2.41.0), Postgres has room for 36 characters, and a slash makes
`export:credentials --separate` fail halfway (tested with n8n 2.40.5).
"""

import hashlib
import re

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 16
#: The ids that n8n generates, or accepts over its API.
ID_PATTERN = "^[A-Za-z0-9_-]{1,16}$"
#: The ids that n8n's database has room for and that are safe in a URL, to match as a whole.
ID_FORM = "[A-Za-z0-9_-]{1,36}"
#: n8n's own rule for names that a person saves. Its import doesn't apply it.
SHORTEST_NAME = 3


def derive_id(name: str) -> str:
    """Return the id of a credential whose spec doesn't set one. It never changes.

    Args:
        name: The spec's name.

    Returns:
        16 characters from 0-9A-Za-z, derived from the SHA-256 of the name.
    """
    digest = hashlib.sha256(b"sfcred credential id 1\n" + name.encode("utf-8", "surrogatepass"))
    number = int.from_bytes(digest.digest(), "big")
    characters = []
    for _ in range(_LENGTH):
        number, index = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[index])
    return "".join(characters)


def id_fault(text: str) -> str | None:
    """Return why a text is not a safe id, and what would break; None if it is safe."""
    if re.fullmatch(ID_PATTERN, text):
        return None
    if "/" in text:
        return "it contains a slash, which makes n8n's export to separate files fail halfway"
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        return "it has characters other than letters, digits, _ and -, which n8n's API rejects"
    if not text:
        return "it is empty"
    if len(text) > 36:  # noqa: PLR2004 - the width of the column
        return "it is longer than the 36 characters that fit in n8n's Postgres table"
    return f"it has {len(text)} characters, and n8n's API accepts at most {_LENGTH}"


def name_fault(text: str) -> str | None:
    """Return why a text can't be the name of a credential in n8n; None if it can."""
    if len(text) < SHORTEST_NAME:
        return "it has fewer than the 3 characters that n8n requires"
    if len(text) > 128:  # noqa: PLR2004 - n8n's own rule
        return "it has more than the 128 characters that n8n allows"
    return None
