"""Turn YAML text into nodes that know their position in the file.

PyYAML's values don't suit files that people write by hand: YAML 1.1 reads `no`, `012`, `1:30` and
`2.10` as something else, and silently keeps the last of two equal keys. PyYAML's composer also
recurses. So this module builds nodes from libyaml's events, iteratively and within limits. A plain
scalar becomes a string, a number, a boolean or null. Where YAML 1.1 and 1.2 disagree, it becomes an
`Ambiguous` value, which no field accepts.
"""

import re
from typing import NamedTuple

import yaml

from sfcred.spec import limits
from sfcred.spec.scalars import plain_value
from sfcred.spec.source import LINE_ENDS, START, Fault, Node, Place, Source, Span

# A PyYAML that was built without libyaml has no C loader, but the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOO_DEEP = f"is nested deeper than {limits.DEPTH} levels"
_TOO_DEEP_HINT = "A spec needs only five levels. Check for a missing line break."


class _Stop(Exception):
    """Stop reading at this fault."""

    def __init__(self, message: str, hint: str, place: Place) -> None:
        super().__init__(message)
        self.fault = Fault("syntax", message, hint, place)


class _Open(NamedTuple):
    """A mapping or list whose end hasn't been read yet."""

    node: Node
    key: list[str]  # in a mapping: the key that is waiting for its value; at most one
    anchor: str | None


class Builder:
    """Builds the documents of one source from libyaml's events.

    Args:
        source: The source. Its documents are added to it.
        takes_tags: Accept tags such as `!reset`, which are not for specs.
    """

    def __init__(self, source: Source, *, takes_tags: bool = False) -> None:
        self.source = source
        self.takes_tags = takes_tags
        self.open: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.nodes = 0  # in this document
        self.file_nodes = 0
        self.file_weight = 0

    def build(self) -> None:
        """Read all events. Stop at the first syntax fault, and keep what came before it."""
        try:
            for event in yaml.parse(self.source.text, Loader=_LOADER):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            self._give_up(_syntax_fault(error, self.source))
        except _Stop as stop:
            self._give_up(stop.fault)
        else:
            self.source.reached = len(self.source.text)

    def _give_up(self, fault: Fault) -> None:
        """Keep the part of the document that was read, so that reports can show it."""
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
                pass  # the ends of documents and of the stream carry no data

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        place = _place(event)
        if len(event.value) > limits.SCALAR:
            message = f"has a value of more than {limits.SCALAR} characters"
            hint = "Shorten it. Keep a secret in a file or a secret store, and refer to it here."
            raise _Stop(message, hint, place)
        span = self._span(event, place, event.style or "")
        self.source.reached = max(self.source.reached, span.end)
        if span.end > span.start:
            self.source.scalars.append(span)
        waiting = self.open[-1] if self.open else None
        if waiting is not None and isinstance(waiting.node.value, dict) and not waiting.key:
            self._key(waiting, event.value, place)
            return
        tag = self._tag(event, place)
        plain = event.style is None or event.style == ""
        node = Node(plain_value(event.value) if plain and not event.tag else event.value, place)
        node.text = event.value if plain else None
        node.tag = tag
        node.span = span
        node.weight = len(event.value)
        self._add(node, event.anchor)

    def _tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, place: Place) -> str:
        """Return a node's own tag, if the source may have one."""
        if self.takes_tags and event.tag and re.match("![^!]", event.tag):
            return str(event.tag)
        _refuse_tag(event.tag, place)
        return ""

    def _key(self, waiting: _Open, key: str, place: Place) -> None:
        if len(waiting.node.keys) >= limits.ENTRIES:
            raise _too_many(place)
        waiting.node.weight += len(key)
        waiting.key.append(key)
        if key in waiting.node.keys:
            first = waiting.node.keys[key]
            message = f"is set twice: first on line {first.line}"
            hint = "Remove one of the two. YAML parsers silently pick one."
            self.source.faults.append(Fault("duplicate", message, hint, place, key))
            if len(self.source.faults) >= limits.SCHEMA_ERRORS:
                message = f"has {limits.SCHEMA_ERRORS} duplicate keys; the rest was not read"
                raise _Stop(message, "Fix these first.", place)
        else:
            waiting.node.keys[key] = place

    def _start(self, event: yaml.CollectionStartEvent, node: Node) -> None:
        node.tag = self._tag(event, node.place)
        if len(self.open) >= limits.DEPTH:
            raise _Stop(_TOO_DEEP, _TOO_DEEP_HINT, node.place)
        if self.open and isinstance(self.open[-1].node.value, dict) and not self.open[-1].key:
            hint = "Write a plain name before the colon. Braces and brackets belong in its value."
            raise _Stop("has a list or a mapping as a key", hint, node.place)
        self.open.append(_Open(node, [], event.anchor))

    def _end(self, event: yaml.CollectionEndEvent) -> None:
        done = self.open.pop()
        if done.node.span is not None:
            # libyaml reports a block's end only where the next token begins, which is too late.
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
        """Return where a node is written, without its anchor and tag."""
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
            message = "has an alias (`*`) to an anchor that isn't defined before it"
            hint = "Define the anchor (`&`) further up, or quote the value if you mean a star."
            raise _Stop(message, hint, place)
        if len(self.open) + node.height > limits.DEPTH:
            raise _Stop(_TOO_DEEP, "Write the values out instead of using aliases.", place)
        if event.end_mark is not None:
            self.source.reached = event.end_mark.index
        self._add(node, None, place)

    def _add(self, node: Node, anchor: str | None, alias_at: Place | None = None) -> None:
        """Add a finished node to its parent, or to the list of documents."""
        if anchor:
            self.anchors[anchor] = node
        self._count(node, alias_at)
        if not self.open:
            if node.value is not None:  # an empty document between two `---` is not a spec
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
        """Add a node to the innermost open list or mapping."""
        if not self.open:
            return
        parent, key, _ = self.open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict) and key:
            parent.value.setdefault(key.pop(), node)

    def _count(self, node: Node, alias_at: Place | None) -> None:
        """Stop if aliases make a small document or file large."""
        is_new = alias_at is None
        self.nodes += 1 if is_new else node.size
        self.file_nodes += 1 if is_new else node.size
        if not is_new or not isinstance(node.value, dict | list):
            self.file_weight += node.weight
        place = alias_at or node.place
        if self.nodes > limits.NODES:
            message = f"has more than {limits.NODES} values once its aliases are expanded"
            raise _Stop(message, "Write the values out instead of using aliases.", place)
        if self.file_nodes > limits.FILE_NODES or self.file_weight > limits.TEXT:
            message = f"has more than {limits.FILE_NODES} values, or more than 4 MB of text,"
            hint = "Shorten it, or split it into several files."
            raise _Stop(f"{message} once its aliases are expanded", hint, place)


def _too_many(place: Place) -> _Stop:
    message = f"has a list or a mapping of more than {limits.ENTRIES} entries"
    return _Stop(message, "A spec needs only a few entries. Split it into several specs.", place)


# An anchor and a tag in either order, and the white space and comments before the value.
_PROPERTIES = re.compile(rf"(?:[&!]\S*+(?:\s++|#[^{LINE_ENDS}]*+)*+)*+")


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return START if mark is None else Place(mark.line + 1, mark.column + 1)


# Tags of Ansible, Home Assistant, CloudFormation and YAML itself. Any other could be a secret.
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
    hint = "Write the plain value, or for a secret a reference such as {env: NAME}."
    name = str(tag).removeprefix("tag:yaml.org,2002:").removeprefix("!")
    which = f" (`!{name}`)" if re.fullmatch(_KNOWN_TAGS, name) else ""
    raise _Stop(f"has a YAML tag{which}; specs can't have tags", hint, place)


def _syntax_fault(error: yaml.MarkedYAMLError, source: Source) -> Fault:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark is not None else START
    # libyaml (0.2.6 and later) reads ahead, and reaches its own limit before its events reach ours.
    if error.problem == "exceeded maximum nesting depth":
        return Fault("syntax", _TOO_DEEP, _TOO_DEEP_HINT, place)
    line = source.line(place.line)
    if line[place.column - 1 : place.column] == "\t" or re.match(r" *\t", line):
        hint = "Replace each tab with spaces (two per level)."
        return Fault("syntax", "has a tab where YAML requires spaces", hint, place)
    if strange := _strange_character(source, place):
        return strange
    if error.problem == "found unknown escape character":
        return Fault("syntax", _BACKSLASH, _BACKSLASH_HINT, place)
    problem = " ".join(part for part in (error.context, error.problem) if part)
    begin = error.context_mark
    if begin is not None and begin.line + 1 < place.line and _IS_OPEN.search(problem):
        problem += f"; it begins on line {begin.line + 1}"
    hint = (
        "Check this line and the one before it for wrong indentation, a missing colon or space "
        "after it, or a value that needs quotes (one with `: ` or ` #`, or that starts with "
        "`{ [ & * ! @ %`)."
    )
    if re.search(r"\$\{?\w|%\w+%|(?<!\{)(?<!\{ )\benv *: *[A-Z]", line):
        hint += " For an environment variable, write `{env: NAME}`, without the $ or %."
    return Fault("syntax", f"is not valid YAML: {_unquoted(problem)}", hint, place)


# YAML reads `\\s` in double quotes as the beginning of a special character.
_BACKSLASH = "is not valid YAML: a backslash in double quotes doesn't stand for itself"
_BACKSLASH_HINT = (
    "Write paths with `/`, also on Windows: `../secrets/NAME.key`. Otherwise write two."
)
# What a document or a web page has where YAML needs a space or a colon.
_STRANGE = re.compile("[\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufe55\ufeff\uff1a]")
_COLONS, _INVISIBLE = "\ufe55\uff1a", "\u200b\u200c\u200d\u2060\ufeff"
_IS_OPEN = re.compile("unexpected end of stream|did not find expected ','")


def _strange_character(source: Source, place: Place) -> Fault | None:
    """Return the fault, if a character that only looks like a space or a colon causes it."""
    for line in (place.line, place.line - 1):
        start, end = source.line_span(line) if line > 0 else (0, 0)
        found = _STRANGE.search(source.text, start, end)
        if found and _is_valid(source.text[:start] + _plain(source.text[start:end])):
            sign = found[0]
            looks, instead = "only looks like a space", "Type a plain space instead."
            if sign in _INVISIBLE:
                looks, instead = "is invisible", "Delete it, or type the line again."
            elif sign in _COLONS:
                looks, instead = "only looks like a colon", "Type a plain colon instead."
            message = f"is not valid YAML: it has a character that {looks} (U+{ord(sign):04X})"
            return Fault("syntax", message, instead, source.place_at(found.start()))
    return None


def _plain(line: str) -> str:
    """Return a line as it was meant."""

    def meant(found: re.Match[str]) -> str:
        return ":" if found[0] in _COLONS else "" if found[0] in _INVISIBLE else " "

    return _STRANGE.sub(meant, line)


def _is_valid(text: str) -> bool:
    """Return whether the beginning of a file has no fault in it."""
    try:
        for _event in yaml.parse(text, Loader=_LOADER):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return mark is not None and mark.index >= len(text)
    return True


def _unquoted(problem: str) -> str:
    """Return a parser's message without what it quotes from the file.

    Single characters and the parser's own words stay.
    """

    def shown(found: re.Match[str]) -> str:
        own = len(found[2]) == 1 or re.fullmatch(r"<[a-z ]+>", found[2])
        return found[0] if own else "…"

    return re.sub(r"(['\"])(.*?)\1", shown, problem)
