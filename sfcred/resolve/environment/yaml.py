"""Helpers for reading other programs' YAML with the reader for specs, which has its limits."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from sfcred.spec.reader import parse
from sfcred.spec.source import Node, Place

#: The tags of Compose: take away what is below, or take its place instead of adding to it.
_RESET, _OVERRIDE = "!reset", "!override"


def documents(content: bytes, path: Path) -> list[Node] | Place:
    """Return the documents of a YAML file, or where it breaks a rule or a limit of specs."""
    source = parse(content, path, str(path), takes_tags=True)
    if source.faults:
        return source.faults[0].place
    for root in source.documents:
        _forget_tags(root)
    return source.documents


def _forget_tags(root: Node) -> None:
    """Remove the tags below an `!override`: Compose doesn't look at them."""
    seen: set[tuple[int, bool]] = set()
    waiting = [(root, False)]
    while waiting:
        node, is_below = waiting.pop()
        if (id(node), is_below) in seen:
            continue
        seen.add((id(node), is_below))
        node.tag = "" if is_below else node.tag
        is_below = is_below or node.tag == _OVERRIDE
        waiting += [(child, is_below) for child in _children(node)]


def _children(node: Node) -> Iterable[Node]:
    if isinstance(node.value, dict):
        return node.value.values()
    return node.value if isinstance(node.value, list) else ()


def mapping(node: Node | None) -> dict[str, Node]:
    """Return a mapping's entries, with merge keys (`<<`) applied; empty for anything else."""
    return {key: value for key, value in _entries(node).items() if value.tag != _RESET}


def reset_keys(node: Node | None) -> frozenset[str]:
    """Return the keys of a mapping that take away what is below them."""
    return frozenset(key for key, value in _entries(node).items() if value.tag == _RESET)


def lone_keys(node: Node | None) -> frozenset[str]:
    """Return the keys of a mapping that leave nothing of what is below them."""
    own = {_RESET, _OVERRIDE}
    return frozenset(key for key, value in _entries(node).items() if value.tag in own)


def _entries(node: Node | None) -> dict[str, Node]:
    if node is None or not isinstance(node.value, dict):
        return {}
    own = {key: value for key, value in node.value.items() if key != "<<"}
    merged: dict[str, Node] = {}
    below = node.value.get("<<")
    for other in reversed(one_or_more(below)):
        merged |= _entries(other)
    return merged | own


def items(node: Node | None) -> list[Node]:
    """Return a list's items; empty for anything else."""
    if node is None or not isinstance(node.value, list):
        return []
    return [item for item in node.value if item.tag != _RESET]


def one_or_more(node: Node | None) -> list[Node]:
    """Return a list's items, or else the node itself."""
    return [] if node is None else items(node) if isinstance(node.value, list) else [node]


def text(node: Node | None) -> str | None:
    """Return a scalar as it is written; None for null, a list or a mapping."""
    if node is None or node.value is None or isinstance(node.value, dict | list):
        return None
    return node.text if node.text is not None else str(node.value)


def find(node: Node | None, *keys: str) -> Node | None:
    """Return the node below a mapping at these keys."""
    for key in keys:
        node = mapping(node).get(key)
    return node


def words(node: Node | None) -> Iterator[str]:
    """Yield the words of a command: a list of scalars, or one scalar."""
    for one in one_or_more(node):
        yield from (text(one) or "").split()
