"""n8n refuses an HTTP Request node's requests.

**Finds** an HTTP Request or GraphQL node that uses a Salesforce credential, where
`n8n.http_request` doesn't allow it: it is `none`, which is the default without `n8n.type`, or a
list (or `org`) without the host of the node or of its next page. With `none`, n8n refuses every
address, also one that comes from an expression. Otherwise a host that comes from an expression is
listed as not checked. Hosts of others are reported by SFC807.

**Why it matters** The node fails as soon as the credential is in n8n: "This credential is
configured to prevent use within an HTTP Request or GraphQL node", or "Domain not allowed". n8n's
own Salesforce nodes go on working, so nobody notices before the workflow runs.

**How to fix it** Set `n8n.http_request` to `org` (the host of `my_domain`), or to a list with the
node's host, and push or import the credential again. In n8n, it is the credential's field "Allowed
HTTP Request Domains". If a Salesforce node can do the same, use that, and keep `none`.

**Source** n8n 2.40.5 and 2.41.1, run: with `none`, n8n refuses before it looks at the address.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, node_check
from sfcred.checks.lib.nodes import titled
from sfcred.checks.lib.request_hosts import is_foreign, limits_of, name_of
from sfcred.errors import Cause, NotKnown
from sfcred.resolve.http_request import default_hosts
from sfcred.text.redact import show_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfcred.n8n.http_domains import AllowedDomains
    from sfcred.needs.use import NodeUse
    from sfcred.resolve.credential import Credential

_WORKFLOW = """\
{"name": "HTTP Request", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
 "parameters": {"url": "https://acme--uat.sandbox.my.salesforce.com/services/data/v60.0/limits",
  "authentication": "predefinedCredentialType", "nodeCredentialType": "salesforceJwtApi"},
 "credentials": {"salesforceJwtApi": {"id": "acmeCrm000000001", "name": "Acme CRM"}}}"""
BAD = Example("n8n: {http_request: none}\n", workflow=_WORKFLOW)
GOOD = Example("n8n: {http_request: org}\n", workflow=_WORKFLOW)


@node_check("SFC810", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(use: "NodeUse") -> Iterator[Problem]:
    """Report a node that n8n refuses with each of the credentials that it may use."""
    from sfcred.needs.address import hosts_of
    from sfcred.needs.binding import takes_any_address

    if not (takes_any_address(use.node) and use.credentials):
        return
    limits = limits_of(use.credentials)
    hosts = [host for host in hosts_of(use.node) if not _is_settled(host, limits, use.credentials)]
    allows_none = all(one.mode == "none" for one in limits)
    refused = [host or "" for host in hosts if host or allows_none]
    if refused:
        yield _refused(use, refused[0])
    elif None in hosts:
        raise _not_known(use)


def _is_settled(
    host: str | None, limits: "Sequence[AllowedDomains]", credentials: "Sequence[Credential]"
) -> bool:
    """Return whether n8n sends to a host, or SFC807 reports it."""
    if any(one.allows(name_of(host or "")) for one in limits):
        return True
    return bool(host) and is_foreign(host or "", credentials)


def _refused(use: "NodeUse", host: str) -> Problem:
    """Return the problem: with `none` for any address, and otherwise for the node's host."""
    where = f" to {show_address(host)}" if host else ""
    message = f"{titled(use)}: n8n refuses its requests{where}, because {_why(use.credentials)}"
    hint = f"{_what_to_set(host, use.credentials)} Then push or import the credential again."
    return Problem(message, (), hint, place=use.node.place)


def _why(credentials: "Sequence[Credential]") -> str:
    wanted = _wanted(credentials)
    if wanted is None:
        return f"n8n.http_request is not set, which means {default_hosts(credentials[0])}"
    if isinstance(wanted, list):
        return "n8n.http_request is a list without this host"
    return f"n8n.http_request is {wanted}"


def _what_to_set(host: str, credentials: "Sequence[Credential]") -> str:
    shown = show_address(name_of(host))
    if not host:
        return "Set n8n.http_request to org, or to a list of the hosts that the node calls."
    if isinstance(_wanted(credentials), list):
        return f"Add {shown} to n8n.http_request."
    if _is_org(host, credentials):
        return "Set n8n.http_request to org."
    return f"Set n8n.http_request to a list of hosts, with {shown} in it."


def _wanted(credentials: "Sequence[Credential]") -> str | list[str] | None:
    n8n = credentials[0].spec.n8n
    return n8n.http_request if n8n else None


def _is_org(host: str, credentials: "Sequence[Credential]") -> bool:
    """Return whether `org` allows a host."""
    return any(
        one.authority is not None
        and one.spec.my_domain is not None
        and one.authority.url == f"https://{name_of(host)}"
        for one in credentials
    )


def _not_known(use: "NodeUse") -> NotKnown:
    return NotKnown(
        f"{titled(use)}: an expression decides the host, so it isn't known whether n8n refuses it",
        hint="Write the host in the node, and use expressions only after it. Or compare it with "
        "n8n.http_request yourself.",
        cause=Cause.NOT_STATED,
    )
