"""Helpers for reading other programs' YAML with the reader for specs, which has its limits."""

from collections.abc import Iterator
from pathlib import Path

from sfcred.spec.reader import parse
from sfcred.spec.source import Node


def documents(content: bytes, path: Path) -> list[Node] | None:
    """Return the documents of a YAML file; None if it can't be read within the limits for specs."""
    source = parse(content, path, str(path))
    return None if source.faults else source.documents


def mapping(node: Node | None) -> dict[str, Node]:
    """Return a mapping's entries, with merge keys (`<<`) applied; empty for anything else."""
    if node is None or not isinstance(node.value, dict):
        return {}
    own = {key: value for key, value in node.value.items() if key != "<<"}
    merged: dict[str, Node] = {}
    below = node.value.get("<<")
    for other in reversed(items(below) or ([below] if below else [])):
        merged |= mapping(other)
    return merged | own


def items(node: Node | None) -> list[Node]:
    """Return a list's items; empty for anything else."""
    return node.value if node is not None and isinstance(node.value, list) else []


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
    for one in items(node) or ([node] if node else []):
        yield from (text(one) or "").split()
