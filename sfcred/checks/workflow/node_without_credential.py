"""A node's authentication has no credential.

**Finds** a node that uses Salesforce, but names no credential of the type that its Authentication
asks for.

**Why it matters** n8n refuses to run the node. This is what a move from OAuth2 to JWT leaves
behind: the Authentication is changed, and the node still names the OAuth2 credential.

**How to fix it** Open the node in n8n, and choose a credential in **Credential to connect with**.
Or change **Authentication** back.

**Source** n8n-nodes-base 2.41.1: the node's credentials depend on `authentication`, which is OAuth2
if the file doesn't have it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, node_check
from sfcred.checks.lib.nodes import titled, type_name
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.needs.use import NodeUse

BAD = Example(
    "{}\n",
    workflow="""\
{"name": "Create lead", "type": "n8n-nodes-base.salesforce",
 "parameters": {"authentication": "jwt"},
 "credentials": {"salesforceOAuth2Api": {"id": "acmeCrm000000001", "name": "Acme CRM"}}}""",
)
GOOD = Example(
    "{}\n",
    workflow="""\
{"name": "Create lead", "type": "n8n-nodes-base.salesforce",
 "parameters": {"authentication": "jwt"},
 "credentials": {"salesforceJwtApi": {"id": "acmeCrm000000001", "name": "Acme CRM"}}}""",
)


@node_check("SFC801", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(use: "NodeUse") -> Iterator[Problem]:
    """Report a node whose authentication names no credential."""
    kind, link = use.asked
    if kind is None or (link is not None and (link.id or link.name)):
        return
    wanted = type_name(kind)
    left = [one for other, one in use.node.credentials.items() if other != kind and one.name]
    hint = f"In n8n, open the node and choose a {wanted} credential."
    if left:
        hint += f" It still names {show(left[0].name)}, which is of another type."
    message = f"{titled(use)} has no {wanted} credential"
    yield Problem(message, (), hint, place=use.node.place)
