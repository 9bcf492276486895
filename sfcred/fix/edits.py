"""Single values, replaced where they stand."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sfcred.fix.documents import data_of, source_of
from sfcred.spec.source import Place, plain_value

# What would end a plain scalar, or make it something else.
_SIGNS = frozenset(" #{}[],&*!|>'\"%@`\n")


class Edit(NamedTuple):
    """A part of a text, by its first and last character's index, and what comes instead."""

    start: int
    end: int
    text: str
    value: str


def replaced(text: str, values: Mapping[Place, str]) -> tuple[str, int]:
    """The text with other values at some places.

    Args:
        text: A file of specs, readable as YAML.
        values: The new values, by the places where the old ones (scalars) begin.

    Returns:
        The text, and how many values were replaced. Left as they are: block scalars, and what
        an alias repeats elsewhere.
    """
    edits = sorted(_edits(text, values), reverse=True)
    changed = text
    for edit in edits:  # from the end, so that what is still to come stays where it is
        changed = changed[: edit.start] + edit.text + changed[edit.end :]
    differences = Counter(_differences(data_of(text), data_of(changed)))
    if differences == Counter(edit.value for edit in edits):
        return changed, len(edits)
    return text, 0


def _edits(text: str, values: Mapping[Place, str]) -> Iterator[Edit]:
    scalars = [node for root in source_of(text).documents for _route, node in root.scalars()]
    times = Counter(map(id, scalars))
    for node in scalars:
        value, span = values.get(node.place), node.span
        if value is None or span is None or times[id(node)] != 1 or span.style in ("|", ">"):
            continue
        yield Edit(span.start, span.end, _written(value, span.style), value)


def _written(value: str, style: str) -> str:
    """The value in the quotes that the old one had; in quotes where it needs some."""
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and plain_value(value) == value and not _SIGNS & set(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _differences(before: object, after: object) -> Iterator[object]:
    """What stands in other data instead of what was there."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from _differences(before[key], after[key])
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _differences(one, other)
    elif before != after:
        yield str(after)
