"""Sort the keys of a spec in the order of the documentation, along with the comments above them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pydantic import BaseModel

from sfcred.fix.documents import data_of, source_data, source_of
from sfcred.spec.model import App, ClientCredentials, Doctor, Jwt, N8n, OAuth2, Spec
from sfcred.spec.source import Node, Source

_MODELS: dict[str, type[BaseModel]] = {
    "oauth2": OAuth2,
    "jwt": Jwt,
    "client_credentials": ClientCredentials,
    "app": App,
    "n8n": N8n,
    "doctor": Doctor,
}
_SECTIONS = {name: list(model.model_fields) for name, model in _MODELS.items()}
# Version and name come first.
_SPEC = list(dict.fromkeys(["version", "name", *Spec.model_fields]))


def in_order(text: str) -> str:
    """Return a text with the keys of each spec and its sections in order.

    A comment directly above a key moves with it. Comments above a spec's first key stay at the top.
    Mappings in braces and those with unknown keys stay as they are. If moving keys would change the
    data (an alias that ends up before its anchor), everything stays as it is.

    Args:
        text: A file of specs, readable as YAML.
    """
    source = source_of(text)
    lines = _lines(source)
    comments = _comments(source)
    # Sections first: sorting the spec's own keys then moves each section as one block.
    for mapping in sorted(_mappings(source), key=lambda m: m.keys[0].column, reverse=True):
        _sort(lines, comments, mapping)
    changed = "".join(lines)
    return changed if data_of(changed) == source_data(source) else text


class _Key(NamedTuple):
    """A key's line and column, counted from 0, and its rank in the order."""

    line: int
    column: int
    rank: int


class _Mapping(NamedTuple):
    """A mapping's keys, and the line after its end."""

    keys: list[_Key]
    end: int


def _lines(source: Source) -> list[str]:
    """Return the lines as the YAML reader counts them, with their endings."""
    numbers = range(1, source.line_at(len(source.text)) + 1)
    lines = [source.text[slice(*source.line_span(number))] for number in numbers]
    return lines if lines[-1] else lines[:-1]


def _comments(source: Source) -> list[int | None]:
    """Return each line's column of the comment, if it has nothing else; otherwise None."""
    inside = {
        line
        for span in source.scalars
        for line in range(source.line_at(span.start), source.line_at(span.end - 1) + 1)
    }
    return [
        len(line) - len(line.lstrip(" "))
        if line.lstrip(" ").startswith("#") and number not in inside
        else None
        for number, line in enumerate(_lines(source), 1)
    ]


def _mappings(source: Source) -> Iterator[_Mapping]:
    """Yield the mappings of a source whose keys have an order, but aren't in it."""
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
    # A block scalar ends at the start of a line below it.
    return _Mapping(keys, source.line_at(max(span.end - 1, span.start)))


def _sort(lines: list[str], comments: list[int | None], mapping: _Mapping) -> None:
    """Sort the blocks of a mapping's keys in place.

    Args:
        lines: The file's lines. Those of the mapping are reordered.
        comments: The column of each line's comment, reordered in the same way.
        mapping: The mapping.
    """
    first, *others = mapping.keys
    # A comment above a spec's first key is about the file.
    beginning = _with_comments(comments, first) if first.column else first.line
    starts = [beginning, *(_with_comments(comments, key) for key in others)]
    ends = [*starts[1:], mapping.end]
    blocks = sorted(zip((key.rank for key in mapping.keys), starts, ends, strict=True))
    moved = [line for _rank, start, end in blocks for line in range(start, end)]
    block = slice(beginning, mapping.end)
    lines[block] = _whole([lines[line] for line in moved])
    comments[block] = [comments[line] for line in moved]


def _with_comments(comments: list[int | None], key: _Key) -> int:
    """Return the first line of the comment directly above a key, in the same column."""
    line = key.line
    while line > 0 and comments[line - 1] == key.column:
        line -= 1
    return line


def _whole(block: list[str]) -> list[str]:
    """Return lines that all have an ending, because the file's last one may not."""
    end = "\r\n" if block[0].endswith("\r\n") else "\n"
    return [line + end if line.splitlines() == [line] else line for line in block]
