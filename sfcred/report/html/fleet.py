"""Numbers for the overview: credentials by environment and flow."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

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
