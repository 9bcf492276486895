"""Requests inside a request: Composite, Composite Graph and Composite Batch.

Source: REST API Developer Guide, Composite Resources.
"""

import json
from collections.abc import Iterator
from dataclasses import replace

from sfcred.needs.expressions import HOLE
from sfcred.needs.http_body import FROM_EXPRESSION, json_of_body
from sfcred.workflows.model import Json, WorkflowNode

#: The paths of such requests, after `composite`.
PATHS: tuple[list[str], ...] = ([], ["batch"], ["graph"])
_NO_LIST = "HTTP Request: the body has no list of requests"
_UNREAD = "HTTP Request: a request in the body can't be read"
_MOST = 500  # Salesforce takes no more in the graphs of one request
_TOO_MANY = f"HTTP Request: the body has more than {_MOST} requests"
# The body is JSON by now, so an expression is part of a text.
_EXPRESSION = "{{ 0 }}"


def inner_requests(node: WorkflowNode) -> tuple[list[WorkflowNode], tuple[str, ...]]:
    """Return the requests in a node's body as nodes of their own, and what isn't known."""
    found, reason = json_of_body(node)
    if reason:
        return [], (reason,)
    nodes: list[WorkflowNode] = []
    unknown: dict[str, None] = {}
    for item in _items(found):
        if len(nodes) == _MOST:
            unknown[_TOO_MANY] = None
            break
        made = _made(node, item) if isinstance(item, dict) else None
        if made is None:
            unknown[FROM_EXPRESSION if item == HOLE else _UNREAD] = None
        else:
            nodes.append(made)
    return nodes, tuple(unknown) if nodes or unknown else (_NO_LIST,)


def _items(found: Json) -> Iterator[Json]:
    """Yield the requests in a body. What stands for a list of them is one that isn't known."""
    if not isinstance(found, dict):
        return
    graphs = found.get("graphs")
    for part in (found, *(graphs if isinstance(graphs, list) else [])):
        for name in ("compositeRequest", "batchRequests"):
            items = part.get(name) if isinstance(part, dict) else None
            yield from items if isinstance(items, list) else filter(None, [items])
        if part == HOLE:
            yield part
    if graphs == HOLE:
        yield graphs


def _made(node: WorkflowNode, request: dict[str, Json]) -> WorkflowNode | None:
    url, method = request.get("url"), request.get("method", "GET")
    if not isinstance(url, str) or not isinstance(method, str):
        return None
    # A batch can leave out what all addresses begin with.
    path = url if "/services/data/" in url else f"/services/data/{url.lstrip('/')}"
    body = request.get("body", request.get("richInput"))
    parameters: dict[str, Json] = {
        "url": _template(f"https://org{path}"),
        "method": _template(method),
    }
    if body is not None:
        text = json.dumps(body, ensure_ascii=False)
        parameters |= {"sendBody": True, "specifyBody": "json", "jsonBody": _template(text)}
    return replace(node, type="n8n-nodes-base.httpRequest", version=4.2, parameters=parameters)


def _template(text: str) -> str:
    return "=" + text.replace(HOLE, _EXPRESSION)
