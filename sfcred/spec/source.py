"""YAML text becomes nodes that know where they are written: the only reader of specs.

PyYAML's values are wrong for a configuration that people write by hand (YAML 1.1 reads `no`,
`012`, `1:30` and `2.10` as something else, and keeps the last of two equal keys in silence),
and its composer recurses. So libyaml's events are turned into nodes here, iteratively, with
limits, and a plain scalar is a text, a true number, `true`, `false` or nothing. What YAML 1.1
and 1.2 disagree about becomes an `Ambiguous` value, which no field accepts.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import yaml

from sfcred.errors import ReadError
from sfcred.files import read_regular
from sfcred.spec import limits

#: The most a spec file may hold, in bytes.
MAX_BYTES = limits.FILE_BYTES

#: What some editors of Windows write in front of a text.
BYTE_ORDER_MARK = "\ufeff"

_TOO_DEEP = f"is nested deeper than {limits.DEPTH} levels"
_TOO_DEEP_HINT = "A spec needs five levels; look for a missing line end."

# What libyaml (YAML 1.1) takes for a line's end.
_LINE_ENDS = "\n\r\x85\u2028\u2029"
_LINE_END = rf"\r\n|[{_LINE_ENDS}]"

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
        return self.text[start:end].rstrip(_LINE_ENDS)

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
            self.lines_ = [0, *(end.end() for end in re.finditer(_LINE_END, self.text))]
        return self.lines_


def read(path: Path, shown: str | None = None) -> Source:
    """Reads a file of specs. What is wrong with it is in `faults`; nothing is raised.

    Args:
        path: The file.
        shown: The path as messages shall show it.

    Returns:
        The source, with every document that could be read.
    """
    shown = str(path) if shown is None else shown
    try:
        content = read_regular(path, MAX_BYTES)
    except ReadError as error:
        source = Source(path, shown, "")
        reason = error.message.removeprefix(f"{path}: ")
        source.faults.append(Fault("syntax", f"can't be read: {reason}", error.hint, START))
        return source
    return parse(content, path, shown)


def parse(content: bytes, path: Path, shown: str) -> Source:
    """As `read`, for bytes that are at hand (UTF-8, with or without a byte order mark)."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = Source(path, shown, "")
        source.faults.append(_encoding_fault(content, error))
        return source
    # libyaml drops a mark without counting it, and its places would be off by one.
    return parse_text(text.lstrip(BYTE_ORDER_MARK), path, shown)


def parse_text(text: str, path: Path, shown: str) -> Source:
    """As `read`, for a text that is at hand, without a byte order mark."""
    source = Source(path, shown, text)
    fault = _character_fault(text)
    if fault is not None:
        source.faults.append(fault)
        return source
    _Builder(source).build()
    _refuse_long_lines(source)
    if not source.documents and not source.faults:
        hint = "Write a spec into it (see examples/), or remove the file."
        source.faults.append(Fault("syntax", "holds no spec: it is empty", hint, START))
    return source


def _encoding_fault(content: bytes, error: UnicodeDecodeError) -> Fault:
    before = content[: error.start]
    line = before.count(b"\n") + 1
    column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault("syntax", "is UTF-16 text", "Save the file as UTF-8.", START)
    return Fault(
        "syntax",
        "is not UTF-8 text",
        "Save the file as UTF-8; if it is no text at all, it doesn't belong here.",
        Place(line, column),
    )


def _character_fault(text: str) -> Fault | None:
    # YAML 1.2, production [1] c-printable.
    bad = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if bad is None:
        return None
    before = text[: bad.start()]
    place = Place(before.count("\n") + 1, len(before.rsplit("\n", 1)[-1]) + 1)
    return Fault(
        "syntax",
        f"holds a control character (U+{ord(bad.group()):04X}), which YAML forbids",
        "Remove it; if the file is binary, it doesn't belong here.",
        place,
    )


def _refuse_long_lines(source: Source) -> None:
    """Nothing is examined whose line can't be shown; another fault says enough."""
    if len(source.text) <= limits.LINE:
        return
    lines = enumerate(re.split(_LINE_END, source.text), 1)
    number = next((number for number, line in lines if len(line) > limits.LINE), None)
    if number is None:
        return
    source.documents.clear()
    if not any(fault.kind == "syntax" for fault in source.faults):
        message = f"has a line of more than {limits.LINE} characters"
        hint = "Break the line: write each value, and each entry of a list, on its own line."
        source.faults.append(Fault("syntax", message, hint, Place(number, 1)))


class _Stop(Exception):
    """Reading ends here, with this fault."""

    def __init__(self, message: str, hint: str, place: Place) -> None:
        super().__init__(message)
        self.fault = Fault("syntax", message, hint, place)


class _Open(NamedTuple):
    """A mapping or list whose end has not come yet."""

    node: Node
    key: list[str]  # of a mapping: the key that waits for its value; at most one
    anchor: str | None


class _Builder:
    """Turns libyaml's events into the documents of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.open: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.nodes = 0  # of this document
        self.file_nodes = 0
        self.file_weight = 0

    def build(self) -> None:
        """Reads all events; the first syntax fault ends it, what came before stays."""
        # The C loader is libyaml's; a PyYAML built without it still has the same events.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(self.source.text, Loader=loader):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            self._give_up(_syntax_fault(error, self.source))
        except _Stop as stop:
            self._give_up(stop.fault)
        else:
            self.source.reached = len(self.source.text)

    def _give_up(self, fault: Fault) -> None:
        """Keeps what was read of the document: what is known of it may be shown."""
        self.source.faults.append(fault)
        while self.open:
            node, *_ = self.open.pop()
            self._hang(node)
            self.source.fragment = node

    def _take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent():
                self._start(event, self._node({}, event, "{"))
            case yaml.SequenceStartEvent():
                self._start(event, self._node([], event, "["))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent():
                self.anchors, self.nodes = {}, 0
                if len(self.source.documents) >= limits.DOCUMENTS:
                    message = f"has more than {limits.DOCUMENTS} documents"
                    raise _Stop(message, "Split it into several files.", _place(event))
            case _:
                pass  # the stream's and the documents' ends carry nothing

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        place = _place(event)
        if len(event.value) > limits.SCALAR:
            message = f"has a text of more than {limits.SCALAR} characters"
            hint = "Shorten it; a secret belongs into a file or a store, with a reference here."
            raise _Stop(message, hint, place)
        span = self._span(event, place, event.style or "")
        self.source.reached = max(self.source.reached, span.end)
        if span.end > span.start:
            self.source.scalars.append(span)
        waiting = self.open[-1] if self.open else None
        if waiting is not None and isinstance(waiting.node.value, dict) and not waiting.key:
            self._key(waiting, event.value, place)
            return
        _refuse_tag(event.tag, place)
        plain = event.style is None or event.style == ""
        node = Node(plain_value(event.value) if plain and not event.tag else event.value, place)
        node.text = event.value if plain else None
        node.span = span
        node.weight = len(event.value)
        self._add(node, event.anchor)

    def _key(self, waiting: _Open, key: str, place: Place) -> None:
        if len(waiting.node.keys) >= limits.ENTRIES:
            raise _too_many(place)
        waiting.node.weight += len(key)
        waiting.key.append(key)
        if key in waiting.node.keys:
            first = waiting.node.keys[key]
            message = f"stands twice: first in line {first.line}"
            hint = "Keep one of the two; YAML readers use one of them in silence."
            self.source.faults.append(Fault("duplicate", message, hint, place, key))
            if len(self.source.faults) >= limits.MISFITS:
                message = f"has {limits.MISFITS} keys that stand twice; it is read no further"
                raise _Stop(message, "Correct these first.", place)
        else:
            waiting.node.keys[key] = place

    def _start(self, event: yaml.CollectionStartEvent, node: Node) -> None:
        _refuse_tag(event.tag, node.place)
        if len(self.open) >= limits.DEPTH:
            raise _Stop(_TOO_DEEP, _TOO_DEEP_HINT, node.place)
        if self.open and isinstance(self.open[-1].node.value, dict) and not self.open[-1].key:
            hint = "Write a plain name before the colon; braces belong to its value."
            raise _Stop("has a list or a mapping as a key", hint, node.place)
        self.open.append(_Open(node, [], event.anchor))

    def _end(self, event: yaml.CollectionEndEvent) -> None:
        done = self.open.pop()
        if done.node.span is not None:
            # The end of a block is told where the next thing begins: too late.
            if done.node.span.style and event.end_mark is not None:
                self.source.reached = event.end_mark.index
            done.node.span = done.node.span._replace(end=self.source.reached)
        self._add(done.node, done.anchor)

    def _node(
        self, value: "list[Node] | dict[str, Node]", event: yaml.CollectionStartEvent, style: str
    ) -> Node:
        node = Node(value, _place(event))
        node.span = self._span(event, node.place, style if event.flow_style else "")
        return node

    def _span(self, event: yaml.NodeEvent, place: Place, style: str) -> Span:
        """Where a node is written, without its anchor and tag."""
        start = event.start_mark.index if event.start_mark else 0
        end = event.end_mark.index if event.end_mark else start
        if event.anchor or getattr(event, "tag", None):
            properties = _PROPERTIES.match(self.source.text, start, end)
            start = properties.end() if properties else start
        return Span(start, end, style, place)

    def _alias(self, event: yaml.AliasEvent) -> None:
        place, name = _place(event), event.anchor or ""
        node = self.anchors.get(name)
        if node is None:
            message = "has an alias (`*`) that refers to an anchor not defined before it"
            hint = "Define its anchor (`&`) further up; a star that is meant needs quotes."
            raise _Stop(message, hint, place)
        if len(self.open) + node.height > limits.DEPTH:
            raise _Stop(_TOO_DEEP, "Write it without aliases.", place)
        if event.end_mark is not None:
            self.source.reached = event.end_mark.index
        self._add(node, None, place)

    def _add(self, node: Node, anchor: str | None, alias_at: Place | None = None) -> None:
        """Puts a finished node where it belongs: its parent, or the list of documents."""
        if anchor:
            self.anchors[anchor] = node
        self._count(node, alias_at)
        if not self.open:
            if node.value is not None:  # an empty document between two `---` is no spec
                self.source.documents.append(node)
            return
        parent, key, _ = self.open[-1]
        parent.size += node.size
        parent.weight += node.weight
        parent.height = max(parent.height, node.height + 1)
        if isinstance(parent.value, dict) and not key:
            raise _Stop("has an alias as a key", "Write the name out.", alias_at or node.place)
        if isinstance(parent.value, list) and len(parent.value) >= limits.ENTRIES:
            raise _too_many(alias_at or node.place)
        self._hang(node)

    def _hang(self, node: Node) -> None:
        """Puts a node into the innermost list or mapping that is open."""
        if not self.open:
            return
        parent, key, _ = self.open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict) and key:
            parent.value.setdefault(key.pop(), node)

    def _count(self, node: Node, alias_at: Place | None) -> None:
        """Stops at aliases that make a large document, or a large file, of a small one."""
        is_new = alias_at is None
        self.nodes += 1 if is_new else node.size
        self.file_nodes += 1 if is_new else node.size
        if not is_new or not isinstance(node.value, dict | list):
            self.file_weight += node.weight
        place = alias_at or node.place
        if self.nodes > limits.NODES:
            message = f"has more than {limits.NODES} values once its aliases are expanded"
            raise _Stop(message, "Write it without aliases.", place)
        if self.file_nodes > limits.FILE_NODES or self.file_weight > limits.TEXT:
            message = f"has more than {limits.FILE_NODES} values, or more than 4 MB of text,"
            raise _Stop(f"{message} once its aliases are expanded", "Write less into it.", place)


def _too_many(place: Place) -> _Stop:
    message = f"has a list or a mapping of more than {limits.ENTRIES} entries"
    return _Stop(message, "Write several specs; a spec needs a few entries.", place)


# An anchor and a tag, in either order, with what may stand between them and the value.
_PROPERTIES = re.compile(rf"(?:[&!]\S*+(?:\s++|#[^{_LINE_ENDS}]*+)*+)*+")


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return START if mark is None else Place(mark.line + 1, mark.column + 1)


# Ansible's, Home Assistant's, CloudFormation's and YAML's own. Another one may be a secret.
_KNOWN_TAGS = (
    "vault|secret|include|env_var|env|ENV|file|reference|sops|Ref|Sub|GetAtt"
    "|binary|bool|float|int|null|omap|pairs|set|timestamp"
)


def _refuse_tag(tag: str | None, place: Place) -> None:
    if tag in (
        None,
        "!",
        "tag:yaml.org,2002:str",
        "tag:yaml.org,2002:map",
        "tag:yaml.org,2002:seq",
    ):
        return
    hint = "Write the plain value; for a secret, a reference such as {env: NAME}."
    name = str(tag).removeprefix("tag:yaml.org,2002:").removeprefix("!")
    which = f" (`!{name}`)" if re.fullmatch(_KNOWN_TAGS, name) else ""
    raise _Stop(f"has a YAML tag{which}, and sfcred knows none", hint, place)


def _syntax_fault(error: yaml.MarkedYAMLError, source: Source) -> Fault:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark is not None else START
    # Looking ahead, libyaml (0.2.6 and later) meets its own limit before its events reach ours.
    if error.problem == "exceeded maximum nesting depth":
        return Fault("syntax", _TOO_DEEP, _TOO_DEEP_HINT, place)
    line = source.line(place.line)
    if line[place.column - 1 : place.column] == "\t" or re.match(r" *\t", line):
        hint = "Replace each tab by spaces (two per level)."
        return Fault("syntax", "has a tab where YAML wants spaces", hint, place)
    problem = " ".join(part for part in (error.context, error.problem) if part)
    return Fault(
        "syntax",
        f"is not valid YAML: {_unquoted(problem)}",
        "Look at this line and the one before it: indentation, a missing colon, or a value "
        "that needs quotes (one with `: `, ` #`, or a leading `{ [ & * ! @ %`).",
        place,
    )


def _unquoted(problem: str) -> str:
    """A parser's message without what it quotes of the file; signs and its own words stay."""

    def shown(found: re.Match[str]) -> str:
        own = len(found[2]) == 1 or re.fullmatch(r"<[a-z ]+>", found[2])
        return found[0] if own else "…"

    return re.sub(r"(['\"])(.*?)\1", shown, problem)


def plain_value(text: str) -> Scalar:
    """What an unquoted scalar means here.

    Args:
        text: The scalar as written.

    Returns:
        None, bool, int, float or str where YAML 1.1 and YAML 1.2's core schema agree;
        `Ambiguous` where they don't, or where a date or an odd number was written.
    """
    if not text or text[0] not in "0123456789+-.~nNtTfFyYoO":
        return text or None
    if text in ("~", "null", "Null", "NULL"):
        return None
    lower = text.lower()
    if lower in ("true", "false"):
        return lower == "true"
    if lower in ("yes", "no", "on", "off", "y", "n"):
        return Ambiguous(text)
    return _number(text) if text[0] in "0123456789+-." else text


def _number(text: str) -> Scalar:
    if re.fullmatch(r"[-+]?(0|[1-9][0-9]{0,17})", text):
        return int(text)
    if re.fullmatch(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}", text):
        return float(text)
    odd = (
        r"[-+]?[0-9][0-9_]*"  # 012, 1_000, or too long to be exact
        r"|[-+]?0[box][0-9a-fA-F_]+"
        r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"  # 1:30 is 90 in YAML 1.1
        r"|[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9_]+|[0-9]+)([eE][-+]?[0-9]+)?"
        r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
        r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?"  # a date
    )
    return Ambiguous(text) if re.fullmatch(odd, text) else text
