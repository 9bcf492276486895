"""A file of specs: its text, and its documents as nodes that know where they are written."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

#: What libyaml (YAML 1.1) takes for a line's end.
LINE_ENDS = "\n\r\x85\u2028\u2029"
LINE_END = rf"\r\n|[{LINE_ENDS}]"

#: Keys and indices from a document's root to a value: ("jwt", "private_key").
Route = tuple[str | int, ...]


class Place(NamedTuple):
    """A place in a file; both numbers begin at 1."""

    line: int
    column: int


START = Place(1, 1)


class Fault(NamedTuple):
    """What keeps a file from being read as YAML, or a key that stands twice.

    No message repeats the file's own words: an unknown one may be a secret. `key` is the name that
    stands twice, for those who can tell whether it may be shown.
    """

    kind: Literal["syntax", "duplicate"]
    message: str
    hint: str
    place: Place
    key: str = ""


class Ambiguous(NamedTuple):
    """A plain scalar that YAML's versions read differently: `yes`, `012`, `1:30`, `2024-01-01`."""

    text: str


class Span(NamedTuple):
    """Where a scalar, a list or a mapping is written.

    Attributes:
        start: The index of its first character in the text, after its anchor and tag.
        end: The index after its last character.
        style: `'`, `"`, `|`, `>`, `{` or `[`; empty for plain scalars and block collections.
        place: Where it begins, with its anchor and tag: the node's or the key's place.
    """

    start: int
    end: int
    style: str
    place: Place


Scalar = str | int | float | bool | None | Ambiguous


class Node:
    """One value of a YAML document: a scalar, a list of nodes, or a mapping of names to nodes."""

    __slots__ = ("height", "keys", "place", "size", "span", "text", "value", "weight")

    def __init__(self, value: "Scalar | list[Node] | dict[str, Node]", place: Place) -> None:
        self.value = value
        self.place = place
        self.span: Span | None = None  # of what stands in the text: not of a profile's overlay
        self.keys: dict[str, Place] = {}  # of a mapping: where each key stands
        self.text: str | None = None  # of a plain scalar: as it was written
        self.size = 1  # nodes in it, itself and expanded aliases included
        self.height = 0  # levels below it, with expanded aliases
        self.weight = 0  # characters of the texts in it, those of expanded aliases included

    def data(self) -> object:
        """Plain Python values, as the models take them."""
        if isinstance(self.value, dict):
            return {key: node.data() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return self.value

    def find(self, route: Route) -> "Node | None":
        """The node at a route, or None."""
        node: Node | None = self
        for step in route:
            node = None if node is None else _child(node, step)
        return node

    def place_of(self, route: Route, *, key: bool = False) -> Place:
        """Where a route's value stands (or its key); where it doesn't exist, its nearest parent.

        A mapping that is written below its key is found at the key, which is where people look.
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
        """Every scalar below, with its route."""
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
    """One file: its text, its documents, and what is wrong with it as YAML.

    Attributes:
        scalars: Where every scalar is written, keys included, in the text's order. What lies
            between them is indentation, punctuation, comments, anchors, aliases and tags.
        fragment: The document in which a fault ended the reading, as far as it was read.
        reached: The index up to which the text could be read; its length without a fault.
    """

    __slots__ = (
        "documents",
        "faults",
        "fragment",
        "lines_",
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
        self.shown = shown  # the path as the person wrote it: for messages
        self.text = text
        self.documents: list[Node] = []
        self.faults: list[Fault] = []
        self.scalars: list[Span] = []
        self.fragment: Node | None = None
        self.reached = 0
        self.lines_: list[int] | None = None
        # What masking.py found out, once for all findings of the file.
        self.public: dict[Place, int] | None = None
        self.masked: dict[int, str] = {}

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its end; empty beyond the last."""
        start, end = self.line_span(number)
        return self.text[start:end].rstrip(LINE_ENDS)

    def line_span(self, number: int) -> tuple[int, int]:
        """Where a line (from 1) begins and ends in the text, its line end included."""
        starts = self._line_starts()
        if number > len(starts):
            return len(self.text), len(self.text)
        return starts[number - 1], starts[number] if number < len(starts) else len(self.text)

    def line_at(self, index: int) -> int:
        """The line (from 1) of a character."""
        return bisect_right(self._line_starts(), index)

    def _line_starts(self) -> list[int]:
        if self.lines_ is None:
            self.lines_ = [0, *(end.end() for end in re.finditer(LINE_END, self.text))]
        return self.lines_
