"""Recognize sfcred's own messages, findings and hints in a text that somebody copied."""

import json
import pkgutil
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
    """A text of sfcred's own, and where it is."""

    own: OwnText
    start: int
    end: int


# As much of a text is searched, and as much can stand in place of a part that varies.
_MOST, _PART = 20_000, 300
# A text of so many words could be anybody's, unless it is a whole line.
_SHORT = 4
# So often a beginning is tried that other words follow.
_TRIES = 20
# More checks than this share a text only if it says nothing about any of them.
_SHARED = 3


def own_texts_in(pasted: str) -> tuple[list[OwnText], str]:
    """Find the texts of sfcred's own in a text.

    Returns:
        Them, in the order in which they stand there, and what is left of the text without them.
    """
    reading = read(pasted[:_MOST])
    plain = reading.plain
    found = sorted(_search(plain, reading.lines), key=lambda one: (one.start, -one.end))
    left, at = "", 0
    for one in found:
        left += plain[at : max(at, one.start)]
        at = max(at, one.end)
    return [one.own for one in found], left + plain[at:]


def _search(plain: str, lines: Sequence[str]) -> Iterator[Found]:
    for own in _all():
        parts = [part for part in own.text.split("{}") if part]
        place = _place(parts, plain) if all(part in plain for part in parts) else None
        if place and (_is_long(parts) or _is_line(own.text, lines)):
            # A text that begins with a part that varies, such as an id, includes that word.
            word = plain.rfind(" ", 0, place[0]) + 1 if own.text.startswith("{}") else place[0]
            yield Found(own, word, place[1])


def _is_long(parts: list[str]) -> bool:
    return sum(len(part.split()) for part in parts) > _SHORT


def _is_line(text: str, lines: Sequence[str]) -> bool:
    """Return whether a line is the text, maybe after a label such as hint."""
    ends, begins = not text.endswith("{}"), not text.startswith("{}")
    parts = [part for part in text.split("{}") if part]
    bare = (line.removeprefix("hint: ") for line in lines)
    return any(
        (place := _place(parts, line))
        and (not begins or place[0] == 0)
        and (not ends or place[1] == len(line))
        for line in bare
    )


def _place(parts: list[str], plain: str) -> tuple[int, int] | None:
    """Return where the parts follow each other, with a little text between them."""
    start = plain.find(parts[0])
    for _ in range(_TRIES):
        if start < 0:
            return None
        end = _end(parts, plain, start)
        if end:
            return start, end
        start = plain.find(parts[0], start + 1)
    return None


def _end(parts: list[str], plain: str, start: int) -> int:
    """Return where the last part ends if all follow from a start; otherwise 0."""
    at = start
    for number, part in enumerate(parts):
        room = _PART if number else 0
        at = plain.find(part, at, at + room + len(part))
        if at < 0:
            return 0
        at += len(part)
    return at


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
