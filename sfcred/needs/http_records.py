"""Requests about several records: sObject Collections (`/composite/sobjects`) and sObject Trees.

The address names an object, or each record in the body names its own in `attributes.type`. Source:
REST API Developer Guide, sObject Collections and sObject Tree.
"""

import re
from typing import NamedTuple

from sfcred.needs.expressions import HOLE
from sfcred.needs.http_body import FROM_EXPRESSION, fields_of, json_of_body
from sfcred.needs.model import Access, FieldNeed, NodeNeeds, Verb, read_of
from sfcred.salesforce.standard_names import field_name, object_name
from sfcred.workflows.model import Json, WorkflowNode

_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_NO_LIST = "HTTP Request: the body has no list of what the request is about"
_NO_OBJECT = "HTTP Request: a record in the body doesn't name its object, or in an expression"


class _Record(NamedTuple):
    """A record in a body: its object, empty if it isn't known, and its fields."""

    object: str
    fields: list[str]


def write_needs(
    node: WorkflowNode, verbs: tuple[Verb, ...], target: str = "", external_id: str = ""
) -> NodeNeeds:
    """Return what a request needs that writes the records in its body.

    Args:
        node: The node.
        verbs: What it does with them.
        target: The object in the address; empty if there is none.
        external_id: The field in the address that selects them; empty if their ids do.
    """
    records, unknown = _records(node)
    selected = (FieldNeed(external_id, ("read",)),) if external_id else ()
    accesses = [Access(target, verbs, selected)] if target else []
    for record in records:
        name = record.object or target
        if not name:
            unknown[_NO_OBJECT] = None
            continue
        # The id and the external id select a record: they aren't written.
        written = [one for one in map(field_name, record.fields) if one not in ("Id", external_id)]
        fields = tuple(FieldNeed(one, verbs) for one in written)
        accesses.append(Access(object_name(name), verbs, fields))
    return NodeNeeds(tuple(accesses), tuple(unknown))


def read_needs(node: WorkflowNode, target: str) -> NodeNeeds:
    """Return what a request needs whose body has the ids of records, and the fields to read."""
    found, reason = json_of_body(node)
    items = found.get("fields") if isinstance(found, dict) else None
    if reason or not isinstance(items, list):
        why = reason or (FROM_EXPRESSION if HOLE in (found, items) else _NO_LIST)
        return NodeNeeds((read_of(target, ()),), (why,))
    texts = [one for one in items if isinstance(one, str)]
    names = [field_name(one) for one in texts if HOLE not in one]
    unknown = () if len(names) == len(texts) else (FROM_EXPRESSION,)
    return NodeNeeds((read_of(target, names),), unknown)


def _records(node: WorkflowNode) -> tuple[list[_Record], dict[str, None]]:
    """Return the records in a node's body, those below them too, and what isn't known."""
    found, reason = json_of_body(node)
    if reason:
        return [], {reason: None}
    records: list[_Record] = []
    unknown: dict[str, None] = {}
    lists: list[Json] = [found.get("records") if isinstance(found, dict) else found]
    while lists:  # no recursion: a body can be nested deeply
        items = lists.pop()
        for item in items if isinstance(items, list) else [items]:
            if not isinstance(item, dict):
                unknown[FROM_EXPRESSION if item == HOLE else _NO_LIST] = None
                continue
            below = {
                name: one["records"]
                for name, one in item.items()
                if isinstance(one, dict) and "records" in one
            }
            lists += below.values()
            names, reasons = fields_of({n: one for n, one in item.items() if n not in below})
            unknown |= dict.fromkeys(reasons)
            records.append(_Record(_object_of(item), names))
    return records, unknown


def _object_of(record: dict[str, Json]) -> str:
    attributes = record.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    return name if isinstance(name, str) and _NAME.fullmatch(name) else ""
