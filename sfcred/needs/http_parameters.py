"""Where each version of HTTP Request has its query parameters and its body.

Parameters that the editor hides are not sent, although they stay in the file. Source: n8n 2.41.1.
"""

from typing import NamedTuple

from sfcred.needs.expressions import is_dynamic
from sfcred.needs.parameters import Row, find, rows
from sfcred.workflows.model import Json, WorkflowNode

_LAYOUTS = 3  # since this version, `sendQuery` and `sendBody` decide


class Part(NamedTuple):
    """The query or the body of a request. Its default is that nothing is sent.

    Attributes:
        rows: The rows of its table; empty if there is no table.
        json: Its JSON; None if it isn't JSON.
        unknown: Why it isn't known; empty if it is.
    """

    rows: tuple[Row, ...] = ()
    json: Json = None
    unknown: str = ""


def query_of(node: WorkflowNode) -> Part:
    """Return a node's query parameters."""
    return _part(node, "Query")


def body_of(node: WorkflowNode) -> Part:
    """Return a node's body."""
    if _sends(node, "Body") and _is_other(node):
        return Part(unknown="the body is not JSON")
    return _part(node, "Body")


def _is_other(node: WorkflowNode) -> bool:
    """Return whether a node sends another kind of body than JSON."""
    if _is_new(node):
        return node.parameters.get("contentType") not in (None, "json")
    if node.parameters.get("sendBinaryData") is True:
        return node.parameters.get("jsonParameters") is True
    return find(node.parameters, "options.bodyContentType") not in (None, "json")


def _is_new(node: WorkflowNode) -> bool:
    return node.version >= _LAYOUTS or _is_old_tool(node)


def _is_old_tool(node: WorkflowNode) -> bool:
    return node.type.endswith(".toolHttpRequest")


def _sends(node: WorkflowNode, what: str) -> bool:
    """Return whether a node may send its query or body. With an expression, it may."""
    wanted = node.parameters.get(f"send{what}", False)
    return not _is_new(node) or wanted is True or is_dynamic(wanted)


def _part(node: WorkflowNode, what: str) -> Part:
    given, name = node.parameters, what.lower()
    if not _is_new(node):
        return _old_part(node, name)
    if not _sends(node, what):
        return Part()
    way = given.get(f"specify{what}", "keypair")
    if way == "json":
        return Part(json=given.get(f"json{what}"))
    if way != "keypair":
        return Part(unknown=f"the {name} is not in the node")
    table = f"parameters{what}.values" if _is_old_tool(node) else f"{name}Parameters.parameters"
    return Part(tuple(rows(given, table)))


def _old_part(node: WorkflowNode, name: str) -> Part:
    is_json = node.parameters.get("jsonParameters", False)
    if is_dynamic(is_json):
        return Part(unknown=f"the {name} is not in the node")
    if is_json is True:
        return Part(json=node.parameters.get(f"{name}ParametersJson"))
    return Part(tuple(rows(node.parameters, f"{name}ParametersUi.parameter")))
