"""Which findings a report shows where it can't show all: the worst, some of each check."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sfcred.doctor import Finding

#: How many findings, and how many entries of each other kind, a report for programs lists.
LIMIT = 100_000

# So many checks are named with their numbers.
_NAMED = 5


def worst(findings: Sequence[Finding], limit: int, each: int) -> list[int]:
    """The places, in order, of the findings to show.

    Args:
        findings: In the order of the report.
        limit: How many may be shown; up to so many, all are.
        each: How many of one check, where not all can be shown.
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


def counted_rest(left: Iterable[Finding]) -> str:
    """What is not shown, in words: `1,234 more: 1,200 SFC002 schema, 34 SFC104 not-salesforce`.

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
