"""The fields in the JSON body of an HTTP Request node."""

import json
import re

from sfcred.needs.expressions import HOLE, fixed, is_dynamic, template
from sfcred.needs.parameters import rows
from sfcred.workflows.model import Parameters

# Possessive, and to the end if a text doesn't end: nothing is searched twice.
_TEXT_OR_HOLE = re.compile(rf'"(?:[^"\\]|\\.?)*+"?|{HOLE}', re.DOTALL)
_FROM_EXPRESSION = "HTTP Request: the body comes from an expression"


def body_fields(parameters: Parameters) -> tuple[list[str], tuple[str, ...]]:
    """Return the fields in a node's body, and what isn't known about them."""
    if parameters.get("sendBody") is False:
        return [], ()
    kind = parameters.get("contentType", "json")
    if kind != "json":
        return [], ("HTTP Request: the body is not JSON",)
    raw = parameters.get("jsonBody", parameters.get("bodyParametersJson"))
    if parameters.get("specifyBody") == "json" or parameters.get("jsonParameters") is True:
        return _json_fields(raw) if isinstance(raw, str) else ([], ())
    names: list[str] = []
    unknown: list[str] = []
    for path in ("bodyParameters.parameters", "bodyParametersUi.parameter"):
        for row in rows(parameters, path):
            name = row.values.get("name")
            if row.unknown or is_dynamic(name):
                unknown.append("HTTP Request: a field's name comes from an expression")
            elif text := fixed(name):
                names.append(text)
    return names, tuple(dict.fromkeys(unknown))


def _json_fields(raw: str) -> tuple[list[str], tuple[str, ...]]:
    text = template(raw)
    if text.strip() in ("", HOLE):
        return [], (_FROM_EXPRESSION,) if text.strip() else ()
    # An expression between quotes is part of a text; elsewhere it stands for a whole value.
    whole = _TEXT_OR_HOLE.sub(lambda f: f'"{HOLE}"' if f[0] == HOLE else f[0], text)
    try:
        found = json.loads(whole, strict=False)
    except (ValueError, RecursionError):
        return [], ("HTTP Request: the body can't be read as JSON",)
    if not isinstance(found, dict):
        return [], ("HTTP Request: the body is not one record",)
    unknown: list[str] = []
    names: list[str] = []
    for name, value in found.items():
        if HOLE in name:
            unknown.append("HTTP Request: a field's name comes from an expression")
        elif isinstance(value, dict) and name != "attributes":
            unknown.append(f"HTTP Request: {name} in the body selects a record by its own fields")
        elif name != "attributes":
            names.append(name)
    return names, tuple(dict.fromkeys(unknown))
