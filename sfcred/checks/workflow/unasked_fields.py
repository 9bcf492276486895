"""n8n will request fields that nobody chose.

**Finds** a Salesforce node that reads many records without a choice of fields, and every Salesforce
Trigger: n8n then requests fields of its own choice.

**Why it matters** If the user can't see one of them, Salesforce refuses the whole query with "No
such column", and n8n shows "Bad request". The workflow doesn't even mention that field.

**How to fix it** In a Salesforce node, add the option **Fields** and choose what the workflow
needs. A trigger has no such option: give the user read access to the fields, or replace the trigger
with a Schedule Trigger and a Salesforce node.

**Source** n8n-nodes-base, `getDefaultFields`; n8n issues 10091, 14756, 15264 and 17335. The
end-to-end tests compare n8n's own requests.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, node_check
from sfcred.checks.lib.nodes import titled

if TYPE_CHECKING:
    from sfcred.needs.use import NodeUse

_NODE = """\
{{"name": "Get cases", "type": "n8n-nodes-base.salesforce",
 "parameters": {{"authentication": "jwt", "resource": "case", "operation": "getAll"{options}}},
 "credentials": {{"salesforceJwtApi": {{"id": "acmeCrm000000001", "name": "Acme CRM"}}}}}}"""
BAD = Example("{}\n", workflow=_NODE.format(options=""))
GOOD = Example("{}\n", workflow=_NODE.format(options=', "options": {"fields": ["Id", "Subject"]}'))


@node_check("SFC809", Severity.INFO, bad=BAD, good=GOOD, since="0.2.0")
def check(use: "NodeUse") -> Iterator[Problem]:
    """Report the fields of a query that n8n chooses."""
    from sfcred.needs.binding import is_trigger

    needs = use.needs(use.credentials[0] if use.credentials else None)
    for access in needs.accesses:
        fields = [f.field for f in access.fields if f.unasked and f.verbs == ("read",)]
        if not fields:
            continue
        message = f"{titled(use)}: n8n requests {', '.join(fields)} of {access.object} by itself"
        hint = "Open the node, choose Add Option, Fields, and select what the workflow needs."
        if is_trigger(use.node):
            hint = "A trigger can't choose fields: give the user read access to all of these."
        yield Problem(message, (), hint, place=use.node.place)
