"""A node uses a credential of another type.

**Finds** a node whose Authentication asks for one type of credential, while the spec with that id
is of the other type.

**Why it matters** n8n looks for a credential with that id and that type, and finds none. This
happens if the spec's `flow` or `n8n.type` changes while workflows still use the old type.

**How to fix it** Open the node in n8n, set **Authentication** to what the spec is, and choose the
credential again. Or change `flow` or `n8n.type` in the spec. Only HTTP Request nodes can use n8n's
generic credential (`n8n.type: oAuth2Api`).

**Source** n8n 2.41.1, CredentialsHelper: a credential is found by its id and type.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, node_check
from sfcred.checks.lib.nodes import titled, type_name
from sfcred.n8n.credential_types import GENERIC

if TYPE_CHECKING:
    from sfcred.needs.use import NodeUse

BAD = Example(
    "{}\n",
    workflow="""\
{"name": "Create lead", "type": "n8n-nodes-base.salesforce", "parameters": {},
 "credentials": {"salesforceOAuth2Api": {"id": "acmeCrm000000001", "name": "Acme CRM"}}}""",
)
GOOD = Example(BAD.spec, base="oauth2", workflow=BAD.workflow)


@node_check("SFC803", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(use: "NodeUse") -> Iterator[Problem]:
    """Report a node if none of the credentials that it can mean has its type."""
    from sfcred.needs.binding import is_salesforce

    asked = use.asked.type
    if asked is None or not use.credentials:
        return
    types = {one.n8n_type for one in use.credentials}
    if asked not in types:
        wanted, found = type_name(asked), type_name(min(types))
        message = f"{titled(use)} asks for the type {wanted}, but the spec has {found}"
        hint = "In n8n, set the node's Authentication to match, and choose the credential again."
        if types == {GENERIC} and is_salesforce(use.node):
            hint = "Only HTTP Request nodes can use it: choose another one, or remove n8n.type."
        yield Problem(message, (), hint, place=use.node.place)
