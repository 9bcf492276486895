"""What an HTTP Request node needs, if its address is one of Salesforce's REST API."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, unquote_plus

from sfcred.needs.address import address_of, without_dots
from sfcred.needs.expressions import HOLE, fixed, is_dynamic, template
from sfcred.needs.http_body import body_fields
from sfcred.needs.http_composite import PATHS, inner_requests
from sfcred.needs.http_parameters import query_of
from sfcred.needs.http_records import read_needs, write_needs
from sfcred.needs.model import WHOLE, Access, FieldNeed, NodeNeeds, Verb, read_of
from sfcred.needs.soql import read_soql
from sfcred.salesforce.standard_names import field_name, object_name
from sfcred.workflows.model import Json, WorkflowNode

# Published workflows have doubled slashes.
_REST = re.compile(
    r"/services/+data/+(?P<version>[^/?#]+)(?:/(?P<path>[^?#]*))?(?:\?(?P<query>[^#]*))?"
)
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_RECORD_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?")
#: Addresses that name no object and need no access to one.
_NOTHING = frozenset({"", "limits", "sobjects"})
#: What follows an object's name and describes it.
_ABOUT_OBJECT = frozenset(
    {"describe", "listviews", "updated", "deleted", "quickActions", "namedLayouts", "defaultValues"}
)
#: The fields of an object that can be read by an address: their type is base64.
_BLOBS = frozenset(
    {
        ("Attachment", "body"),
        ("ContentNote", "content"),
        ("ContentVersion", "versiondata"),
        ("Document", "body"),
        ("EventLogFile", "logfile"),
        ("MailmergeTemplate", "body"),
        ("QuoteDocument", "document"),
        ("StaticResource", "body"),
    }
)
_WRITES: dict[str, tuple[Verb, ...]] = {"POST": ("create",), "PATCH": ("edit",)}


def http_needs(node: WorkflowNode) -> NodeNeeds:
    """Return what a node of the type HTTP Request needs."""
    return _needs(node, is_inner=False)


def _needs(node: WorkflowNode, *, is_inner: bool) -> NodeNeeds:
    text = address_of(node).text
    if not text:
        return NodeNeeds((), ("the address is empty",))
    found = _REST.search(without_dots(text))
    if found is None:
        what = "comes from an expression" if HOLE in text else "names no object"
        return NodeNeeds((), (f"HTTP Request: the address {what}",))
    parts = [unquote(part) for part in (found["path"] or "").split("/") if part]
    path = parts or [""]
    if not parts and HOLE in found["version"]:  # the expression can be more than a version
        return NodeNeeds((), ("HTTP Request: the address comes from an expression",))
    if ".." in path:
        return NodeNeeds((), ("HTTP Request: the address has .. after an expression",))
    if path[0] == "composite" and path[1:] in PATHS and not is_inner:
        return _together(node)
    return _of_request(_Request(node, "", path, found["query"] or ""))


def _together(node: WorkflowNode) -> NodeNeeds:
    """Return what the requests need that a node's body contains."""
    nodes, unknown = inner_requests(node)
    found = [_needs(one, is_inner=True) for one in nodes]
    reasons = dict.fromkeys((*unknown, *(reason for one in found for reason in one.unknown)))
    return NodeNeeds(tuple(access for one in found for access in one.accesses), tuple(reasons))


def _of_request(request: "_Request") -> NodeNeeds:
    # `requestMethod` is that of the node's versions 1 and 2.
    given = request.node.parameters
    method = fixed(given.get("method", given.get("requestMethod", "GET")))
    if method is not None and method.upper() == "POST":
        # For clients that can't send the others: Salesforce takes this parameter instead.
        method = request.parameter("_HttpMethod") or method
    if method is None or HOLE in method:
        return NodeNeeds((), ("the method comes from an expression",))
    # Salesforce checks a HEAD as it does a GET.
    sent = "GET" if method.upper() == "HEAD" else method.upper()
    return request._replace(method=sent).needs()


class _Request(NamedTuple):
    """A request to Salesforce's REST API: its path is what follows the version."""

    node: WorkflowNode
    method: str
    path: list[str]
    query: str

    def needs(self) -> NodeNeeds:
        first = self.path[0]
        if len(self.path) == 1 and first in _NOTHING:
            return NodeNeeds()
        if first in ("query", "queryAll"):
            return self._soql()
        if first == "sobjects" and len(self.path) > 1:
            return self._record(self.path[1], self.path[2:])
        if first == "composite" and self.path[1:2] in (["tree"], ["sobjects"]):
            return self._several(*self.path[1:])
        return self._no_object()

    def _no_object(self) -> NodeNeeds:
        first = self.path[0]
        shown = "an expression" if HOLE in first else f"/{first}"
        return NodeNeeds((), (f"HTTP Request: {shown} names no single object",))

    def _soql(self) -> NodeNeeds:
        text = self.parameter("q")
        if text is None:
            return NodeNeeds((), ("HTTP Request: the query is not in the node",))
        if text.lstrip().startswith(HOLE):
            return NodeNeeds((), ("HTTP Request: the query comes from an expression",))
        found = read_soql(text)
        return NodeNeeds(found.accesses, found.unknown)

    def parameter(self, wanted: str) -> str | None:
        """Return a parameter of the address, from the address itself or from the node."""
        for part in self.query.split("&"):
            name, _, value = part.partition("=")
            if unquote_plus(name) == wanted:
                return unquote_plus(value)
        return dict(_query_parameters(self.node)).get(wanted)

    def _several(self, kind: str, name: str = "", *rest: str) -> NodeNeeds:
        """Return what a request about several records needs, `/composite/sobjects` or a tree."""
        if name and not _NAME.fullmatch(name):
            return _NO_OBJECT
        target, field = object_name(name) if name else "", field_name("/".join(rest))
        if kind == "tree":
            verbs: tuple[Verb, ...] = ("create",) if name and not field else ()
        elif field:
            verbs = ("create", "edit") if self.method == "PATCH" else ()
        elif name:
            return self._read_several(target)
        else:  # each record names its object; a DELETE has only ids
            verbs = _WRITES.get(self.method, ())
        return write_needs(self.node, verbs, target, field) if verbs else self._no_object()

    def _read_several(self, target: str) -> NodeNeeds:
        if self.method == "GET":
            return self._chosen_fields(target)
        return read_needs(self.node, target) if self.method == "POST" else self._no_object()

    def _record(self, name: str, rest: list[str]) -> NodeNeeds:
        if not _NAME.fullmatch(name):
            return _NO_OBJECT
        target = object_name(name)
        if not rest or not rest[0]:
            return self._collection(target)
        if target in _WITH_PASSWORD and rest[1:] == ["password"]:
            return _PASSWORD
        if rest[0] in _ABOUT_OBJECT:
            return NodeNeeds((Access(target, ("read",)),))
        if len(rest) == 1:
            return self._one(target, "")
        return self._selected(target, *rest[:2], is_whole=len(rest) == 2)  # noqa: PLR2004 - first and second

    def _selected(self, target: str, first: str, second: str, *, is_whole: bool) -> NodeNeeds:
        """Return what `/FIELD/VALUE`, `/ID/FIELD` or `/ID/RELATIONSHIP` after an object needs."""
        is_id = _RECORD_ID.fullmatch(first)
        if is_whole and _NAME.fullmatch(first) and not is_id:
            return self._one(target, field_name(first))
        if is_whole and self.method == "GET" and (target, second.lower()) in _BLOBS:
            return NodeNeeds((read_of(target, [field_name(second)]),))
        verbs: dict[str, Verb] = {"GET": "read", "PATCH": "edit", "DELETE": "delete"}
        # What follows a record's id belongs to another record, which is the one that is changed.
        verb = verbs.get(self.method) if is_whole and not is_id else "read"
        known = (Access(target, (verb,)),) if verb else ()
        if is_id and _NAME.fullmatch(second):
            reason = f"HTTP Request: /{second} leads from the record to another object"
            return NodeNeeds(known, (reason,))
        return NodeNeeds(known, ("HTTP Request: the rest of the address is not known",))

    def _collection(self, target: str) -> NodeNeeds:
        if self.method == "GET":
            return NodeNeeds((Access(target, ("read",)),))
        return self._write(target, "")

    def _one(self, target: str, external_id: str) -> NodeNeeds:
        """Return what a request for one record needs, which an external id field can select."""
        selected = (FieldNeed(external_id, ("read",)),) if external_id else ()
        if self.method == "GET":
            found = self._chosen_fields(target)
            return found._replace(
                accesses=tuple(one._replace(fields=one.fields + selected) for one in found.accesses)
            )
        if self.method == "DELETE":
            return NodeNeeds((Access(target, ("delete",), selected),))
        return self._write(target, external_id)

    def _chosen_fields(self, target: str) -> NodeNeeds:
        text = self.parameter("fields")
        if not text:
            return NodeNeeds((read_of(target, [WHOLE]),))
        names = [part.strip() for part in text.split(",")]
        unknown = ("HTTP Request: the list of fields comes from an expression",)
        found = read_of(target, [field_name(name) for name in names if name and HOLE not in name])
        return NodeNeeds((found,), unknown if HOLE in text else ())

    def _write(self, target: str, external_id: str) -> NodeNeeds:
        verbs = _WRITES.get(self.method)
        if verbs is None:
            return NodeNeeds((), (f"HTTP Request: {self.method} is not a method of this address",))
        if external_id:
            verbs = ("create", "edit")
        names, unknown = body_fields(self.node)
        needs = [FieldNeed(field_name(name), verbs) for name in names if name != external_id]
        if external_id:
            needs.append(FieldNeed(external_id, ("read",)))
        return NodeNeeds((Access(target, verbs, tuple(needs)),), unknown)


_WITH_PASSWORD = ("User", "SelfServiceUser")
_PASSWORD = NodeNeeds(
    (),
    ("HTTP Request: /password is about a user's password, and no access to an object allows that",),
)
_NO_OBJECT = NodeNeeds((), ("HTTP Request: the object comes from an expression",))


def _query_parameters(node: WorkflowNode) -> Iterator[tuple[str, str]]:
    """Yield the node's query parameters, in all of its versions."""
    part = query_of(node)
    for row in part.rows:
        name, value = fixed(row.values.get("name")), row.values.get("value")
        if name is not None:
            is_of_model = row.values.get("valueProvider", "fieldValue") != "fieldValue"
            yield name, HOLE if is_of_model else _text(value)
    if isinstance(part.json, str) and not is_dynamic(part.json):
        yield from _json_pairs(template(part.json))


def _text(value: Json) -> str:
    return template(value) if isinstance(value, str) else fixed(value) or ""


def _json_pairs(text: str) -> Iterator[tuple[str, str]]:
    import json

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        yield from parse_qsl(text)
        return
    if isinstance(found, dict):
        yield from ((name, value) for name, value in found.items() if isinstance(value, str))
