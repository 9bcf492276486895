"""Choose which findings a report shows if it can't show all: the worst, and some of each check."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sfcred.findings import Finding

#: The most findings, and the most entries of each other kind, that a report for programs lists.
LIMIT = 100_000

Item = TypeVar("Item")

# How many checks counted_rest names.
_NAMED = 5


def worst(findings: Sequence[Finding], limit: int, each: int) -> list[int]:
    """Return the indices of the findings to show, in order.

    Args:
        findings: The findings, in the order of the report.
        limit: The most that can be shown. If there are no more than that, all are.
        each: The most to show of one check, if not all can be shown.
    """
    if len(findings) <= limit:
        return list(range(len(findings)))
    number: Counter[str] = Counter()
    kept: list[int] = []
    for place in sorted(range(len(findings)), key=lambda at: -findings[at].severity.rank):
        check = findings[place].check
        if len(kept) == limit:
            break
        if number[check] < each:
            number[check] += 1
            kept.append(place)
    return sorted(kept)


def rest(items: Sequence[Item], shown: Iterable[int]) -> list[Item]:
    """Return the items whose indices `worst` left out, in order."""
    left = set(range(len(items))).difference(shown)
    return [items[place] for place in sorted(left)]


def counted_rest(left: Iterable[Finding]) -> str:
    """Describe the findings not shown: `1,234 more: 1,200 SFC002 schema, 34 SFC104 not-salesforce`.

    Args:
        left: The findings that are not shown; at least one.
    """
    number = Counter((f.severity.rank, f.check, f.name) for f in left)
    ordered = sorted(number, key=lambda key: (-key[0], -number[key], key[1]))
    named = [f"{number[key]:,} {key[1]} {key[2]}" for key in ordered[:_NAMED]]
    if len(ordered) > _NAMED:
        others = sum(number[key] for key in ordered[_NAMED:])
        named.append(f"{others:,} of {len(ordered) - _NAMED} other checks")
    return f"{sum(number.values()):,} more: {', '.join(named)}"
