"""An HTTP Request node sends the Salesforce token to another host.

**Finds** an HTTP Request node that uses a Salesforce credential, and whose address is not that
org's, unless `n8n.http_request` lists that host. If the address depends on an expression, and the
spec doesn't limit the hosts, it is a warning: data from outside could decide where the token goes.

**Why it matters** n8n adds the access token to every request of the node, whatever the host.
Whoever operates that host can then use the org.

**How to fix it** Use the org's own address (My Domain) in the node. Write the host in the node, and
let expressions only fill in the path. For other services, use another credential. Set
`n8n.http_request` to `org` or to a list of hosts, so that n8n refuses all others.

**Source** n8n 2.41.1: with a predefined credential type, HTTP Request authenticates any address.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, node_check
from sfcred.checks.lib.nodes import titled
from sfcred.n8n.versions import HTTP_DOMAINS, has
from sfcred.redact import show_address
from sfcred.resolve.http_request import decide_http_request
from sfcred.salesforce.hosts import classify, is_salesforce

if TYPE_CHECKING:
    from sfcred.needs.use import NodeUse
    from sfcred.resolve.credential import Credential

_NODE = """\
{{"name": "HTTP Request", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
 "parameters": {{"url": "{url}",
  "authentication": "predefinedCredentialType", "nodeCredentialType": "salesforceJwtApi"}},
 "credentials": {{"salesforceJwtApi": {{"id": "acmeCrm000000001", "name": "Acme CRM"}}}}}}"""
_OWN = "=https://acme--uat.sandbox.my.salesforce.com/services/data/v60.0/{{ $json.path }}"
BAD = Example("{}\n", workflow=_NODE.format(url="https://hooks.example.com/leads"))
GOOD = Example("{}\n", workflow=_NODE.format(url=_OWN))


@node_check("SFC807", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(use: "NodeUse") -> Iterator[Problem]:
    """Report another host, or one that an expression decides."""
    from sfcred.needs.binding import is_http
    from sfcred.needs.http_request import address_of

    if not is_http(use.node):
        return
    host = address_of(use.node).host
    if host is None:
        if _may_go_anywhere(use.credentials):
            message = f"{titled(use)}: an expression decides which host gets the Salesforce token"
            hint = "Write the org's host in the address, and use expressions only after it."
            yield Problem(message, (), hint, Severity.WARNING, place=use.node.place)
    elif host and not _is_own(host, use.credentials) and not _is_listed(host, use.credentials):
        message = f"{titled(use)} sends the Salesforce token to {show_address(host)}"
        hint = "Use the org's own address in the node, or another credential for this host."
        yield Problem(message, (), hint, place=use.node.place)


def _may_go_anywhere(credentials: "tuple[Credential, ...]") -> bool:
    """Return whether n8n would send the token to any host, as far as the specs tell."""
    if not credentials:
        return True
    return any(
        decide_http_request(one).allowed.mode == "all"
        or has(HTTP_DOMAINS, one.n8n.version) is False
        for one in credentials
    )


def _is_listed(host: str, credentials: "tuple[Credential, ...]") -> bool:
    """Return whether a spec's own list of hosts has this one."""
    name = host.partition(":")[0]
    allowed = [decide_http_request(one).allowed for one in credentials]
    return any(one.mode == "domains" and one.allows(name) for one in allowed)


def _is_own(host: str, credentials: "tuple[Credential, ...]") -> bool:
    """Return whether a host is the org's, as far as the specs tell."""
    name = host.partition(":")[0]
    if any(host in one.context.allow_hosts for one in credentials):
        return True
    found = classify(name)
    domains = {
        one.authority.host.my_domain or one.authority.url
        for one in credentials
        if one.authority and one.spec.my_domain
    }
    if f"https://{name}" in domains:
        return True
    if not is_salesforce(name):  # customers' sites, too: their pages could read the token
        return False
    # Without a My Domain, or at an instance (na139.salesforce.com), it can be any org.
    return not domains or found.org is None or found.my_domain in domains
