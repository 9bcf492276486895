"""n8n.url is not n8n's public base URL.

**Finds** an `n8n.url` that is the address of a webhook, an editor page or the callback itself, that
is an internal name which browsers can't reach, or that contains quotes, white space, a query or a
user name; also an address of n8n Cloud with `n8n.deployment: self_hosted`.

**Why it matters** The callback URL is computed from it, and Salesforce compares that URL exactly.

**How to fix it** Open n8n in a browser and copy the address up to the host (and the path, if n8n is
served under one): `https://n8n.acme.com`.

**Source** n8n 2.40.5: N8N_EDITOR_BASE_URL, WEBHOOK_URL, N8N_HOST and their order.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.n8n.base_url import inspect_base_url
from sfcred.n8n.callback import is_cloud
from sfcred.resolve.credential import Credential
from sfcred.text.redact import public_address

BAD = Example("n8n:\n  url: https://n8n.acme.com/webhook/leads\n")
GOOD = Example("n8n:\n  url: https://n8n.acme.com/automation/\n")


@offline_check("SFC305", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Report every fault of the URL."""
    if credential.n8n.url is None:
        return
    for trap in inspect_base_url(credential.n8n.url):
        yield Problem(f"n8n.url: {trap.what}", ("n8n", "url"), _public(trap.hint))
    if not credential.n8n.is_cloud and is_cloud(credential.n8n.url):
        message = "n8n.url is an address of n8n Cloud, but n8n.deployment is self_hosted"
        yield Problem(message, ("n8n", "deployment"), "Correct the address, or write `cloud`.")


def _public(hint: str) -> str:
    """Return the hint, or a general one if the hint repeats a hidden part of the address."""
    address = hint.removeprefix("Write ").removesuffix(".")
    if address.startswith(("http://", "https://")) and public_address(address) != address:
        return "Write n8n's public address."
    return hint
