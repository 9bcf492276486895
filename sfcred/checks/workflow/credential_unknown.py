"""A node names a credential that no spec has.

**Finds** a node with the id of a Salesforce credential that isn't `n8n.id` of any spec, nor derived
from its name.

**Why it matters** If n8n doesn't have the credential either, the node fails with "Credential with
ID … does not exist". If n8n has it, it isn't managed here: sfcred can't check it.

**How to fix it** Choose the right credential in the node. If the credential exists in n8n, turn it
into a spec with `sfcred import`, or set `n8n.id` in the spec that stands for it.

**Source** n8n links nodes and credentials by id. Exports by n8n before 0.160 have only names.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, node_check
from sfcred.checks.lib.nodes import titled
from sfcred.errors import Cause, NotKnown
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.needs.use import NodeUse

_NODE = """\
{{"name": "Create lead", "type": "n8n-nodes-base.salesforce",
 "parameters": {{"authentication": "jwt"}},
 "credentials": {{"salesforceJwtApi": {{"id": "{id}", "name": "Acme CRM"}}}}}}"""
BAD = Example("n8n: {id: acmeCrm000000002}\n", workflow=_NODE.format(id="acmeCrm000000001"))
GOOD = Example("{}\n", workflow=_NODE.format(id="acmeCrm000000001"))


@node_check("SFC802", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0", follows=("SFC801",))
def check(use: "NodeUse") -> Iterator[Problem]:
    """Report the node, and the credential with the most similar name."""
    link = use.asked.link
    if link is None or use.credentials or not (link.id or link.name):
        return
    if not use.known.is_whole:
        raise NotKnown(
            "not all of the project's specs were read",
            hint="Run sfcred doctor without PATH and --profile.",
            cause=Cause.IGNORED,
        )
    if use.known.is_misread:
        raise NotKnown(
            "the credential may be in a spec that could not be understood",
            hint="Fix the errors in the specs first.",
        )
    if link.id is None:
        message = f"{titled(use)} names its credential {show(link.name)} without an id"
    else:
        message = f"{titled(use)} uses {show(link.name)} (id {show(link.id)}), which no spec has"
    yield Problem(message, (), _hint(use), place=use.node.place)


def _hint(use: "NodeUse") -> str:
    link = use.asked.link
    near = use.known.nearest(link.name) if link else None
    if near is None:
        return "Choose another credential in the node, or write a spec with this n8n.id."
    return (
        f"Did you mean {show(near.name)} (id {show(near.n8n.credential_id)})? Choose it in the "
        "node, or set n8n.id in that spec to the node's id."
    )
