"""What any node needs of its Salesforce credential."""

from sfcred.n8n.salesforce_nodes import TRIGGER, table_of
from sfcred.n8n.versions import Version
from sfcred.needs.binding import is_http, is_salesforce
from sfcred.needs.http_request import http_needs
from sfcred.needs.model import NodeNeeds
from sfcred.needs.salesforce_node import salesforce_needs, trigger_needs
from sfcred.workflows.model import WorkflowNode


def needs_of(node: WorkflowNode, version: Version | None) -> NodeNeeds:
    """Return what a node needs.

    Args:
        node: A node that uses a Salesforce credential.
        version: The version of its n8n; None for the newest that is known.
    """
    if node.type == TRIGGER:
        return trigger_needs(node, table_of(version))
    if is_salesforce(node):
        return salesforce_needs(node, table_of(version))
    if is_http(node):
        return http_needs(node)
    return NodeNeeds((), (f"nodes of the type {node.type} are not known",))
