"""What n8n's requests to Salesforce mean. It shares no code with `sfcred needs` but the names."""

import re
from typing import Any

from sfcred.salesforce.standard_names import field_name, object_name

#: An object, what a request does with it, and the fields, each with its verbs.
Meaning = dict[str, Any]


def meaning_of(request: dict[str, Any]) -> Meaning | None:
    """Return what a request needs; None if it names no object."""
    if request["path"] == "/query":
        return _query(request["query"])
    found = re.fullmatch(r"/sobjects/([^/]+)(?:/([^/]+))?(?:/([^/]+))?", request["path"])
    if found is None:
        return None
    name, first, second = found.groups()
    fields = {field_name(field): _verbs(request, second) for field in request["fields"] if field}
    if second:
        fields[field_name(first)] = "read"
    if request["method"] == "GET" and first:
        fields["*"] = "read"
    return {"object": object_name(name), "verbs": _verbs(request, second), "fields": fields}


def _verbs(request: dict[str, Any], external_id: str | None) -> str:
    if request["method"] == "PATCH" and external_id:
        return "create edit"
    return {"GET": "read", "POST": "create", "PATCH": "edit", "DELETE": "delete"}[request["method"]]


def _query(text: str) -> Meaning:
    """Read one of the oracle's own queries, which are simple."""
    found = re.fullmatch(r"(?is)select (.*?) from (\w+)(.*)", text.strip().rstrip(";"))
    assert found is not None, text
    fields = [] if found[1].lower() == "count()" else found[1].split(",")
    fields += re.findall(r"(?i)(?:where|and) ([\w.]+)", found[3])
    needs = {field_name(field.strip()): "read" for field in fields}
    return {"object": object_name(found[2]), "verbs": "read", "fields": needs}
