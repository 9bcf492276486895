"""The keys of a spec in the order of the documentation, each with the comments above it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pydantic import BaseModel

from sfcred.fix.documents import data_of, source_of
from sfcred.spec.model import App, Doctor, Jwt, N8n, OAuth2, Spec
from sfcred.spec.source import Node, Source

_MODELS: dict[str, type[BaseModel]] = {
    "oauth2": OAuth2,
    "jwt": Jwt,
    "app": App,
    "n8n": N8n,
    "doctor": Doctor,
}
_SECTIONS = {name: list(model.model_fields) for name, model in _MODELS.items()}
# What a spec is comes before what it says.
_SPEC = list(dict.fromkeys(["version", "name", *Spec.model_fields]))


def in_order(text: str) -> str:
    """The text with each spec's keys, and those of its sections, in order.

    A comment directly above a key goes with it; what stands above a spec's first key stays at
    the top. Left as they are: mappings in braces, those with unknown keys, and everything, if
    moving would change what the text says (an alias that would come before its anchor).

    Args:
        text: A file of specs, readable as YAML.
    """
    lines = text.splitlines(keepends=True)
    # Sections first: their lines move within the block that the spec's own order moves whole.
    for mapping in sorted(_mappings(text), key=lambda m: m.keys[0].column, reverse=True):
        _sort(lines, mapping)
    changed = "".join(lines)
    return changed if data_of(changed) == data_of(text) else text


class _Key(NamedTuple):
    """Where a key stands, from 0, and its place in the order."""

    line: int
    column: int
    rank: int


class _Mapping(NamedTuple):
    """A mapping's keys, and the line behind its end."""

    keys: list[_Key]
    end: int


def _mappings(text: str) -> Iterator[_Mapping]:
    """The mappings of a text that have an order, and are out of it."""
    source = source_of(text)
    for root in source.documents:
        sections = root.value if isinstance(root.value, dict) else {}
        orders = [(root, _SPEC), *((node, _SECTIONS.get(k, [])) for k, node in sections.items())]
        for node, order in orders:
            mapping = _mapping(node, order, source)
            if mapping and any(a.rank > b.rank for a, b in pairwise(mapping.keys)):
                yield mapping


def _mapping(node: Node, order: list[str], source: Source) -> _Mapping | None:
    span = node.span
    if not isinstance(node.value, dict) or span is None or span.style or not node.value:
        return None
    if not all(key in order for key in node.value):
        return None
    keys = [_Key(p.line - 1, p.column - 1, order.index(key)) for key, p in node.keys.items()]
    # A block scalar ends at the beginning of a line below it.
    return _Mapping(keys, source.line_at(max(span.end - 1, span.start)))


def _sort(lines: list[str], mapping: _Mapping) -> None:
    """Puts the blocks of a mapping's keys in order, within their lines."""
    first, *others = mapping.keys
    # Above a spec's first key stands what is about the file.
    beginning = _with_comments(lines, first) if first.column else first.line
    starts = [beginning, *(_with_comments(lines, key) for key in others)]
    ends = [*starts[1:], mapping.end]
    blocks = [
        (key.rank, lines[start:end])
        for key, start, end in zip(mapping.keys, starts, ends, strict=True)
    ]
    blocks.sort(key=lambda block: block[0])
    lines[beginning : mapping.end] = _whole([line for _rank, block in blocks for line in block])


def _with_comments(lines: Sequence[str], key: _Key) -> int:
    """The first line of the comment that stands directly above a key, indented as it is."""
    line = key.line
    while line > 0 and re.match(rf" {{{key.column}}}#", lines[line - 1]):
        line -= 1
    return line


def _whole(block: list[str]) -> list[str]:
    """Each line with its end: the file's last may have had none."""
    end = "\r\n" if block[0].endswith("\r\n") else "\n"
    return [line if line.endswith(("\n", "\r")) else line + end for line in block]
