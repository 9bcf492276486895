"""Read the metadata of a file that SOPS encrypted, in the notation that SOPS itself writes.

YAML, JSON, INI and .env can each write the same thing in many ways. sfcred and SOPS might read an
unusual one differently, and SOPS would then ask a server that sfcred hasn't seen. So only what
`sops encrypt` writes is accepted. SOPS also doesn't get the file itself, but the text that this
module returns. In YAML and JSON, its metadata is rewritten from what was read here.

Source: the stores of SOPS 3.11 and 3.13 (stores/yaml, json, dotenv, ini, flatten.go).
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, NoReturn, TypeAlias

Kind = Literal["yaml", "json", "dotenv", "ini", "binary"]
#: A metadata value. Every scalar is a string.
Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"

_DEPTH = 64
_STEPS = 8  # key_groups, its number, the kind, its number, context, a name
# Go's YAML parser treats some of these as line breaks, and editors don't show any of them.
_INVISIBLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_NAME = re.compile(r"[A-Za-z0-9_.:/@=+ -]+")
_ASCII = re.compile(r"[\x20-\x7e\n]*")


class NotAsWritten(Exception):
    """The file isn't written as SOPS writes it. The message doesn't quote the file."""


class Encrypted(NamedTuple):
    """An encrypted file.

    Attributes:
        kind: Its format, as SOPS names it.
        metadata: The content of its `sops` section.
        text: The text for SOPS.
    """

    kind: Kind
    metadata: dict[str, Tree]
    text: str


def kind_of(name: str) -> Kind:
    """Return the format that SOPS assumes for a file of that name (cmd/sops/formats)."""
    kinds: dict[str, Kind] = {
        ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".env": "dotenv", ".ini": "ini"
    }  # fmt: skip
    return next((kind for suffix, kind in kinds.items() if name.endswith(suffix)), "binary")


def read_encrypted(content: bytes, kind: Kind) -> Encrypted:
    """Read an encrypted file.

    Args:
        content: The file's bytes.
        kind: Its format.

    Raises:
        NotAsWritten: It isn't written as SOPS writes it, or SOPS didn't encrypt it.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise NotAsWritten("it is not UTF-8 text") from None
    readers = {"yaml": _yaml, "dotenv": _dotenv, "ini": _ini, "json": _json, "binary": _json}
    metadata, text = readers[kind](text)
    return Encrypted(kind, metadata, text)


# -- JSON, which is also the format of binary files


def _json(text: str) -> tuple[dict[str, Tree], str]:
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
        written = json.dumps(data, allow_nan=False)
        metadata = _texts(data.get("sops")) if isinstance(data, dict) else ""
    except (ValueError, RecursionError):
        raise NotAsWritten("it is not JSON") from None
    if not isinstance(metadata, dict):
        raise NotAsWritten("it has no `sops` section")
    # Go's parser ignores case, and matches some non-ASCII letters with ASCII ones.
    if [key for key in data if key.casefold() == "sops"] != ["sops"]:
        raise NotAsWritten("it has more than one `sops` section")
    return metadata, written


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAsWritten("it has a duplicate name")
    return found


def _no_number(_text: str) -> NoReturn:
    raise NotAsWritten("it is not JSON")


def _texts(value: object) -> Tree:
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


# -- YAML


def _yaml(text: str) -> tuple[dict[str, Tree], str]:
    text = text.replace("\r\n", "\n")
    if _INVISIBLE.search(text):
        raise NotAsWritten("it has control characters")
    if re.search(r"^(?:---|\.\.\.|%)", text, re.MULTILINE):
        raise NotAsWritten("it has a directive, or several documents")
    metadata, line = _YamlReader(text).read()
    before = "".join(text.splitlines(keepends=True)[:line])
    return metadata, f"{before}sops: {json.dumps(_typed(metadata))}\n"


def _typed(metadata: dict[str, Tree]) -> dict[str, object]:
    """Return the metadata with the proper types of the two fields that aren't strings."""
    typed: dict[str, object] = dict(metadata)
    threshold = metadata.get("shamir_threshold")
    if isinstance(threshold, str) and threshold.isdecimal():
        typed["shamir_threshold"] = int(threshold[:9])
    if metadata.get("mac_only_encrypted") in ("true", "false"):
        typed["mac_only_encrypted"] = metadata["mac_only_encrypted"] == "true"
    return typed


class _YamlReader:
    """Read one document from libyaml's events. PyYAML's composer recurses and hides tags."""

    def __init__(self, text: str) -> None:
        import yaml

        self._yaml = yaml
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._events = iter(yaml.parse(text, Loader=loader))

    def read(self) -> tuple[dict[str, Tree], int]:
        """Return the metadata, and the line (counting from 0) on which it begins.

        Raises:
            NotAsWritten: The text is not YAML, or not written as SOPS writes it.
        """
        try:
            return self._document()
        except self._yaml.YAMLError:
            raise NotAsWritten("it is not YAML") from None

    def _document(self) -> tuple[dict[str, Tree], int]:
        next(self._events)  # the stream's start
        self._require(next(self._events), self._yaml.DocumentStartEvent)
        self._require(next(self._events), self._yaml.MappingStartEvent)
        seen: set[str] = set()
        while isinstance(event := next(self._events), self._yaml.ScalarEvent):
            name = self._key(event, seen, strict=False)
            if name == "sops":
                place: Any = event.start_mark
                if event.style not in (None, "") or place.column != 0:
                    raise NotAsWritten("the name `sops` is quoted or indented")
                return self._metadata(), place.line
            self._value(next(self._events), 1, strict=False)
        raise NotAsWritten("it has no `sops` section")

    def _metadata(self) -> dict[str, Tree]:
        event = next(self._events)
        self._require(event, self._yaml.MappingStartEvent)
        metadata = self._value(event, 1, strict=True)
        ends = [type(event) for event in self._events]
        y = self._yaml
        if ends != [y.MappingEndEvent, y.DocumentEndEvent, y.StreamEndEvent]:
            raise NotAsWritten("the `sops` section is not at the end")
        return metadata if isinstance(metadata, dict) else {}

    def _require(self, event: Any, kind: type) -> None:
        if not isinstance(event, kind) or getattr(event, "flow_style", False):
            raise NotAsWritten("it is not a mapping in block style")

    def _key(self, event: Any, seen: set[str], *, strict: bool) -> str:
        name = self._value(event, 0, strict=False)
        if not isinstance(name, str) or name == "<<":
            raise NotAsWritten("it has a merge key, or a key that is not a string")
        plain = getattr(event, "style", None) in (None, "") and _NAME.fullmatch(name)
        if strict and not plain:
            raise NotAsWritten("a name in its `sops` section is quoted")
        if name in seen:
            raise NotAsWritten("it has a duplicate name")
        seen.add(name)
        return name

    def _value(self, event: Any, depth: int, *, strict: bool) -> Tree:
        y = self._yaml
        if depth > _DEPTH:
            raise NotAsWritten("it is nested too deeply")
        if getattr(event, "tag", None) or getattr(event, "anchor", None):
            raise NotAsWritten("it has a tag, an anchor or an alias")
        if isinstance(event, y.ScalarEvent):
            return self._scalar(event) if strict else str(event.value)
        found = (
            self._list(depth, strict=strict)
            if isinstance(event, y.SequenceStartEvent)
            else self._mapping(depth, strict=strict)
        )
        if strict and found and getattr(event, "flow_style", False):
            raise NotAsWritten("its `sops` section is in flow style")
        return found

    def _list(self, depth: int, *, strict: bool) -> list[Tree]:
        found: list[Tree] = []
        while not isinstance(event := next(self._events), self._yaml.SequenceEndEvent):
            found.append(self._value(event, depth + 1, strict=strict))
        return found

    def _mapping(self, depth: int, *, strict: bool) -> dict[str, Tree]:
        found: dict[str, Tree] = {}
        seen: set[str] = set()
        while not isinstance(event := next(self._events), self._yaml.MappingEndEvent):
            name = self._key(event, seen, strict=strict)
            found[name] = self._value(next(self._events), depth + 1, strict=strict)
        return found

    def _scalar(self, event: Any) -> str:
        value, style = str(event.value), event.style
        lines = event.end_mark.line - event.start_mark.line
        if style == ">" or (lines and style != "|"):
            raise NotAsWritten("a value in its `sops` section spans several lines")
        if not _ASCII.fullmatch(value):
            raise NotAsWritten("a value in its `sops` section has unusual characters")
        return "" if not style and value in ("null", "~") else value


# -- .env and .ini: the metadata as flat names


def _dotenv(text: str) -> tuple[dict[str, Tree], str]:
    pairs = []
    for line in text.split("\n"):
        if line.startswith("#") or not line:
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise NotAsWritten("a line has no `=`")
        if name.strip().casefold().startswith("sops_"):
            pairs.append((name.removeprefix("sops_"), value))
    return _unflatten(pairs), text


_SECTION = re.compile(r"\[([^\[\]\"'`;#\\\r\n]+)\]")
# What go-ini writes: bare or quoted, on one line, without a `\` at the end.
_PAIR = re.compile(
    r"([^\s=:\"'`;#\[\]\\][^=:\"'`;#\[\]\\]*)= *"
    r"(\"\"\"[^\"]*\"\"\"|`[^`]*`|\"[^\"`]*\"|(?![\"'` ])(?:[^;#\\]|\\(?=[^\s;#\\]))*)"
)


def _ini(text: str) -> tuple[dict[str, Tree], str]:
    text = text.replace("\r\n", "\n")
    if _INVISIBLE.search(text):
        raise NotAsWritten("it has control characters")
    section, names, pairs = "", list[str](), []
    for line in text.split("\n"):
        if not line or line.startswith(("; ", "# ")):
            continue
        if header := _SECTION.fullmatch(line):
            section = header[1]
            names.append(section)
        elif pair := _PAIR.fullmatch(line):
            pairs += [(pair[1].rstrip(" "), pair[2])] if section == "sops" else []
        else:
            raise NotAsWritten("a line is not `name = value`")
    if [name for name in names if name.strip().casefold() == "sops"] != ["sops"]:
        raise NotAsWritten("it has no `sops` section, or more than one")
    return _unflatten(pairs), text


def _unflatten(pairs: list[tuple[str, str]]) -> dict[str, Tree]:
    """Turn `age__list_0__map_enc` into nested lists and mappings (stores/flatten.go)."""
    found: dict[str | int, object] = {}
    for name, value in pairs:
        if not re.fullmatch(r"[\x20-\x7e]*", value) or "%(" in value or value[:1] in tuple("\"'`"):
            raise NotAsWritten("a value in its metadata has unusual characters")
        _put(found, list(_steps(name)), value.replace("\\n", "\n"))
    metadata = _lists(found)
    if not isinstance(metadata, dict) or not metadata:
        raise NotAsWritten("it has no SOPS metadata")
    return metadata


def _steps(name: str) -> Iterator[str | int]:
    if not _NAME.fullmatch(name):
        raise NotAsWritten("a name in its metadata has unusual characters")
    first, *rest = re.split(r"__(?=list_[0-9]{1,4}(?:__|$)|map_)", name)
    if len(rest) > _STEPS:
        raise NotAsWritten("a name in its metadata has unusual parts")
    yield first
    for step in rest:
        kind, _, what = step.partition("_")
        yield int(what) if kind == "list" else what


def _put(tree: dict[str | int, object], steps: list[str | int], value: str) -> None:
    for step in steps[:-1]:
        below = tree.setdefault(step, {})
        if not isinstance(below, dict):
            raise NotAsWritten("it has a duplicate name")
        tree = below
    if steps[-1] in tree:
        raise NotAsWritten("it has a duplicate name")
    tree[steps[-1]] = value


def _lists(tree: object) -> Tree:
    if not isinstance(tree, dict):
        return str(tree)
    if tree and all(isinstance(key, int) for key in tree):
        if sorted(tree) != list(range(len(tree))):
            raise NotAsWritten("a list in its metadata has gaps")
        return [_lists(tree[number]) for number in range(len(tree))]
    if any(isinstance(key, int) for key in tree):
        raise NotAsWritten("it has a duplicate name")
    return {str(key): _lists(value) for key, value in tree.items()}
