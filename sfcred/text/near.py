"""Find the known word that an unknown one stands for, and decide whether it may be shown.

"`verison` is not a field" shows at once what is wrong. But an unknown word could also be a secret
in the wrong place. A word that is at most two edits away from a known one can't be, so only such
words are shown.
"""

from collections.abc import Iterable
from functools import lru_cache

_LONGEST = 64
# A shorter text is a part of anything.
_SHORTEST = 4


def is_near(text: str, known: frozenset[str]) -> bool:
    """Return whether a text is a known word, apart from case, hyphens and typos.

    One edit per three characters is allowed, and at most two.
    """
    if text in known:
        return True
    if len(text) > _LONGEST:
        return False
    given = fold(text)
    signs, edits = set(given), min(len(given) // 3, 2)
    by_length = _folded(known)
    return any(
        # Each edit removes at most one distinct character and adds at most one.
        len(signs ^ kinds) <= 2 * edits and _within(given, word, edits)
        for length in range(len(given) - edits, len(given) + edits + 1)
        for word, kinds in by_length.get(length, ())
    )


def is_close(text: str, word: str, edits: int) -> bool:
    """Return whether a text is a word with at most so many typos, as people write words."""
    return _within(fold(text), fold(word), edits)


def is_part(text: str, known: frozenset[str]) -> bool:
    """Return whether a text is at least four characters of a word, as in `relax` for relax_ip."""
    given = fold(text)
    return _SHORTEST <= len(given) <= _LONGEST and given in _joined(known)


def nearest(given: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most likely meant by a misspelled one, or None."""
    from difflib import get_close_matches

    folded = {name.lower().replace("-", "_"): name for name in known}
    # Texts much longer than the longest name can't be similar to one.
    wanted = given[:_LONGEST].lower().replace("-", "_")
    close = get_close_matches(wanted, folded, n=1)
    return folded[close[0]] if close else None


def did_you_mean(near: str | None) -> str:
    """Return the beginning of a hint that asks whether a name was meant; empty without a name."""
    return f"Did you mean {near}? " if near else ""


def fold(text: str) -> str:
    """Normalize what people write in different ways: case, hyphens, underscores, spaces."""
    return text.lower().replace("-", "").replace("_", "").replace(" ", "")


@lru_cache(64)
def _joined(known: frozenset[str]) -> str:
    return "\n".join(map(fold, known))


@lru_cache(64)
def _folded(known: frozenset[str]) -> dict[int, list[tuple[str, set[str]]]]:
    """Return the known words by length, each with its set of characters."""
    by_length: dict[int, list[tuple[str, set[str]]]] = {}
    for word in {fold(word) for word in known}:
        by_length.setdefault(len(word), []).append((word, set(word)))
    return by_length


def _within(one: str, other: str, edits: int) -> bool:
    """Return whether the words differ by at most so many edits.

    An edit inserts, deletes or replaces a character, or swaps two.
    """
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
