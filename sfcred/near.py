"""Whether a word may be shown though it isn't known: it is a known one but for a slip.

Whoever reads "`verison` is not a field" sees at once what is wrong. But an unknown word may as well
be a secret that was put in the wrong place. One that is two edits from a known word holds nothing
else, so only that is shown.
"""

from functools import lru_cache

_LONGEST = 64


def is_near(text: str, known: frozenset[str]) -> bool:
    """Tell whether a text is a known word but for case, hyphens and a slip.

    A slip is one edit in three characters, and at most two.
    """
    if text in known:
        return True
    if len(text) > _LONGEST:
        return False
    given = _fold(text)
    signs, edits = set(given), min(len(given) // 3, 2)
    by_length = _folded(known)
    return any(
        # Each edit takes at most one kind of character away and brings another one.
        len(signs ^ kinds) <= 2 * edits and _within(given, word, edits)
        for length in range(len(given) - edits, len(given) + edits + 1)
        for word, kinds in by_length.get(length, ())
    )


@lru_cache(64)
def _folded(known: frozenset[str]) -> dict[int, list[tuple[str, set[str]]]]:
    """The known words by their length, each with the kinds of characters in it."""
    by_length: dict[int, list[tuple[str, set[str]]]] = {}
    for word in {_fold(word) for word in known}:
        by_length.setdefault(len(word), []).append((word, set(word)))
    return by_length


def _fold(text: str) -> str:
    """Take away what people write in different ways: case, hyphens, underscores, blanks."""
    return text.lower().replace("-", "").replace("_", "").replace(" ", "")


def _within(one: str, other: str, edits: int) -> bool:
    """Whether so many edits (a sign more, less or another, two swapped) make the words equal."""
    start = 0
    while start < len(one) and start < len(other) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    if not (one or other):
        return True
    if not edits:
        return False
    if len(one) > 1 and one[:2] == other[1::-1] and _within(one[2:], other[2:], edits - 1):
        return True
    return any(
        _within(a, b, edits - 1)
        for a, b in ((one[1:], other[1:]), (one[1:], other), (one, other[1:]))
    )
