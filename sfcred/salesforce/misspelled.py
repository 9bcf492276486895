"""Correct the misspelled words of a short text that somebody typed by hand."""

import re
from collections.abc import Iterable
from functools import cache

from sfcred.salesforce.refusals import REFUSALS
from sfcred.text.near import is_close

# What is longer was copied, not typed. A shorter word is too near to others.
_MOST, _SHORTEST = 300, 6
_WORD = re.compile(rf"[A-Za-z]{{{_SHORTEST},30}}")


def corrected(text: str) -> tuple[str, dict[str, str]]:
    """Return a text with the table's words in place of those that differ by one typo.

    Returns:
        The text, and each misspelled word with the one that was taken for it.
    """
    if len(text) > _MOST:
        return text, {}
    known = _vocabulary()
    meant = {
        word: found
        for word in dict.fromkeys(_WORD.findall(text))
        if word.lower() not in known and (found := _only_near(word.lower(), known))
    }
    return _WORD.sub(lambda one: meant.get(one[0], one[0]), text), meant


@cache
def _vocabulary() -> frozenset[str]:
    wordings = (answer.description for row in REFUSALS for answer in row.answers)
    return frozenset(word.lower() for one in wordings for word in _WORD.findall(one))


def _only_near(word: str, known: Iterable[str]) -> str:
    """Return the only known word that differs by one typo; empty if there is none, or several."""
    near = [
        one
        for one in known
        if abs(len(one) - len(word)) <= 1 and one[0] == word[0] and is_close(word, one, 1)
    ]
    # The plural and the like of a known word isn't a typo.
    if (
        len(near) != 1
        or word in (f"{near[0]}s", f"{near[0]}d")
        or near[0] in (f"{word}s", f"{word}d")
    ):
        return ""
    return near[0]
