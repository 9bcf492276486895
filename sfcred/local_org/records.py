"""Answer requests for records: nothing is stored, but access is checked as Salesforce does it.

What a request needs is read with the reader of `sfcred needs`. The wordings are Salesforce's, as
users report them.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from sfcred.local_org.access import Access
from sfcred.local_org.reply import HttpResponse, rest_error
from sfcred.needs.http_request import http_needs
from sfcred.needs.model import WHOLE
from sfcred.needs.model import Access as Needed
from sfcred.salesforce.standard_names import object_name
from sfcred.spec.source import START
from sfcred.workflows.model import Json, WorkflowNode

_ADVICE = (
    "If you are attempting to use a custom {0}, be sure to append the '__c' after the {1} name. "
    "Please reference your WSDL or the describe call for the appropriate names."
)
_NEW_ID = "001000000000002AAA"
_NO_CONTENT = HttpResponse(204, "")
_NOT_FOUND = rest_error("NOT_FOUND", "The requested resource does not exist", 404)


class Call(NamedTuple):
    """A REST call: the part of its path after the version, its parameters, and its body."""

    method: str
    path: str
    query: dict[str, str]
    body: str


def answer(access: Access, call: Call) -> HttpResponse | None:
    """Return the answer to a call for records; None if it isn't one."""
    if call.path in ("sobjects", "actions/custom/flow"):
        return _lists(access, call)
    if call.path.startswith("actions/custom/flow/"):
        return HttpResponse(200, [{"isSuccess": True, "outputValues": {}, "errors": None}])
    if not call.path.startswith(("query", "sobjects/")):
        return None
    needs = http_needs(_node(call))
    if not needs.accesses and call.path.startswith("query"):
        return rest_error("MALFORMED_QUERY", "unexpected token", 400)
    if not needs.accesses:
        return _NOT_FOUND
    refusals = (refusal for one in needs.accesses for refusal in _refusals(access, one, call))
    return next(refusals, None) or _granted(access, call, needs.accesses[-1].object)


def _node(call: Call) -> WorkflowNode:
    url = f"https://local/services/data/v59.0/{call.path}?{urlencode(call.query)}"
    parameters: dict[str, Json] = {"url": url, "method": call.method}
    if call.body.lstrip().startswith("{"):
        parameters |= {"sendBody": True, "specifyBody": "json", "jsonBody": call.body}
    return WorkflowNode(
        name="call",
        type="n8n-nodes-base.httpRequest",
        version=4.2,
        parameters=parameters,
        credentials={},
        disabled=False,
        place=START,
        span=(0, 0),
    )


# -- refusals


def _refusals(access: Access, needed: Needed, call: Call) -> Iterator[HttpResponse]:
    name = needed.object
    if not access.may(name, "read"):
        yield _no_object(name) if call.path.startswith("query") else _NOT_FOUND
    for verb in needed.verbs:
        if not access.may(name, verb):
            text = "insufficient access rights on object id"
            yield rest_error("INSUFFICIENT_ACCESS_OR_READONLY", text, 403)
    for field in needed.fields:
        found = access.field(name, field.field)
        if not found.read and field.field != WHOLE:
            yield _no_field(name, field.field, call)
        elif field.verbs != ("read",) and not found.edit:
            text = (
                f"Unable to create/update fields: {field.field}. Please check the security "
                "settings of this field and verify that it is read/write for your profile or "
                "permission set."
            )
            fields = [field.field]
            body = {"errorCode": "INVALID_FIELD_FOR_INSERT_UPDATE", "message": text}
            yield HttpResponse(400, [{**body, "fields": fields}])


def _no_object(name: str) -> HttpResponse:
    advice = _ADVICE.format("object", "entity")
    return rest_error("INVALID_TYPE", f"sObject type '{name}' is not supported. {advice}", 400)


def _no_field(name: str, field: str, call: Call) -> HttpResponse:
    if not call.path.startswith("query"):
        text = f"No such column '{field}' on sobject of type {name}"
        return HttpResponse(
            400, [{"errorCode": "INVALID_FIELD", "message": text, "fields": [field]}]
        )
    query = call.query.get("q", "")
    at = max(query.lower().find(field.lower()), 0)
    start = max(at - 20, 0)
    head = f"\n{query[start : at + 40]}\n{' ' * (at - start)}^\n"
    text = (
        f"{head}ERROR at Row:1:Column:{at + 1}\nNo such column '{field}' on entity '{name}'. "
        f"{_ADVICE.format('field', 'custom field')}"
    )
    return rest_error("INVALID_FIELD", text, 400)


# -- answers


def readable(access: Access, record: dict[str, object]) -> dict[str, object]:
    """Return a record without the fields that the user can't see. Salesforce leaves them out."""
    attributes = record["attributes"]
    name = str(attributes["type"]) if isinstance(attributes, dict) else ""
    return {key: value for key, value in record.items() if access.field(name, key).read}


def _granted(access: Access, call: Call, name: str) -> HttpResponse:
    if call.path.startswith("query"):
        return HttpResponse(200, {"totalSize": 0, "done": True, "records": []})
    if call.method == "POST":
        return HttpResponse(201, {"id": _NEW_ID, "success": True, "errors": []})
    if call.method in ("PATCH", "DELETE"):
        return _NO_CONTENT
    parts = call.path.rstrip("/").split("/")
    if parts[-1] == "describe":
        return HttpResponse(200, {**_description(access, name), "fields": _fields(access, name)})
    if len(parts) == 2:  # noqa: PLR2004 - /sobjects/NAME
        return HttpResponse(200, {"objectDescribe": _description(access, name), "recentItems": []})
    return HttpResponse(200, {"attributes": {"type": name}, "Id": parts[-1]})


def _lists(access: Access, call: Call) -> HttpResponse:
    if call.path == "sobjects":
        names = dict.fromkeys(("Account", "Contact", "Lead", *map(object_name, access.objects)))
        listed = [_description(access, name) for name in names if access.may(name, "read")]
        return HttpResponse(200, {"sobjects": listed})
    return HttpResponse(200, {"actions": []})


def _description(access: Access, name: str) -> dict[str, object]:
    return {
        "name": name,
        "label": name,
        "custom": bool(re.search("__[a-z]+$", name)),
        "createable": access.may(name, "create"),
        "queryable": access.may(name, "read"),
        "updateable": access.may(name, "edit"),
        "deletable": access.may(name, "delete"),
    }


def _fields(access: Access, name: str) -> list[dict[str, object]]:
    own = next((one for key, one in access.objects.items() if key.lower() == name.lower()), None)
    names = dict.fromkeys(("Id", "Name", *(own.fields if own else ())))
    return [
        {
            "name": field,
            "label": field,
            "type": "id" if field == "Id" else "string",
            "custom": field.endswith("__c"),
            "externalId": False,
            "createable": access.field(name, field).edit and field != "Id",
            "updateable": access.field(name, field).edit and field != "Id",
        }
        for field in names
        if access.field(name, field).read
    ]
