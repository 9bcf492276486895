"""A spec file: its text, and its documents as nodes that know their position."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

#: The line breaks of libyaml (YAML 1.1).
LINE_ENDS = "\n\r\x85\u2028\u2029"
LINE_END = rf"\r\n|[{LINE_ENDS}]"

#: The keys and indices from a document's root to a value: ("jwt", "private_key").
Route = tuple[str | int, ...]


def route_text(route: Route) -> str:
    """Return a route as people write it: `jwt.private_key`. Its steps must be fields of the model.

    `spec.public.dotted` takes any route, and leaves out what may not be shown.
    """
    return ".".join(map(str, route))


class Place(NamedTuple):
    """A position in a file. Lines and columns count from 1."""

    line: int
    column: int


START = Place(1, 1)


class LineIndex:
    """Finds the lines of a text, whose beginnings are looked up only once.

    Args:
        text: The text.
        line_end: A regular expression for what ends a line.
    """

    __slots__ = ("starts",)

    def __init__(self, text: str, line_end: str = "\n") -> None:
        self.starts = [0, *(found.end() for found in re.finditer(line_end, text))]

    def line_at(self, index: int) -> int:
        """Return the line (counting from 1) of the character at an index."""
        return bisect_right(self.starts, index)

    def place_at(self, index: int) -> Place:
        """Return the position of the character at an index."""
        line = self.line_at(index)
        return Place(line, index - self.starts[line - 1] + 1)


class Fault(NamedTuple):
    """A YAML syntax error, or a duplicate key.

    Messages never quote unknown words from the file, because they could be secrets. `key` is the
    duplicate key. Callers must decide whether they may show it.
    """

    kind: Literal["syntax", "duplicate"]
    message: str
    hint: str
    place: Place
    key: str = ""


class Ambiguous(NamedTuple):
    """A plain scalar that YAML 1.1 and 1.2 read differently: `yes`, `012`, `1:30`, `2024-01-01`."""

    text: str


class Span(NamedTuple):
    """Where a scalar, a list or a mapping is written.

    Attributes:
        start: The index of its first character in the text, after its anchor and tag.
        end: The index after its last character.
        style: `'`, `"`, `|`, `>`, `{` or `[`. Empty for plain scalars and block collections.
        place: Where it begins, anchor and tag included: the position of the node or the key.
    """

    start: int
    end: int
    style: str
    place: Place


Scalar = str | int | float | bool | None | Ambiguous


class Node:
    """One value of a YAML document: a scalar, a list of nodes, or a mapping of names to nodes."""

    __slots__ = ("height", "keys", "place", "size", "span", "tag", "text", "value", "weight")

    def __init__(self, value: "Scalar | list[Node] | dict[str, Node]", place: Place) -> None:
        self.value = value
        self.place = place
        self.span: Span | None = None  # None for nodes that a profile created
        self.keys: dict[str, Place] = {}  # the position of each key of a mapping
        self.text: str | None = None  # a plain scalar as it is written
        self.tag = ""  # another program's own; a spec has none
        # With aliases expanded:
        self.size = 1  # nodes, this one included
        self.height = 0  # levels below this one
        self.weight = 0  # characters in all scalars

    def data(self) -> object:
        """Return plain Python values, for the models."""
        if isinstance(self.value, dict):
            return {key: node.data() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return self.value

    def find(self, route: Route) -> "Node | None":
        """Return the node at a route, or None."""
        node: Node | None = self
        for step in route:
            node = None if node is None else _child(node, step)
        return node

    def place_of(self, route: Route, *, key: bool = False) -> Place:
        """Return the position of the value (or the key) at a route, or of its nearest parent.

        For a list or mapping that starts below its key, this is the key's position, because that
        is where people look.
        """
        place, node = self.place, self
        for position, step in enumerate(route):
            child = _child(node, step)
            if child is None:
                return place
            at_key = node.keys.get(str(step), child.place)
            last = position == len(route) - 1
            is_block = isinstance(child.value, dict | list) and child.place.line != at_key.line
            place = at_key if (key and last) or is_block or not last else child.place
            node = child
        return place

    def scalars(self, route: Route = ()) -> "Iterator[tuple[Route, Node]]":
        """Yield every scalar in this node, with its route."""
        if isinstance(self.value, dict):
            for key, node in self.value.items():
                yield from node.scalars((*route, key))
        elif isinstance(self.value, list):
            for index, node in enumerate(self.value):
                yield from node.scalars((*route, index))
        else:
            yield route, self


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node.value, dict):
        return node.value.get(str(step))
    if isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


class Source:
    """A file: its text, its documents, and its YAML faults.

    Attributes:
        scalars: The span of every scalar, keys included, in the order of the text. Between them
            are only indentation, punctuation, comments, anchors, aliases and tags.
        fragment: The part that was read of the document in which a fault occurred.
        reached: The index up to which the text was read: its length if there was no fault.
    """

    __slots__ = (
        "documents",
        "faults",
        "fragment",
        "line_index",
        "masked",
        "path",
        "public",
        "reached",
        "scalars",
        "shown",
        "text",
    )

    def __init__(self, path: Path, shown: str, text: str) -> None:
        self.path = path
        self.shown = shown  # the path for messages, as you wrote it
        self.text = text
        self.documents: list[Node] = []
        self.faults: list[Fault] = []
        self.scalars: list[Span] = []
        self.fragment: Node | None = None
        self.reached = 0
        self.line_index: LineIndex | None = None
        # Caches of masking.py for all findings in the file.
        self.public: dict[Place, int] | None = None
        self.masked: dict[int, str] = {}

    def line(self, number: int) -> str:
        """Return a line's text (counting from 1) without its line break; empty after the last."""
        start, end = self.line_span(number)
        return self.text[start:end].rstrip(LINE_ENDS)

    def line_span(self, number: int) -> tuple[int, int]:
        """Return where a line (counting from 1) begins and ends, its line break included."""
        starts = self._lines().starts
        if number > len(starts):
            return len(self.text), len(self.text)
        return starts[number - 1], starts[number] if number < len(starts) else len(self.text)

    def line_at(self, index: int) -> int:
        """Return the line (counting from 1) of the character at an index."""
        return self._lines().line_at(index)

    def place_at(self, index: int) -> Place:
        """Return the position of the character at an index."""
        return self._lines().place_at(index)

    def _lines(self) -> LineIndex:
        if self.line_index is None:
            self.line_index = LineIndex(self.text, LINE_END)
        return self.line_index
