"""Replace single values in place, and nothing else."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sfcred.fix.documents import data_of, source_data, source_of
from sfcred.spec.source import Place, Source
from sfcred.spec.write import in_style


class Edit(NamedTuple):
    """A part of a text that is replaced.

    Attributes:
        start, end: The index of its first character, and the index after its last one.
        text: The replacement.
        value: The value that the replacement stands for, without quotes.
    """

    start: int
    end: int
    text: str
    value: str


def replaced(text: str, values: Mapping[Place, str]) -> tuple[str, int]:
    """Return a text with new values in some positions.

    Args:
        text: A file of specs, readable as YAML.
        values: The new values, by the positions where the old scalars start.

    Returns:
        The text, and the number of replaced values. Block scalars and values that an alias repeats
        are never changed. If the edits would change other data, nothing is.
    """
    source = source_of(text)
    edits = sorted(_edits(source, values), reverse=True)
    changed = text
    for edit in edits:  # from the end, so that the remaining positions stay valid
        changed = changed[: edit.start] + edit.text + changed[edit.end :]
    differences = Counter(_differences(source_data(source), data_of(changed)))
    if differences == Counter(edit.value for edit in edits):
        return changed, len(edits)
    return text, 0


def _edits(source: Source, values: Mapping[Place, str]) -> Iterator[Edit]:
    scalars = [node for root in source.documents for _route, node in root.scalars()]
    times = Counter(map(id, scalars))
    for node in scalars:
        value, span = values.get(node.place), node.span
        if value is None or span is None or times[id(node)] != 1 or span.style in ("|", ">"):
            continue
        yield Edit(span.start, span.end, in_style(value, span.style), value)


def _differences(before: object, after: object) -> Iterator[object]:
    """Yield the values in `after` that differ from `before`."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from _differences(before[key], after[key])
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _differences(one, other)
    elif before != after:
        yield str(after)
