"""A workflow uses credentials of a sandbox and of production.

**Finds** a workflow whose nodes use credentials with different `environment`s.

**Why it matters** Usually, only some of the nodes were moved to the other org: the workflow then
reads from one and writes to the other.

**How to fix it** Choose the same org's credential in all nodes. If the workflow is meant to copy
data between orgs, ignore the check with that reason (`path_ignores` in the configuration).

**Source** sfcred's own rule. A spec whose profiles share an id is of each profile's environment.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, workflow_check
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.needs.use import NodeUse, WorkflowUse

_SPECS = """\
name: acme-crm
---
name: acme-production
environment: production
my_domain: https://acme.my.salesforce.com
client_id: {env: ACME_PROD_CLIENT_ID}
jwt: {username: n8n@acme.com}
n8n: {id: acmeProd00000001, name: Acme production}
"""
_NODES = """\
{{"name": "Read", "type": "n8n-nodes-base.salesforce",
 "parameters": {{"authentication": "jwt", "operation": "get", "leadId": "00Q"}},
 "credentials": {{"salesforceJwtApi": {{"id": "acmeCrm000000001", "name": "Acme CRM"}}}}}},
{{"name": "Write", "type": "n8n-nodes-base.salesforce", "disabled": {disabled},
 "parameters": {{"authentication": "jwt", "company": "x", "lastname": "x"}},
 "credentials": {{"salesforceJwtApi": {{"id": "acmeProd00000001", "name": "Acme production"}}}}}}"""
_ENVIRON = {"ACME_PROD_CLIENT_ID": f"text:3MVG9{'acme' * 20}"}
BAD = Example(_SPECS, environ=_ENVIRON, workflow=_NODES.format(disabled="false"))
GOOD = Example(_SPECS, environ=_ENVIRON, workflow=_NODES.format(disabled="true"))


@workflow_check("SFC805", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(use: "WorkflowUse") -> Iterator[Problem]:
    """Report the first node that can't be in the same environment as those before it."""
    common: set[str] | None = None
    first: NodeUse | None = None
    for node in use.nodes:
        found = {str(one.spec.environment) for one in node.credentials}
        if not found:
            continue
        if common is None:
            common, first = found, node
        elif not common & found and first is not None:
            yield _problem(first, node, min(common), min(found))
            return
        else:
            common &= found


def _problem(first: "NodeUse", other: "NodeUse", one: str, two: str) -> Problem:
    message = (
        f"{show(other.workflow.name)} mixes environments: node {show(first.node.name)} uses "
        f"{first.credentials[0].name} ({one}), node {show(other.node.name)} uses "
        f"{other.credentials[0].name} ({two})"
    )
    hint = "Choose the same org's credential in all of its nodes."
    return Problem(message, (), hint, place=other.node.place)
