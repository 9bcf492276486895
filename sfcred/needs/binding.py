"""Which credential a node uses: the one that its authentication asks for."""

from collections.abc import Iterator
from typing import NamedTuple

from sfcred.n8n.credential_types import GENERIC, JWT, OAUTH2
from sfcred.n8n.salesforce_nodes import NODE, TOOL, TRIGGER
from sfcred.needs.expressions import fixed, is_dynamic
from sfcred.workflows.model import CredentialLink, WorkflowNode

SALESFORCE_TYPES = (OAUTH2, JWT)
_HTTP = (
    "n8n-nodes-base.httpRequest",
    "n8n-nodes-base.httpRequestTool",
    "@n8n/n8n-nodes-langchain.toolHttpRequest",
)

# n8n makes a tool of each node: its type's name and `Tool`.
_GRAPHQL = ("n8n-nodes-base.graphql", "n8n-nodes-base.graphqlTool")


class Asked(NamedTuple):
    """The credential that a node asks for.

    Attributes:
        type: n8n's type of the credential; None if it comes from an expression.
        link: The credential of that type that the node names; None if it names none.
    """

    type: str | None
    link: CredentialLink | None


def is_http(node: WorkflowNode) -> bool:
    """Return whether a node is an HTTP Request."""
    return node.type in _HTTP


def is_graphql(node: WorkflowNode) -> bool:
    """Return whether a node is a GraphQL one."""
    return node.type in _GRAPHQL


def takes_any_address(node: WorkflowNode) -> bool:
    """Return whether a node sends its credential to the address in its parameters.

    Source: n8n 2.41.1. None of its other nodes uses a generic or a chosen type of credential.
    """
    return is_http(node) or is_graphql(node)


def is_trigger(node: WorkflowNode) -> bool:
    """Return whether a node is a Salesforce Trigger."""
    return node.type == TRIGGER


def is_salesforce(node: WorkflowNode) -> bool:
    """Return whether a node is one of n8n's Salesforce nodes."""
    return node.type in (NODE, TOOL, TRIGGER)


def asked_of(node: WorkflowNode) -> Iterator[Asked]:
    """Yield the credentials that a node asks for, if they are, or may be, for Salesforce."""
    if is_salesforce(node):
        yield _asked(node, _authentication(node))
    elif takes_any_address(node):
        yield from _http(node)
    else:
        for kind in (*SALESFORCE_TYPES, GENERIC):
            if kind in node.credentials:
                yield Asked(kind, node.credentials[kind])


def _authentication(node: WorkflowNode) -> str | None:
    value = node.parameters.get("authentication", "oAuth2")
    if is_dynamic(value):
        return None
    return JWT if fixed(value) == "jwt" else OAUTH2


def _asked(node: WorkflowNode, kind: str | None) -> Asked:
    return Asked(kind, node.credentials.get(kind) if kind else None)


def _http(node: WorkflowNode) -> Iterator[Asked]:
    authentication = node.parameters.get("authentication")
    if is_dynamic(authentication):
        yield from _any_of(node)
    way = fixed(authentication) or ""
    if way == "predefinedCredentialType":
        kind = node.parameters.get("nodeCredentialType")
        if is_dynamic(kind):
            yield from _any_of(node)
        elif fixed(kind) in SALESFORCE_TYPES:
            yield _asked(node, fixed(kind))
    elif way == "oAuth2" or (way == "genericCredentialType" and _may_be_generic(node)):
        yield _asked(node, GENERIC)  # `oAuth2` is that of the node's version 1


def _any_of(node: WorkflowNode) -> Iterator[Asked]:
    """Yield every credential that an expression can choose."""
    for kind in SALESFORCE_TYPES:
        if kind in node.credentials:
            yield Asked(None, node.credentials[kind])
    if GENERIC in node.credentials:
        yield _asked(node, GENERIC)


def _may_be_generic(node: WorkflowNode) -> bool:
    kind = node.parameters.get("genericAuthType")
    return is_dynamic(kind) or fixed(kind) == GENERIC
