"""Numbers for the overview: credentials by environment and flow, findings by check."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sfcred.checks import find_check
from sfcred.findings import Report
from sfcred.report.html.cards import STATUSES, Card


class Cell(NamedTuple):
    """Credentials of one environment and flow: the total, and the number per status."""

    environment: str
    flow: str
    total: int
    by_status: tuple[tuple[str, int], ...]


class Row(NamedTuple):
    """The cells of one environment."""

    environment: str
    cells: list[Cell]


class Fleet(NamedTuple):
    """A table of credentials by environment (rows) and flow (columns)."""

    flows: list[str]
    rows: list[Row]


class Tally(NamedTuple):
    """A check with findings: their severity, and how many there are."""

    check: str
    title: str
    severity: str
    number: int
    share: int  # percentage of the most frequent check's number


def fleet_of(cards: Sequence[Card]) -> Fleet:
    """Return the table. It has only environments and flows that occur."""
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
    """Return the environment as the page shows it."""
    return (card.result and card.result.environment) or "unknown"


def flow_of(card: Card) -> str:
    """Return the flow as the page shows it."""
    return (card.result and card.result.flow) or "undecided"


def tallies_of(report: Report) -> list[Tally]:
    """Return the checks with findings, worst and most frequent first."""
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
