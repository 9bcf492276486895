"""Mask values that look like secrets, and make control characters visible."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from sfcred.printable import one_line, printable

MASK = "****"
_SHORTEST_SECRET = 4
#: In bytes: what is shorter could stand in base64 by chance.
_SHORTEST_IN_BASE64 = 8
#: How often an answer's text may have been encoded in another encoding.
_DEEPEST_ENCODING = 3
# Percent-encoding, HTML's references, and the escapes of JSON and its relatives.
_ESCAPE = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[^A-Za-z0-9]|[nrt])",
    re.DOTALL,
)

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
    r"(?:localhost|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+\.?|\[[0-9A-Fa-f:.]+\])"
    r"(?::[0-9]{1,5}(?![0-9A-Za-z]))?(?:/[^\s?#]*)?(?:[?#]|$)"
)


def looks_secret(text: str) -> bool:
    """Return whether a text contains something that looks like a secret."""
    return re.search(_SECRET_SHAPES, text, re.DOTALL) is not None


def redact(text: str) -> str:
    """Mask what looks like a secret, and make control characters visible."""
    return printable(re.sub(_SECRET_SHAPES, MASK, text, flags=re.DOTALL))


def scrub(text: str, secrets: Iterable[str]) -> str:
    """Mask secrets that an answer could repeat, in upper or lower case, however they are encoded.

    It finds percent-encoding, HTML and JSON escapes, up to three levels deep, and base64. Call it
    before you shorten a text. Otherwise part of a secret could remain at its end. The time is
    proportional to the text, for each secret.

    Args:
        text: A complete text from another machine.
        secrets: The values that were sent. Values of less than four characters are not masked.
    """
    long = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
    plain = {_folded(secret) for secret in long}
    encoded = {form for secret in long for form in _base64_forms(secret)}
    spans: list[tuple[int, int]] = []
    reading: _Reading | None = _read_plainly(text)
    for _ in range(_DEEPEST_ENCODING + 1):
        if reading is None:
            break
        spans += _found(plain, reading)
        spans += [_with_neighbours(text, *span) for span in _found(encoded, reading)]
        reading = _decoded(reading)
    return _masked(text, spans)


class _Reading(NamedTuple):
    """A text as it reads after decoding; for each character, where it begins and ends there."""

    text: str
    begins: Sequence[int]
    ends: Sequence[int]


def _read_plainly(text: str) -> _Reading:
    return _Reading(text, range(len(text)), range(1, len(text) + 1))


def _decoded(reading: _Reading) -> _Reading | None:
    """Decode every escape once; None if there is none."""
    text, done = reading.text, 0
    parts: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    for match in _ESCAPE.finditer(text):
        start, end = match.span()
        meant = _meaning(match[0])
        parts += [text[done:start], meant]
        begins += [*reading.begins[done:start], *([reading.begins[start]] * len(meant))]
        ends += [*reading.ends[done:start], *([reading.ends[end - 1]] * len(meant))]
        done = end
    if not done:
        return None
    rest = _Reading(text[done:], reading.begins[done:], reading.ends[done:])
    return _Reading("".join([*parts, rest.text]), [*begins, *rest.begins], [*ends, *rest.ends])


def _meaning(escape: str) -> str:
    if escape[0] == "%":
        return unquote(escape, errors="replace")
    if escape[0] == "&":
        return unescape(escape)
    if escape[1] in "ux" and len(escape) > 2:  # noqa: PLR2004 - a backslash and a letter
        return chr(int.from_bytes(bytes.fromhex(escape[2:]), "big"))
    return {"n": "\n", "r": "\r", "t": "\t"}.get(escape[1], escape[1])


def _folded(text: str) -> str:
    """As texts are compared: a form writes a blank as +. The length stays."""
    folded = text.lower()
    if len(folded) != len(text):  # a few letters have two in lower case
        folded = "".join(letter.lower()[:1] for letter in text)
    return re.sub(r"[\s+]", " ", folded)


def _base64_forms(secret: str) -> Iterator[str]:
    """Yield a secret's base64 forms at each alignment, without what its neighbours change."""
    data = secret.encode("utf-8", "surrogatepass")
    if len(data) < _SHORTEST_IN_BASE64:
        return
    for before, changed in ((0, 0), (1, 2), (2, 3)):
        whole = b64encode(bytes(before) + data).decode()
        core = whole[changed : (before + len(data)) * 8 // 6]
        yield from {_folded(core), _folded(core.translate({43: "-", 47: "_"}))}


def _found(needles: Iterable[str], reading: _Reading) -> Iterator[tuple[int, int]]:
    """Yield where needles stand in the text that was read."""
    text = _folded(reading.text)
    for needle in needles:
        start = text.find(needle)
        while start >= 0:
            end = start + len(needle)
            yield reading.begins[start], reading.ends[end - 1]
            start = text.find(needle, end)


def _with_neighbours(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span in base64 by the signs that share bits with it, and the filling."""
    before = re.search(r"[A-Za-z0-9+/_-]{0,3}$", text[max(0, start - 3) : start])
    after = re.match(r"[A-Za-z0-9+/_-]{0,3}={0,2}", text[end : end + 5])
    return start - len(before[0] if before else ""), end + len(after[0] if after else "")


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start >= done:
            parts += [text[done:start], MASK]
        done = max(done, end)
    return "".join([*parts, text[done:]])


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
