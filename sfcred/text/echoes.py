"""Mask secrets that an answer repeats, whatever its case and encoding.

A text and a secret are compared in one normal form: every letter in the one case that all of its
cases have in common, decomposed, and every blank as a space. What is encoded is
decoded first, over and over: percent-encoding, the escapes of HTML, JSON and their relatives, and
base64. Each letter of a decoded text knows where it was written.

A secret can itself read like something encoded. So each kind of escape is also decoded alone, and
the secret is compared in its decoded forms, too.

An answer can also repeat only a part of a secret, or put blanks and line breaks into it. So each
run of signs that is as long as `_PIECE` is compared on its own, without white space.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from sfcred.text.redact import MASK

_SHORTEST_SECRET = 4
#: In bytes. If the case of base64 was changed, shorter values could match it by chance.
_SHORTEST_IN_BASE64 = 6
#: How many signs of a secret in a row are masked, and how many a shorter secret needs to be found
#: with blanks in it.
_PIECE, _SHORTEST_PIECE = 12, 8
#: How often an answer's text may have been encoded in another encoding.
_DEEPEST_ENCODING = 3
#: The same, if each is decoded alone.
_DEEPEST_KINDS = 2
#: How much of a text is searched if only its beginning is shown, in characters. Real ones are much
#: shorter, and the search takes seconds per megabyte, for each secret. At its end, there can be a
#: piece of a secret that is too short to be found.
_MOST_SEARCHED, _UNSURE = 16 * 1024, 256
_MOST_UNICODE = 0x10FFFF
# A reference of HTML's may lack its semicolon. Then a digit after it may belong to it, or to the
# text: browsers take all digits, and whoever wrote it may have meant two or three.
_ALL_DIGITS = r"&#(?:[xX][0-9A-Fa-f]{1,10}|[0-9]{1,10});?"
_FEW_DIGITS = (
    r"&#(?:[xX]0*(?:[0-9A-Fa-f]{1,10};|[2-7][0-9A-Fa-f])"
    r"|0*(?:[0-9]{1,10};|1[0-2][0-9]|[3-9][0-9]))"
)
_NAME = r"&[A-Za-z][A-Za-z0-9]{1,31};?"
_PERCENT = r"(?:%[0-9A-Fa-f]{2})+"
# Another case makes U of JSON's u, which has four digits, and u of Python's U, which has eight.
_BACKSLASH = (
    r"\\(?:(?:U(?:000[0-9A-Fa-f]|0010)|u000[0-2])[0-9A-Fa-f]{4}"
    r"|[uU][0-9A-Fa-f]{4}|[uU]\{[0-9A-Fa-f]{1,8}\})"
    r"|(?:\\[xX][0-9A-Fa-f]{2})+|(?:\\[0-3][0-7]{2})+"
    r"|\\(?:[^A-Za-z0-9]|[nrtbfNRTBF])"
)
_HTML = tuple(f"{one}|{_NAME}" for one in (_ALL_DIGITS, _FEW_DIGITS))
_KINDS = tuple(re.compile(one, re.DOTALL) for one in (_PERCENT, *_HTML, _BACKSLASH))
_ESCAPES = tuple(
    re.compile(f"{_PERCENT}|{reference}|{_BACKSLASH}", re.DOTALL) for reference in _HTML
)
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
# Lines as MIME has them count as one.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+(?:\r?\n[A-Za-z0-9+/_-]+)*")
_SHORTEST_BASE64 = 6
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def scrub(text: str, secrets: Iterable[str]) -> str:
    """Mask secrets that an answer could repeat, in upper or lower case, however they are encoded.

    It decodes percent-encoding and the escapes of HTML and JSON, up to three levels deep, and
    base64 of any of these. It masks pieces of 12 signs, too, and finds secrets with white space in
    them. Call it before you shorten a text. Otherwise part of a secret could
    remain at its end. The time is proportional to the text, for each secret.

    Args:
        text: A complete text from another machine.
        secrets: The values that were sent. Values of less than four characters are not masked.
    """
    long = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
    plain = {form for secret in long for form in _forms(secret)}
    pieces = _pieces(plain)
    # For base64 that can't be decoded, because its case was changed.
    encoded = {form for secret in long for form in _base64_forms(secret)}
    spans: list[tuple[int, int]] = []
    for reading in _readings(text) if long else ():
        normal = _in_normal_form(reading)
        spans += _found(plain, normal)
        spans += _found_pieces(pieces, normal)
        spans += [_with_neighbours(text, *span) for span in _found(encoded, normal)]
    return _masked(text, spans)


def scrub_start(text: str, secrets: Iterable[str]) -> str:
    """Return the beginning of a text of any length, masked as by `scrub`.

    Args:
        text: A complete text from another machine.
        secrets: The values that were sent.
    """
    if len(text) <= _MOST_SEARCHED:
        return scrub(text, secrets)
    return scrub(text[:_MOST_SEARCHED], secrets)[:-_UNSURE]


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret in its normal form, and each way that it could read as something encoded."""
    yield _normal(secret)
    for reading in _unescaped(_as_written(secret)):
        if len(reading.text) >= _SHORTEST_SECRET:
            yield _in_normal_form(reading).text


class _Reading(NamedTuple):
    """A text as it reads after decoding; for each character, where it begins and ends there."""

    text: str
    begins: Sequence[int]
    ends: Sequence[int]


def _readings(text: str) -> Iterator[_Reading]:
    """Yield the text in each way that it can be read."""
    written = _as_written(text)
    yield from _layers(written, {text}, _DEEPEST_KINDS)
    for reading in _unescaped(written):
        yield reading
        for inner in _from_base64(reading):
            yield from _unescaped(inner)
            yield from _layers(inner, {inner.text}, 1)
            yield from _from_base64(inner)


def _as_written(text: str) -> _Reading:
    return _Reading(text, range(len(text)), range(1, len(text) + 1))


def _unescaped(reading: _Reading) -> Iterator[_Reading]:
    """Yield the text, and the text with its escapes decoded once, twice and so on."""
    yield reading
    done = {reading.text}
    for escapes in _ESCAPES:
        deeper = reading
        for _ in range(_DEEPEST_ENCODING):
            deeper = _decoded(deeper, escapes)
            if deeper.text not in done:
                done.add(deeper.text)
                yield deeper


def _layers(reading: _Reading, done: set[str], deepest: int) -> Iterator[_Reading]:
    """Yield what a text means if it was encoded in one way after another, each of them whole."""
    for kind in _KINDS if deepest else ():
        inner = _decoded(reading, kind)
        if inner.text not in done:
            done.add(inner.text)
            yield inner
            yield from _layers(inner, done, deepest - 1)


def _decoded(reading: _Reading, escapes: re.Pattern[str]) -> _Reading:
    """Decode every escape once."""
    text, done = reading.text, 0
    parts: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    for match in escapes.finditer(text):
        start, end = match.span()
        meant = _meaning(match[0])
        parts += [text[done:start], meant]
        begins += [*reading.begins[done:start], *([reading.begins[start]] * len(meant))]
        ends += [*reading.ends[done:start], *([reading.ends[end - 1]] * len(meant))]
        done = end
    if not done:
        return reading
    parts.append(text[done:])
    begins += reading.begins[done:]
    ends += reading.ends[done:]
    return _Reading("".join(parts), begins, ends)


def _meaning(escape: str) -> str:  # noqa: PLR0911 - a table of notations
    if escape[0] == "%":
        return _from_bytes(unquote_to_bytes(escape))
    if escape[0] == "&":
        # HTML replaces halves of characters, but somebody may put two of them together.
        number = re.fullmatch(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));?", escape)
        if number is None:
            return _named(escape)
        return _sign(int(number[1], 16) if number[1] else int(number[2]))
    kind = escape[1].lower() if len(escape) > 2 else ""  # noqa: PLR2004 - a backslash and a letter
    if kind == "u":
        return _sign(int(escape[2:].strip("{}"), 16))
    if kind == "x":
        return _from_bytes(bytes.fromhex(escape.lower().replace("\\x", "")))
    if escape[1].isdigit():
        return _from_bytes(bytes(int(one, 8) for one in escape.split("\\")[1:]))
    return _CONTROLS.get(escape[1].lower(), escape[1])


@lru_cache(maxsize=4096)
def _named(reference: str) -> str:
    """Return what a name of HTML's stands for, whatever happened to its case."""
    meant = unescape(reference)
    if meant != reference:
        return meant
    return _names().get(reference[1:].lower()) or unescape(reference.lower())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return HTML's names in lower case. A name that is in lower case wins."""
    from html.entities import html5

    return {name.lower(): html5.get(name.lower(), meant) for name, meant in html5.items()}


def _sign(number: int) -> str:
    return chr(number) if number <= _MOST_UNICODE else "\ufffd"


def _from_bytes(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("latin-1")


# -- base64


def _from_base64(reading: _Reading) -> Iterator[_Reading]:
    """Yield what base64 in a text means, from each of the four signs that it can begin with."""
    found = [m for m in _BASE64.finditer(reading.text) if len(m[0]) >= _SHORTEST_BASE64]
    for offset in range(4) if found else ():
        meant = [_meant_by(match, offset, reading) for match in found]
        yield _Reading(
            "".join(one.text for one in meant),
            [at for one in meant for at in one.begins],
            [at for one in meant for at in one.ends],
        )


def _meant_by(match: re.Match[str], offset: int, reading: _Reading) -> _Reading:
    """Decode one piece of base64. A line feed keeps it from the next one."""
    places = [at for at in range(*match.span()) if reading.text[at] not in "\r\n"][offset:]
    text = _base64_decoded("".join(reading.text[at] for at in places))
    sizes = [len(sign.encode("utf-8", "surrogateescape")) for sign in text]
    after = list(accumulate(sizes))
    first = [places[(end - size) * 8 // 6] for end, size in zip(after, sizes, strict=True)]
    last = [places[(end * 8 - 1) // 6] for end in after]
    return _Reading(
        f"{text}\n",
        [reading.begins[at] for at in (*first, match.end() - 1)],
        [reading.ends[at] for at in (*last, match.end() - 1)],
    )


def _base64_decoded(signs: str) -> str:
    whole = signs[: len(signs) - (len(signs) % 4 == 1)]
    data = b64decode(whole.translate({45: "+", 95: "/"}) + "=" * (-len(whole) % 4))
    return data.decode("utf-8", "surrogateescape")


def _base64_forms(secret: str) -> Iterator[str]:
    """Yield a secret's base64 forms at each alignment, without what its neighbours change."""
    data = secret.encode("utf-8", "surrogatepass")
    if len(data) < _SHORTEST_IN_BASE64:
        return
    for before, changed in ((0, 0), (1, 2), (2, 3)):
        whole = b64encode(bytes(before) + data).decode()
        core = whole[changed : (before + len(data)) * 8 // 6]
        yield from {_normal(core), _normal(core.translate({43: "-", 47: "_"}))}


def _with_neighbours(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span in base64 by the signs that share bits with it, and the filling."""
    before = re.search(r"[A-Za-z0-9+/_-]{0,3}$", text[max(0, start - 3) : start])
    after = re.match(r"[A-Za-z0-9+/_-]{0,3}={0,2}", text[end : end + 5])
    return start - len(before[0] if before else ""), end + len(after[0] if after else "")


# -- the normal form


def _normal(text: str) -> str:
    return "".join(map(_normal_sign, text))


def _in_normal_form(reading: _Reading) -> _Reading:
    reading = _with_halves_joined(reading)
    signs = [_normal_sign(sign) for sign in reading.text]
    if all(len(sign) == 1 for sign in signs):
        return reading._replace(text="".join(signs))
    begins = [at for sign, at in zip(signs, reading.begins, strict=True) for _ in sign]
    ends = [at for sign, at in zip(signs, reading.ends, strict=True) for _ in sign]
    return _Reading("".join(signs), begins, ends)


def _with_halves_joined(reading: _Reading) -> _Reading:
    """JSON writes a character beyond the first 65,536 as two halves (surrogates)."""
    pairs = list(_HALVES.finditer(reading.text))
    if not pairs:
        return reading
    firsts = {match.start() for match in pairs}
    kept = [at for at in range(len(reading.text)) if at - 1 not in firsts]
    return _Reading(
        _HALVES.sub(_join, reading.text),
        [reading.begins[at] for at in kept],
        [reading.ends[at + (at in firsts)] for at in kept],
    )


def _join(halves: re.Match[str]) -> str:
    return halves[0].encode("utf-16", "surrogatepass").decode("utf-16")


@lru_cache(maxsize=4096)
def _normal_sign(sign: str) -> str:
    """Return what all cases and forms of a character have in common."""
    if sign.isspace() or sign == "+":  # a form writes a blank as +
        return " "
    if sign.isascii():
        return sign.lower() if sign != "\0" else ""
    from unicodedata import category, normalize

    cased = normalize("NFKD", normalize("NFKD", sign).upper().casefold())
    return "".join(one for one in cased if category(one) != "Cf")


def _found(needles: Iterable[str], reading: _Reading) -> Iterator[tuple[int, int]]:
    """Yield where needles stand in the text that was read."""
    for needle in needles:
        start = reading.text.find(needle) if needle else -1
        while start >= 0:
            end = start + len(needle)
            yield reading.begins[start], reading.ends[end - 1]
            start = reading.text.find(needle, end)


def _pieces(forms: Iterable[str]) -> dict[int, set[str]]:
    """Return every piece of secrets, without white space, by its length.

    Addresses have none: each would hide every other address of the same host.
    """
    found: dict[int, set[str]] = {}
    for form in forms:
        signs = form.replace(" ", "")
        size = min(len(signs), _PIECE)
        if size >= _SHORTEST_PIECE and not re.match("[a-z]+://", signs):
            starts = range(len(signs) - size + 1)
            found.setdefault(size, set()).update(signs[at : at + size] for at in starts)
    return found


def _found_pieces(pieces: dict[int, set[str]], reading: _Reading) -> Iterator[tuple[int, int]]:
    """Yield where pieces of secrets stand in the text that was read, with or without blanks."""
    places = [at for at, sign in enumerate(reading.text) if sign != " "] if pieces else []
    signs = reading.text.replace(" ", "")
    for size, known in pieces.items():
        for start in range(len(signs) - size + 1):
            if signs[start : start + size] in known:
                yield reading.begins[places[start]], reading.ends[places[start + size - 1]]


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start >= done:
            parts += [text[done:start], MASK]
        done = max(done, end)
    return "".join([*parts, text[done:]])
