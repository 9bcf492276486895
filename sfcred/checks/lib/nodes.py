"""Helpers for checks of workflows' nodes."""

from typing import TYPE_CHECKING

from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.needs.use import NodeUse

#: n8n's names of the credential types for Salesforce, as the editor shows them.
TYPE_NAMES = {
    "salesforceOAuth2Api": "Salesforce OAuth2 API",
    "salesforceJwtApi": "Salesforce JWT API",
    "oAuth2Api": "OAuth2 API",
}


def titled(use: "NodeUse") -> str:
    """Return the node and its workflow, for a message."""
    return f"node {show(use.node.name)} in {show(use.workflow.name)}"


def type_name(kind: str | None) -> str:
    """Return a credential type as the editor shows it."""
    return TYPE_NAMES.get(kind or "", kind or "unknown")
