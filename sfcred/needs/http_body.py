"""The fields in the JSON body of an HTTP Request node."""

import json
import re
from collections.abc import Mapping

from sfcred.needs.expressions import HOLE, fixed, is_dynamic, template
from sfcred.needs.http_parameters import body_of
from sfcred.workflows.model import Json, WorkflowNode

# Possessive, and to the end if a text doesn't end: nothing is searched twice.
_TEXT_OR_HOLE = re.compile(rf'"(?:[^"\\]|\\.?)*+"?|{HOLE}', re.DOTALL)
#: The reason if a body, or a part of it, depends on an expression.
FROM_EXPRESSION = "HTTP Request: the body comes from an expression"


def body_fields(node: WorkflowNode) -> tuple[list[str], tuple[str, ...]]:
    """Return the fields in a node's body, and what isn't known about them."""
    part = body_of(node)
    if part.unknown:
        return [], (f"HTTP Request: {part.unknown}",)
    if part.json is not None:
        return _json_fields(part.json) if isinstance(part.json, str) else ([], ())
    names: list[str] = []
    unknown: list[str] = []
    for row in part.rows:
        name = row.values.get("name")
        if row.unknown or is_dynamic(name):
            unknown.append("HTTP Request: a field's name comes from an expression")
        elif text := fixed(name):
            names.append(text)
    return names, tuple(dict.fromkeys(unknown))


def json_of_body(node: WorkflowNode) -> tuple[Json, str]:
    """Return a node's JSON body, with HOLE for what comes from expressions, or why it isn't known.

    None, without a reason, stands for no body.
    """
    part = body_of(node)
    if part.unknown:
        return None, f"HTTP Request: {part.unknown}"
    return _parsed(part.json) if isinstance(part.json, str) else (None, "")


def _json_fields(raw: str) -> tuple[list[str], tuple[str, ...]]:
    found, reason = _parsed(raw)
    if reason or found is None:
        return [], (reason,) if reason else ()
    if not isinstance(found, dict):
        return [], ("HTTP Request: the body is not one record",)
    names, unknown = fields_of(found)
    return names, tuple(unknown)


def _parsed(raw: str) -> tuple[Json, str]:
    text = template(raw)
    if text.strip() in ("", HOLE):
        return None, FROM_EXPRESSION if text.strip() else ""
    # An expression between quotes is part of a text; elsewhere it stands for a whole value.
    whole = _TEXT_OR_HOLE.sub(lambda f: f'"{HOLE}"' if f[0] == HOLE else f[0], text)
    try:
        return json.loads(whole, strict=False), ""
    except (ValueError, RecursionError):
        return None, "HTTP Request: the body can't be read as JSON"


def fields_of(record: Mapping[str, Json]) -> tuple[list[str], list[str]]:
    """Return a record's fields, and what isn't known about them."""
    unknown: dict[str, None] = {}
    names: list[str] = []
    for name, value in record.items():
        if HOLE in name:
            unknown["HTTP Request: a field's name comes from an expression"] = None
        elif isinstance(value, dict) and name != "attributes":
            unknown[f"HTTP Request: {name} in the body selects a record by its own fields"] = None
        elif name != "attributes":
            names.append(name)
    return names, list(unknown)
