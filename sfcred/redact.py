"""What may be shown: values that look like secrets, and control characters, never are."""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote_plus

from sfcred.printable import one_line, printable

MASK = "****"
_SHORTEST_SECRET = 4

# The shapes of Salesforce's secrets, and of keys. Prefixes from Salesforce's own tokens:
# 00D…! is a session or access token, 5Aep861… a refresh token; a Consumer Secret is 64
# hexadecimal digits (older ones: 16 to 19 decimal digits).
_SECRET_SHAPES = (
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*"
    # (A shell wants a backslash before the mark, a URL writes it as %21.)
    r"|00D[A-Za-z0-9]{12,15}(?:\\?!|%21)[A-Za-z0-9._-]{8,}"
    r"|5Aep[A-Za-z0-9._]{16,}"
    # Long runs with letters and digits: tokens, then lines of base64. A path has slashes, and
    # begins with one or has shorter runs.
    r"|(?<![\w/-])(?=[\w-]*[0-9])(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{40,}"
    r"|(?<![\w/+-])(?=[\w+/]*[0-9])(?=[\w+/]*[A-Z])[A-Za-z0-9+/]{60,}={0,2}"
    r"|(?<![0-9])[0-9]{16,19}(?![0-9])"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}[A-Za-z0-9._-]*"
    # The user and password of a URL.
    r"|(?<=//)[^\s/@\"']+(?=@)"
)
#: What may be shown of an address: scheme, host, port and path, from its beginning. A user name, a
#: password, a query and a fragment may be secrets, and so may a word that is no host.
ADDRESS_FORM = (
    r"(?!.*[@\\])(?:[a-zA-Z]{2,8}://)?"
    r"(?:localhost|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+\.?|\[[0-9A-Fa-f:.]+\])"
    r"(?::[0-9]{1,5}(?![0-9A-Za-z]))?(?:/[^\s?#]*)?(?:[?#]|$)"
)


def looks_secret(text: str) -> bool:
    """Whether a text contains something of a secret's shape."""
    return re.search(_SECRET_SHAPES, text, re.DOTALL) is not None


def redact(text: str) -> str:
    """A text for people: secrets' shapes masked, control characters made visible."""
    return printable(re.sub(_SECRET_SHAPES, MASK, text, flags=re.DOTALL))


def scrub(text: str, secrets: Iterable[str]) -> str:
    """Mask secrets that an answer may repeat, also as they look in a form or in JSON.

    Do it before a text is cut: what is left of a secret at its end would stay.

    Args:
        text: A text from outside, whole.
        secrets: The values that were sent. Those of less than four characters are words.
    """
    spellings = {
        spelling
        for secret in secrets
        if len(secret) >= _SHORTEST_SECRET
        for spelling in (secret, quote_plus(secret, errors="replace"), json.dumps(secret)[1:-1])
    }
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, MASK)
    return text


def show(value: object, limit: int = 80) -> str:
    """A value from a spec, quoted for a message: redacted, harmless, not too long."""
    text = one_line(redact(str(value)))
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"


def public_address(text: str) -> str:
    """Return as much of an address as may be shown; the rest is masked."""
    if not text:
        return ""
    match = re.match(ADDRESS_FORM, text)
    shown = text[: match.end()] if match else ""
    return redact(shown if shown == text else shown + MASK)


def show_address(text: str) -> str:
    """Quote an address from a spec for a message: as much of it as may be shown."""
    return show(public_address(text), 200)
