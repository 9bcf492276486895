"""A timeline of certificates, by the month in which they expire."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sfcred.checks import has_trait
from sfcred.checks.api import Trait
from sfcred.report.html.cards import Card
from sfcred.text.printable import counted

_MONTHS = 24
_HEIGHT = 100  # height of the tallest bar, in the drawing's units
_STEP = 26  # distance between bars
_LEFT = 8


class Ending(NamedTuple):
    """A certificate's expiry: the credential, the day, how far away it is, and how urgent."""

    card: Card
    day: str
    words: str
    status: str


class Bar(NamedTuple):
    """A bar of the drawing: the certificates of one month."""

    x: int
    y: int
    height: int
    number: int
    label: str
    status: str
    tick: str  # the label below the bar; empty for most bars


class Calendar(NamedTuple):
    """The timeline, as a drawing and as a list."""

    endings: list[Ending]
    bars: list[Bar]
    width: int


def calendar_of(cards: Sequence[Card], now: datetime) -> Calendar:
    """Return the timeline of the cards' certificates, soonest expiry first."""
    known = [(card, until) for card in cards if (until := _until(card)) is not None]
    known.sort(key=lambda pair: (pair[1], pair[0].title))
    endings = [
        Ending(card, f"{until:%Y-%m-%d}", _words((until.date() - now.date()).days), _status(card))
        for card, until in known
    ]
    slots = [_slot(until, now) for _card, until in known]
    bars = _bars(list(zip(slots, endings, strict=True)), now)
    return Calendar(endings, bars, _LEFT * 2 + _STEP * (_MONTHS + 2))


def _until(card: Card) -> datetime | None:
    details = card.result and card.result.details
    return details.certificate_until if details else None


def _status(card: Card) -> str:
    found = [note.finding for note in (*card.notes, *card.left_out)]
    about = [finding for finding in found if has_trait(finding.check, Trait.ABOUT_EXPIRY)]
    worst = max((finding.severity for finding in about), key=lambda s: s.rank, default=None)
    return worst.value if worst else "ok"


def _words(days: int) -> str:
    if days < 0:
        return f"{counted(-days, 'day')} ago"
    return f"in {counted(days, 'day')}" if days else "today"


def _slot(until: datetime, now: datetime) -> int:
    """Return 0 for the past, 1 for this month and so on; the last slot has everything later."""
    if until < now:
        return 0
    months = (until.year - now.year) * 12 + until.month - now.month
    return min(months, _MONTHS) + 1


def _bars(placed: list[tuple[int, Ending]], now: datetime) -> list[Bar]:
    groups = {
        slot: [ending for _slot, ending in group]
        for slot, group in groupby(placed, key=lambda pair: pair[0])
    }
    most = max((len(group) for group in groups.values()), default=1)
    return [_bar(slot, groups.get(slot, []), most, now) for slot in range(_MONTHS + 2)]


def _bar(slot: int, endings: list[Ending], most: int, now: datetime) -> Bar:
    height = round(len(endings) / most * _HEIGHT) if endings else 0
    statuses = [status for status in ("error", "warning") if status in {e.status for e in endings}]
    label = _label(slot, now)
    is_named = slot in (0, _MONTHS + 1) or (slot % 3 == 0 and slot < _MONTHS)
    return Bar(
        _LEFT + slot * _STEP,
        _HEIGHT - height,
        height,
        len(endings),
        label,
        statuses[0] if statuses else "ok",
        label if is_named else "",
    )


def _label(slot: int, now: datetime) -> str:
    if slot == 0:
        return "expired"
    if slot > _MONTHS:
        return "later"
    months = now.year * 12 + now.month - 1 + slot - 1
    return f"{months // 12}-{months % 12 + 1:02}"
