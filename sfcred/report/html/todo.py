"""What to do about the findings, most urgent first: what a reader of the page wants to know."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from sfcred.checks import find_check, has_trait, is_live
from sfcred.checks.api import Trait
from sfcred.errors import Cause
from sfcred.findings import Finding, NotRun
from sfcred.report.address import docs_of
from sfcred.report.html.cards import Card
from sfcred.text.printable import counted

# The most cards that an entry names. The others are one click away.
_NAMED = 6
# The most hints of one card. It has the others.
_HINTS = 5


class Todo(NamedTuple):
    """Something to do, for all cards that need it.

    Attributes:
        status: The severity of the findings; unknown for what could not be checked.
        check: The check's id; empty for what could not be checked.
        docs: The address of the check's page.
        title: What is wrong.
        number: How often, in words.
        hints: What to do for the first card, without the ones beyond the first few.
        differs: Other cards have other hints.
        cards: The first cards.
        more: The number of the others.
        is_small: It can wait, as infos can.
    """

    status: str
    check: str
    docs: str
    title: str
    number: str
    hints: Sequence[str]
    differs: bool
    cards: Sequence[Card]
    more: int
    is_small: bool = False


def todo_of(cards: Sequence[Card]) -> list[Todo]:
    """Return what to do: findings by check, without those that only follow from others."""
    found: dict[tuple[str, str], list[tuple[Card, Finding]]] = {}
    for card in cards:
        for finding in _causes(card):
            found.setdefault((finding.severity, finding.check), []).append((card, finding))
    ordered = sorted(found.values(), key=_urgency)
    errors = [_findings(pairs) for pairs in ordered if pairs[0][1].severity == "error"]
    others = [_findings(pairs) for pairs in ordered if pairs[0][1].severity != "error"]
    return [*errors, *_unreadable(cards), *others]


def _causes(card: Card) -> list[Finding]:
    found = [note.finding for note in card.notes]
    checks = {finding.check for finding in found}
    causes = [finding for finding in found if finding.because_of not in checks]
    return causes or found  # none is lost, even if each follows from another


def _urgency(pairs: list[tuple[Card, Finding]]) -> tuple[int, bool, int, str]:
    """Return a sort key: the worst first, and of these, what fails today or soon."""
    first = pairs[0][1]
    is_soon = is_live(first.check) or has_trait(first.check, Trait.ABOUT_EXPIRY)
    return -first.severity.rank, not is_soon, -len(pairs), first.check


def _findings(pairs: list[tuple[Card, Finding]]) -> Todo:
    first = pairs[0][1]
    check = find_check(first.check)
    severity = first.severity.value
    # A finding about a whole spec is on the cards of all of its profiles.
    number = len({finding for _card, finding in pairs})
    return _todo(
        [(card, finding.hint) for card, finding in pairs],
        status=severity,
        check=first.check,
        docs=docs_of(first.check),
        title=check.title if check else first.name,
        number=counted(number, severity),
        is_small=severity == "info",
    )


def _unreadable(cards: Sequence[Card]) -> Iterator[Todo]:
    """Yield what could not be read, reached or compared, by its reason."""
    found: dict[str, list[tuple[Card, NotRun]]] = {}
    for card in cards:
        for entry in card.not_checked:
            if entry.cause is Cause.UNREADABLE:
                found.setdefault(entry.reason, []).append((card, entry))
    for reason, pairs in found.items():
        checks = set(chain.from_iterable(entry.checks for _card, entry in pairs))
        yield _todo(
            [(card, entry.hint) for card, entry in pairs],
            status="unknown",
            check="",
            docs="",
            title=reason,
            number=f"{counted(len(checks), 'check')} not run",
            is_small=False,
        )


def _todo(
    hints: Sequence[tuple[Card, str]],
    *,
    status: str,
    check: str,
    docs: str,
    title: str,
    number: str,
    is_small: bool,
) -> Todo:
    own = list({card.anchor: card for card, _hint in hints}.values())
    # What one card lacks in two places takes two remedies.
    first = list(dict.fromkeys(hint for card, hint in hints if card.anchor == own[0].anchor))
    return Todo(
        status,
        check,
        docs,
        title,
        number,
        first[:_HINTS],
        any(hint not in first for _card, hint in hints),
        own[:_NAMED],
        max(0, len(own) - _NAMED),
        is_small,
    )
