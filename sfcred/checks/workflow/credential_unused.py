"""No workflow uses a credential.

**Finds** a spec whose credential no enabled node uses.

**Why it matters** A credential that nothing uses is still a way into the org. Its user, its app and
its key can usually go.

**How to fix it** Remove the spec, the credential in n8n, and the user's access in Salesforce. If
another n8n's workflows use it, add their folder to `workflows`.

**Source** sfcred's own rule. It counts the workflows that doctor reads, and says nothing if one of
the files, or a workflow inside an Execute Workflow node, can't be read.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, usage_check
from sfcred.errors import NotKnown
from sfcred.text.printable import counted

if TYPE_CHECKING:
    from sfcred.needs.use import CredentialUse

_NODE = """\
{{"name": "Create lead", "type": "n8n-nodes-base.salesforce", "disabled": {disabled},
 "parameters": {{"authentication": "jwt", "company": "x", "lastname": "x"}},
 "credentials": {{"salesforceJwtApi": {{"id": "acmeCrm000000001", "name": "Acme CRM"}}}}}}"""
BAD = Example("{}\n", workflow=_NODE.format(disabled="true"))
GOOD = Example("{}\n", workflow=_NODE.format(disabled="false"))


@usage_check("SFC806", Severity.INFO, bad=BAD, good=GOOD, since="0.2.0")
def check(use: "CredentialUse") -> Iterator[Problem]:
    """Report a credential without nodes."""
    if use.nodes:
        return
    if not use.is_complete:
        raise NotKnown(
            "not all workflows could be read",
            hint="Run `sfcred needs`: it lists the files and nodes that can't be read.",
        )
    message = "no workflow uses this credential"
    if use.idle:
        message += f", except for {counted(use.idle, 'node')} that can't run (disabled or archived)"
    hint = "Remove it if nothing else uses it, or add the other workflows to `workflows`."
    at = ("n8n", "id") if use.credential.node.find(("n8n", "id")) else ("name",)
    yield Problem(message, at, hint)
