"""Mask values that look like secrets, and make control characters visible."""

import re
from collections.abc import Callable
from functools import lru_cache

from sfcred.text.printable import one_line, printable

MASK = "****"

# What Salesforce's secrets and keys look like. 00D…! is a session or access token, and 5Aep861… a
# refresh token. A Consumer Secret has 64 hexadecimal digits, or 16 to 19 decimal digits if it is
# older.
_SECRET_SHAPES = (
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*"
    # (Shells need a backslash before the exclamation mark, and URLs write it as %21.)
    r"|00D[A-Za-z0-9]{12,15}(?:\\?!|%21)[A-Za-z0-9._-]{8,}"
    r"|5Aep[A-Za-z0-9._]{16,}"
    # Long runs of letters and digits: tokens, then lines of base64. Paths have slashes, and start
    # with one or have shorter runs.
    r"|(?<![\w/-])(?=[\w-]*[0-9])(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{40,}"
    r"|(?<![\w/+-])(?=[\w+/]*[0-9])(?=[\w+/]*[A-Z])[A-Za-z0-9+/]{60,}={0,2}"
    r"|(?<![0-9])[0-9]{16,19}(?![0-9])"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}[A-Za-z0-9._-]*"
    # The user name and password in a URL.
    r"|(?<=//)[^\s/@\"']+(?=@)"
)
#: The part of an address that may be shown: scheme, host, port and path. A user name, password,
#: query or fragment could be a secret, and so could a word that is not a host.
ADDRESS_FORM = (
    r"(?!.*[@\\])(?:[a-zA-Z]{2,8}://)?"
    r"(?:localhost|(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+\.?|\[[0-9A-Fa-f:.]+\])"
    r"(?::[0-9]{1,5}(?![0-9A-Za-z]))?(?:/[^\s?#]*)?(?:[?#]|$)"
)


def looks_secret(text: str) -> bool:
    """Return whether a text contains something that looks like a secret."""
    return re.search(_SECRET_SHAPES, text, re.DOTALL) is not None


def redact(text: str) -> str:
    """Mask what looks like a secret, and make control characters visible."""
    return printable(re.sub(_SECRET_SHAPES, MASK, text, flags=re.DOTALL))


def masker() -> Callable[[str], str]:
    """Return `redact` for texts that repeat: it remembers the last ones, as long as it exists.

    A cache of the module's would keep what can be a secret for as long as sfcred runs.
    """
    return lru_cache(maxsize=1024)(redact)


def show(value: object, limit: int = 80) -> str:
    """Return a value from a spec in quotes for a message: redacted, harmless, not too long."""
    text = one_line(redact(str(value)))
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"


def public_address(text: str) -> str:
    """Return an address with everything masked that may not be shown."""
    if not text:
        return ""
    match = re.match(ADDRESS_FORM, text)
    shown = text[: match.end()] if match else ""
    return redact(shown if shown == text else shown + MASK)


def show_address(text: str) -> str:
    """Return an address from a spec in quotes for a message, with the rest masked."""
    return show(public_address(text), 200)
