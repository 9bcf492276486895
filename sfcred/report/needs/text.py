"""What workflows need, for a terminal."""

from collections.abc import Iterable

from sfcred.needs.model import CredentialNeeds, ObjectNeeds
from sfcred.report.needs.words import (
    field_words,
    shown,
    title,
    unasked_words,
    unknown_words,
    usage,
)
from sfcred.wrapping import wrapped

_WIDTH = 100
_OBJECT, _LONGEST_OBJECT, _VERBS = 12, 40, 18


def as_text(needs: Iterable[CredentialNeeds]) -> str:
    """Return one block per credential."""
    return "\n".join(map(_block, needs))


def _block(needs: CredentialNeeds) -> str:
    widths = [min(len(found.object), _LONGEST_OBJECT) for found in needs.objects]
    width = max([_OBJECT, *widths])
    lines = [f"{title(needs)}: {usage(needs.nodes)}"]
    lines += [line for found in needs.objects for line in _object(found, width)]
    lines += [f"  not known: {unknown_words(unknown)}" for unknown in needs.unknown]
    return "\n".join(lines) + "\n"


def _object(found: ObjectNeeds, width: int) -> list[str]:
    head = f"  {shown(found.object):<{width}} {' '.join(found.verbs):<{_VERBS}}"
    margin = " " * len(head)
    texts = [part for part in (" ".join(field_words(found)), unasked_words(found)) if part]
    body = [
        line for text in texts for line in wrapped(text, max(_WIDTH - len(head), 40)).split("\n")
    ]
    return [(head if number == 0 else margin) + line for number, line in enumerate(body)] or [
        head.rstrip()
    ]
