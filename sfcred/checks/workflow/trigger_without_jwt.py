"""A Salesforce Trigger uses JWT, and n8n's trigger has no JWT.

**Finds** a Salesforce Trigger whose Authentication is OAuth2 JWT, for an n8n before 2.35.0.

**Why it matters** The trigger of that n8n has no Authentication: it ignores the setting and asks
for an OAuth2 credential, which it doesn't have.

**How to fix it** Update n8n to 2.35.0 or later. Or use an OAuth2 credential for the trigger. Or
replace the trigger with a Schedule Trigger and a Salesforce node, which can use JWT.

**Source** n8n-nodes-base 2.34.0 (no `authentication` in SalesforceTrigger) and 2.35.0 (with it).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, node_check
from sfcred.checks.lib.n8n_version import known_version
from sfcred.checks.lib.nodes import titled
from sfcred.n8n.versions import TRIGGER_JWT, format_version, has

if TYPE_CHECKING:
    from sfcred.needs.use import NodeUse

_TRIGGER = """\
{"name": "New lead", "type": "n8n-nodes-base.salesforceTrigger",
 "parameters": {"authentication": "jwt", "triggerOn": "leadCreated"},
 "credentials": {"salesforceJwtApi": {"id": "acmeCrm000000001", "name": "Acme CRM"}}}"""
BAD = Example('n8n: {version: "2.34.2"}\n', workflow=_TRIGGER)
GOOD = Example('n8n: {version: "2.35.0"}\n', workflow=_TRIGGER)


@node_check("SFC804", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(use: "NodeUse") -> Iterator[Problem]:
    """Report a trigger with JWT, once, for the first n8n that is too old."""
    from sfcred.n8n.credential_types import JWT
    from sfcred.needs.binding import is_trigger

    if not is_trigger(use.node) or use.asked.type != JWT:
        return
    for credential in use.credentials:
        version = known_version(credential)
        if not has(TRIGGER_JWT, version):
            old = format_version(version)
            message = f"{titled(use)} uses JWT, which the trigger of n8n {old} doesn't have"
            hint = "Update n8n to 2.35.0 or later, or use an OAuth2 credential in the trigger."
            yield Problem(message, (), hint, place=use.node.place)
            return
