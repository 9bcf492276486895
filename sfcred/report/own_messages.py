"""Recognize sfcred's own messages, findings and hints in a text that somebody copied."""

import json
import pkgutil
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple, TypedDict

from sfcred.salesforce.pasted import read


class _Table(TypedDict):
    checks: dict[str, list[str]]
    messages: dict[str, str]


class OwnText(NamedTuple):
    """A text of sfcred's own.

    Attributes:
        text: The text, with {} for each part that varies.
        checks: The ids of the checks that word it.
        hint: What to do, if the code gives it together with the text; {} as in the text.
    """

    text: str
    checks: tuple[str, ...] = ()
    hint: str = ""


class Found(NamedTuple):
    """A text of sfcred's own, and where its words are: from and to, without what varies."""

    own: OwnText
    places: list[tuple[int, int]]


# As much of a text is searched, and as much can stand in place of a part that varies.
_MOST, _PART = 20_000, 300
# A shorter text, in words, could be anybody's, unless it is a whole line.
_LONG = 8
_LONGEST_LINE = 1_000
_WORD, _ANYTHING = r"[^\s:]{1,100}", f".{{0,{_PART}}}"
# How many places are tried for a text's beginning.
_TRIES = 20
# More checks than this share a text only if it says nothing about any of them.
_SHARED = 3


def own_texts_in(pasted: str) -> tuple[list[OwnText], str]:
    """Find the texts of sfcred's own in a text.

    Returns:
        Them, in the order in which they stand there, and what is left of the text without their
        words. What stands in place of a part that varies stays: it can be the error.
    """
    reading = read(pasted[:_MOST])
    plain = reading.plain
    found = sorted(_search(plain, reading.lines), key=lambda one: one.places)
    words = sorted(place for one in found for place in one.places)
    left, at = "", 0
    for start, end in words:
        left += plain[at : max(at, start)]
        at = max(at, end)
    return [one.own for one in found], left + plain[at:]


def _search(plain: str, lines: Sequence[str]) -> Iterator[Found]:
    for own in _all():
        parts = [part for part in own.text.split("{}") if part]
        places = _places(parts, plain) if all(part in plain for part in parts) else []
        if places and (_is_long(parts) or any(_is_line(own.text, line) for line in lines)):
            yield Found(own, places)


def _is_long(parts: list[str]) -> bool:
    return sum(len(part.split()) for part in parts) >= _LONG


def _is_line(text: str, line: str) -> bool:
    """Return whether a line is the text. A part that varies at its beginning is one word."""
    begin, *others = (re.escape(part) for part in text.split("{}"))
    if not begin and others:
        begin, others = _WORD + others[0], others[1:]
    form = _ANYTHING.join([begin, *others])
    return len(line) < _LONGEST_LINE and re.fullmatch(form, line) is not None


def _places(parts: list[str], plain: str) -> list[tuple[int, int]]:
    """Return where the parts follow each other, with a little text between them."""
    start = plain.find(parts[0])
    for _ in range(_TRIES):
        if start < 0:
            return []
        places = list(_from(parts, plain, start))
        if len(places) == len(parts):
            return places
        start = plain.find(parts[0], start + 1)
    return []


def _from(parts: list[str], plain: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the places of the parts that follow each other from a start."""
    end = start
    for number, part in enumerate(parts):
        at = plain.find(part, end, end + (_PART if number else 0) + len(part))
        if at < 0:
            return
        end = at + len(part)
        yield at, end


@cache
def _all() -> tuple[OwnText, ...]:
    table: _Table = json.loads(pkgutil.get_data(__package__, "own_messages.json") or b"{}")
    checks: dict[str, list[str]] = {}
    for check, texts in table["checks"].items():
        for text in texts:
            checks.setdefault(text, []).append(check)
    of_checks = (
        OwnText(text, tuple(ids) if len(ids) <= _SHARED else ()) for text, ids in checks.items()
    )
    others = (
        OwnText(text, hint=hint) for text, hint in table["messages"].items() if text not in checks
    )
    return (*of_checks, *others)
