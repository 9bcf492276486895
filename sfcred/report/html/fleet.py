"""The fleet at a glance: how many credentials of which kind, how many findings of which check."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sfcred.checks import find_check
from sfcred.doctor import Report
from sfcred.report.html.cards import Card

#: In the order in which they are shown, the worst first.
STATUSES = ("error", "warning", "info", "ok")


class Cell(NamedTuple):
    """Credentials of one environment and flow: how many, and how many by status."""

    environment: str
    flow: str
    total: int
    by_status: tuple[tuple[str, int], ...]


class Row(NamedTuple):
    """One environment."""

    environment: str
    cells: list[Cell]


class Fleet(NamedTuple):
    """The credentials by environment (rows) and flow (columns)."""

    flows: list[str]
    rows: list[Row]


class Tally(NamedTuple):
    """A check that found something: its severity there, and how often."""

    check: str
    title: str
    severity: str
    number: int
    share: int  # of the most frequent one, in percent


def fleet_of(cards: Sequence[Card]) -> Fleet:
    """The table; only environments and flows that occur."""
    number: Counter[tuple[str, str, str]] = Counter()
    for card in cards:
        if card.result is not None:
            number[environment_of(card), flow_of(card), card.status] += 1
    flows = sorted({flow for _, flow, _ in number})
    environments = sorted({environment for environment, _, _ in number})
    rows = [Row(e, [_cell(e, flow, number) for flow in flows]) for e in environments]
    return Fleet(flows, rows)


def _cell(environment: str, flow: str, number: Counter[tuple[str, str, str]]) -> Cell:
    by_status = tuple(
        (status, number[environment, flow, status])
        for status in STATUSES
        if number[environment, flow, status]
    )
    return Cell(environment, flow, sum(count for _, count in by_status), by_status)


def environment_of(card: Card) -> str:
    """The environment as the page names it."""
    return (card.result and card.result.environment) or "unknown"


def flow_of(card: Card) -> str:
    """The flow as the page names it."""
    return (card.result and card.result.flow) or "undecided"


def tallies_of(report: Report) -> list[Tally]:
    """The checks that found something, the worst and most frequent first."""
    number = Counter((f.severity, f.check) for f in report.findings)
    most = max(number.values(), default=1)
    ordered = sorted(number, key=lambda key: (-key[0].rank, -number[key], key[1]))
    return [
        Tally(
            check,
            _title(check),
            severity.value,
            number[severity, check],
            max(2, number[severity, check] * 100 // most),
        )
        for severity, check in ordered
    ]


def _title(check_id: str) -> str:
    check = find_check(check_id)
    return check.title if check else ""
