"""n8n's HTTP Request node may send this credential's token to any host.

**Finds** `n8n.http_request: any`, a list with a whole top-level domain (`*.com`), and an n8n before
1.110, which can't limit the hosts.

**Why it matters** Whoever can edit a workflow that uses the credential can send its access token to
a host of their own: an HTTP Request node attaches it to every request. The token then works outside
of n8n.

**How to fix it** Set `n8n.http_request` to `none` (only n8n's Salesforce nodes use the credential;
not with `n8n.type`), `org` (HTTP Request nodes may call the org), or a list of hosts. In n8n, it is
the credential's field "Allowed HTTP Request Domains". Before n8n 1.110, update n8n.

**Source** Tested with n8n 2.40.5 and 2.41.1: without the field, an HTTP Request node sent the token
to a foreign host; n8n 1.109.0 (without the field) and 1.110.1.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.n8n.versions import HTTP_DOMAINS, format_version, has
from sfcred.resolve.credential import Credential
from sfcred.spec.source import Route

BAD = Example("n8n:\n  http_request: any\n")
GOOD = Example("n8n:\n  http_request: [acme--uat.sandbox.my.salesforce.com, '*.acme.com']\n")

_ROUTE: Route = ("n8n", "http_request")
_HINT = "Set n8n.http_request to none, org or a list of hosts."


@offline_check("SFC511", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check what the spec states, and whether this n8n heeds it."""
    n8n = credential.spec.n8n
    wanted = n8n.http_request if n8n else None
    if wanted == "any":
        message = "n8n's HTTP Request node may send this credential's token to any host"
        yield Problem(message, _ROUTE, _HINT)
        return
    for index, host in enumerate(wanted if isinstance(wanted, list) else []):
        if host.startswith("*.") and "." not in host.removeprefix("*."):
            message = "this allows every host of a top-level domain to get the token"
            yield Problem(message, (*_ROUTE, index), "Name the hosts, or your own domain.")
    version = _n8n_version.known_version(credential)
    if not has(HTTP_DOMAINS, version):
        message = (
            f"n8n {format_version(version)} can't limit the hosts that its HTTP Request node sends "
            "this credential's token to"
        )
        yield Problem(message, _n8n_version.ROUTE, "Update n8n to 1.110 or later.")
