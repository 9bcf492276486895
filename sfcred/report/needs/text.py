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
from sfcred.text.wrapping import wrapped

# The narrowest column for fields.
_NARROWEST = 40
_OBJECT, _LONGEST_OBJECT, _VERBS = 12, 40, 18


def as_text(needs: Iterable[CredentialNeeds], width: int | None = None) -> str:
    """Return one block per credential.

    Args:
        needs: What workflows need.
        width: The number of columns to wrap at; None for no line breaks.
    """
    return "\n".join(_block(one, width) for one in needs)


def _block(needs: CredentialNeeds, width: int | None) -> str:
    longest = [min(len(found.object), _LONGEST_OBJECT) for found in needs.objects]
    column = max([_OBJECT, *longest])
    lines = [wrapped(f"{title(needs)}: {usage(needs.nodes)}", width, indent=2)]
    lines += [line for found in needs.objects for line in _object(found, column, width)]
    lines += [
        wrapped(f"not known: {unknown_words(unknown)}", width, "  ", 4) for unknown in needs.unknown
    ]
    return "\n".join(lines) + "\n"


def _object(found: ObjectNeeds, column: int, width: int | None) -> list[str]:
    head = f"  {shown(found.object):<{column}} {' '.join(found.verbs):<{_VERBS}}"
    room = None if width is None else width - len(head)
    texts = [part for part in (" ".join(field_words(found)), unasked_words(found)) if part]
    if room is not None and room < _NARROWEST:  # too narrow for a column: the fields go below
        return [head.rstrip(), *(wrapped(text, width, "    ") for text in texts)]
    body = [line for text in texts for line in wrapped(text, room).split("\n")]
    margin = " " * len(head)
    return [(head if number == 0 else margin) + line for number, line in enumerate(body)] or [
        head.rstrip()
    ]
