"""An HTTP Request or GraphQL node sends the Salesforce token to another host.

**Finds** an HTTP Request or GraphQL node that uses a Salesforce credential, and whose address is
not that org's, unless `n8n.http_request` lists that host. The address of the next page (Pagination:
Response Contains Next URL) counts, too. If an address depends on an expression, and the spec
doesn't limit the hosts, it is a warning: data from outside could decide where the token goes.

**Why it matters** n8n adds the access token to every request of the node, whatever the host.
Whoever operates that host can then use the org.

**How to fix it** Use the org's own address (My Domain) in the node. Write the host in the node, and
let expressions only fill in the path. For other services, use another credential. Set
`n8n.http_request` to `org` or to a list of hosts, so that n8n refuses all others.

**Source** n8n 2.41.1: HTTP Request and GraphQL authenticate any address, and no other of its nodes
lets you choose the credential's type.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, node_check
from sfcred.checks.lib.nodes import titled
from sfcred.checks.lib.request_hosts import is_foreign, limits_of, name_of
from sfcred.text.redact import show_address

if TYPE_CHECKING:
    from sfcred.needs.use import NodeUse

_NODE = """\
{{"name": "HTTP Request", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
 "parameters": {{"url": "{url}",
  "authentication": "predefinedCredentialType", "nodeCredentialType": "salesforceJwtApi"}},
 "credentials": {{"salesforceJwtApi": {{"id": "acmeCrm000000001", "name": "Acme CRM"}}}}}}"""
_OWN = "=https://acme--uat.sandbox.my.salesforce.com/services/data/v60.0/{{ $json.path }}"
BAD = Example("{}\n", workflow=_NODE.format(url="https://hooks.example.com/leads"))
GOOD = Example("n8n: {http_request: org}\n", workflow=_NODE.format(url=_OWN))


@node_check("SFC807", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(use: "NodeUse") -> Iterator[Problem]:
    """Report another host, or one that an expression decides."""
    from sfcred.needs.address import hosts_of
    from sfcred.needs.binding import takes_any_address

    for host in hosts_of(use.node) if takes_any_address(use.node) else ():
        yield from _of_host(use, host)


def _of_host(use: "NodeUse", host: str | None) -> Iterator[Problem]:
    if host is None:
        limits = limits_of(use.credentials)
        if not limits or any(one.mode == "all" for one in limits):
            message = f"{titled(use)}: an expression decides which host gets the Salesforce token"
            hint = "Write the org's host in the address, and use expressions only after it."
            yield Problem(message, (), hint, Severity.WARNING, place=use.node.place)
    elif host and is_foreign(host, use.credentials):
        limits = limits_of(use.credentials)
        hint = "Use the org's own address in the node, or another credential for this host."
        message = f"{titled(use)} sends the Salesforce token to {show_address(host)}"
        if limits and not any(one.allows(name_of(host)) for one in limits):
            message += ", and n8n refuses that (n8n.http_request)"
            hint += " If this host may get the token, list it in n8n.http_request."
        yield Problem(message, (), hint, place=use.node.place)
