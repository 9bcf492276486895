"""Read workflows from JSON in every shape that n8n and its users write.

One workflow (the editor's download, `export:workflow --separate` and `--backup`), a list of them
(`--all`), an API answer (`{"data": […]}`), a template (`{"workflow": {…}}`, also with a list of
the icons of its nodes beside it), what the editor copies to the clipboard (without a name), and
several JSON values in a row. Workflows inside Execute Workflow nodes are workflows, too.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from math import inf

from sfcred.n8n.export import encoding_of
from sfcred.spec.source import Place
from sfcred.workflows import limits
from sfcred.workflows.model import (
    CredentialLink,
    FileFault,
    Json,
    Workflow,
    WorkflowFile,
    WorkflowNode,
)
from sfcred.workflows.scan import JsonError, JsonText

#: Keys of objects around workflows.
_WRAPPERS = ("data", "workflow", "workflows")
_MOST_VERSIONS = 10_000
_EXPORT = "Export workflows: n8n export:workflow --all --output=FILE."
_DOWNLOAD = "Download the workflow in n8n's editor, or run n8n export:workflow --all --output=FILE."
#: What n8n writes to standard output before the JSON: lines that begin with a word or a color.
_LOG = re.compile(r"(?:[\w\x1b][^\n]*+\n)++[ \t]*+(?=[\[{])")
#: What other tools make of workflows, by the ends of files' names and by how a text begins.
_OTHER_FORMATS = (
    ((".md", ".markdown", ".mdx"), re.compile("```"), "Markdown"),
    ((".yaml", ".yml"), re.compile(r"---\s|%YAML|[\w-]+:(?:\s|$)|- \w+:"), "YAML"),
    (
        (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"),
        re.compile(r"(?:import|export|const)\b|/[/*]|['\"]use strict"),
        "TypeScript or JavaScript",
    ),
    ((".html", ".htm", ".xml"), re.compile("<[!?\\w]"), "HTML or XML"),
)


def read_text(text: str, shown: str) -> WorkflowFile:
    """Return the workflows in a text.

    Args:
        text: The JSON.
        shown: Where it comes from, for messages.
    """
    return _Reader(text, shown).read()


def decode(content: bytes) -> str:
    """Return a file's text. Windows PowerShell writes UTF-16.

    Raises:
        ValueError: It is not text.
    """
    return content.decode(encoding_of(content)).removeprefix("\ufeff")


class _Reader:
    def __init__(self, text: str, shown: str) -> None:
        self._json = JsonText(text)
        self._shown = shown
        self._found: list[Workflow] = []
        self._faults: list[FileFault] = []
        self._empty = False  # an empty list of workflows
        self._others: list[int] = []  # where entries of lists begin that are no workflows

    def read(self) -> WorkflowFile:
        text = self._json.text
        try:
            log = _LOG.match(text)
            at = self._json.start(log.end() if log else 0)
            while at < len(text):
                at = self._json.start(self._value(at, 0))
        except JsonError as error:
            self._found.clear()  # a part of a file says nothing about the rest
            self._others.clear()
            self._not_json(error)
        if not (self._found or self._faults or self._empty):
            self._fault(_what(text) or "is JSON, but not an n8n workflow", 0, _EXPORT)
        elif self._found:
            for other in self._others:
                self._fault("has an entry that is not an n8n workflow", other, _EXPORT)
        return WorkflowFile(
            shown=self._shown,
            text=text,
            workflows=tuple(self._found),
            faults=tuple(self._faults),
        )

    def _not_json(self, error: JsonError) -> None:
        kind = _other_format(self._json.text, self._shown)
        if kind:
            self._fault(f"is {kind}, but sfcred reads n8n's own JSON", 0, _DOWNLOAD)
        else:
            hint = f"The file may be cut off or have merge-conflict marks. {_EXPORT}"
            self._fault(str(error), error.index, hint)

    def _fault(self, message: str, index: int, hint: str) -> None:
        if len(self._faults) < limits.FAULTS:
            place = self._json.place(index)
            self._faults.append(FileFault(self._shown, message, hint, place))

    # -- the objects and lists around workflows

    def _value(self, at: int, depth: int) -> int:
        sign = self._json.text[at : at + 1]
        if depth <= limits.WRAPPERS and sign == "{":
            return self._object(at, depth)
        if depth <= limits.WRAPPERS and sign == "[":
            before = at
            end = self._json.items(at, lambda item: self._entry(item, depth + 1))
            self._empty |= not self._json.text[before + 1 : end - 1].strip()
            return end
        end = self._json.value(at)[1]
        if depth > limits.WRAPPERS and '"nodes"' in self._json.text[at:end]:
            self._fault("has objects nested too deeply to be read", at, _EXPORT)
        return end

    def _entry(self, at: int, depth: int) -> int:
        before = len(self._found), len(self._faults), len(self._others)
        end = self._value(at, depth)
        if before == (len(self._found), len(self._faults), len(self._others)):
            self._others.append(at)
        return end

    def _object(self, at: int, depth: int) -> int:
        fields: dict[str, Json] = {}
        nodes: list[WorkflowNode] | None = None
        untyped: list[int] = []
        known = len(self._found)

        def take(key: str, start: int) -> int:
            nonlocal nodes, untyped
            sign = self._json.text[start : start + 1]
            if key == "nodes" and sign == "[":
                nodes, untyped = [], []
                return self._nodes(start, nodes, untyped)
            if key in _WRAPPERS and sign in ("{", "["):
                return self._value(start, depth + 1)
            fields[key], end = self._json.value(start)
            return end

        end = self._json.members(at, take)
        is_around_one = len(self._found) > known and not nodes and "connections" not in fields
        if nodes is not None and not is_around_one:
            del self._found[known:]  # what a workflow contains under such a key isn't one
            self._workflow(fields, nodes, (at, end))
            self._untyped(untyped)
        elif "nodes" in fields and "connections" in fields:
            self._fault("is a workflow whose nodes are not a list", at, _EXPORT)
        return end

    def _nodes(self, at: int, nodes: list[WorkflowNode], untyped: list[int]) -> int:
        def take(start: int) -> int:
            value, end = self._json.value(start)
            node = _node(value, self._json.place(start), (start, end))
            if node is not None:
                nodes.append(node)
            else:
                untyped.append(start)
            return end

        return self._json.items(at, take)

    def _untyped(self, places: list[int]) -> None:
        if places:
            what = "a node" if len(places) == 1 else f"{len(places):,} nodes"
            hint = "n8n can't import it either. Correct the file, or export it again."
            self._fault(f"has {what} without a type", places[0], hint)

    def _workflow(
        self, fields: Mapping[str, Json], nodes: list[WorkflowNode], span: tuple[int, int]
    ) -> None:
        workflow = _made(fields, nodes, span, self._name())
        self._found += _with_inner(workflow, limits.INLINE)

    def _name(self) -> str:
        """Return a file's name without what n8n's download makes of a workflow's name: a_b.json."""
        name = self._shown.replace("\\", "/").rpartition("/")[2]
        return name.removesuffix(".json").replace("_", " ").strip() or "workflow"


def _made(
    fields: Mapping[str, Json], nodes: list[WorkflowNode], span: tuple[int, int], fallback: str
) -> Workflow:
    name, key = fields.get("name"), fields.get("id")
    return Workflow(
        name=name if isinstance(name, str) and name.strip() else fallback,
        id=str(key) if isinstance(key, str | int) and not isinstance(key, bool) else None,
        active=fields.get("active") is not False,
        archived=fields.get("isArchived") is True,
        nodes=tuple(nodes),
        span=span,
    )


def _node(value: Json, place: Place, span: tuple[int, int]) -> WorkflowNode | None:
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return None
    name = value.get("name")
    parameters, credentials = value.get("parameters"), value.get("credentials")
    return WorkflowNode(
        name=name if isinstance(name, str) and name else "(node without a name)",
        type=str(value["type"]),
        version=_version(value.get("typeVersion", 1)),
        parameters=parameters if isinstance(parameters, dict) else {},
        credentials=_links(credentials) if isinstance(credentials, dict) else {},
        disabled=value.get("disabled") is True,
        place=place,
        span=span,
    )


def _version(value: Json) -> float:
    """Return a typeVersion; 1 for what isn't a number, as n8n does."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return 1.0
    return float(value) if abs(value) < _MOST_VERSIONS else inf


def _links(credentials: Mapping[str, Json]) -> dict[str, CredentialLink]:
    """Return a node's credentials. n8n before 0.160 wrote only their names."""
    found: dict[str, CredentialLink] = {}
    for kind, value in credentials.items():
        if isinstance(value, str):
            found[kind] = CredentialLink(None, value)
        elif isinstance(value, dict):
            key, name = value.get("id"), value.get("name")
            has_id = isinstance(key, str | int) and not isinstance(key, bool) and key != ""
            found[kind] = CredentialLink(
                str(key) if has_id else None, name if isinstance(name, str) else ""
            )
    return found


# -- workflows inside nodes


def _with_inner(outer: Workflow, levels: int) -> list[Workflow]:
    """Return a workflow, and those inside its nodes.

    Args:
        outer: The workflow.
        levels: How many levels of workflows inside it are read.
    """
    inner: list[Workflow] = []
    unread: list[WorkflowNode] = []
    for node in () if outer.archived else filter(_runs_inline, outer.nodes):
        fields = _inline_fields(node) if levels else {}
        items = fields.get("nodes")
        if not isinstance(items, list):
            unread.append(node)
            continue
        nodes = [one for item in items if (one := _node(item, node.place, node.span)) is not None]
        if len(nodes) < len(items):
            unread.append(node)
        own = {**fields, "active": outer.active, "isArchived": False}
        made = _made(own, nodes, node.span, f"{outer.name} / {node.name}")
        inner += _with_inner(made, levels - 1)
    return [replace(outer, unread=tuple(unread)) if unread else outer, *inner]


def _runs_inline(node: WorkflowNode) -> bool:
    """Return whether a node runs a workflow that its parameters contain."""
    kinds = ("executeWorkflow", "executeWorkflowTool", "toolWorkflow")
    is_kind = node.type.rpartition(".")[2] in kinds
    return is_kind and not node.disabled and node.parameters.get("source") == "parameter"


def _inline_fields(node: WorkflowNode) -> dict[str, Json]:
    """Return the workflow in a node; empty if it is an expression, or n8n can't run it either."""
    text = node.parameters.get("workflowJson")
    if not isinstance(text, str) or text.startswith("="):
        return {}
    try:
        value, _end = JsonText(text).value(JsonText(text).start(0))
    except JsonError:
        return {}
    return value if isinstance(value, dict) else {}


def _other_format(text: str, shown: str) -> str:
    """Return the format of a file that is not JSON, if its name or its start shows it."""
    name, start = shown.lower(), text.lstrip()
    if name.endswith(".json") and start[:1] in ("{", "["):
        return ""
    for ends, begins, kind in _OTHER_FORMATS:
        if name.endswith(ends) or begins.match(start):
            return kind
    return ""


def _what(text: str) -> str:
    """Return what a file is instead, if that is easy to tell."""
    head = text.lstrip()[:1]
    if not head:
        return "is empty"
    if head not in "{[":
        return "is a single JSON value, not an n8n workflow"
    if '"data"' in text and '"type"' in text and '"nodes"' not in text:
        return "is JSON, but not an n8n workflow; it looks like an export of credentials"
    return ""
