"""n8n's address is not its public base URL.

**Finds** a webhook's or an editor page's address, the callback itself, an internal name that
browsers can't reach, and quotes, white space, a query or a user name in `n8n.url`.

**Why it matters** The callback URL is computed from it, and Salesforce compares that to the letter.

**How to fix it** Open n8n in a browser and copy the address up to the host (and the path, if n8n
lives below one): `https://n8n.acme.com`.

**Source** n8n 2.40.5: N8N_EDITOR_BASE_URL, WEBHOOK_URL, N8N_HOST and their order.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.n8n.callback import inspect_base_url
from sfcred.redact import public_address
from sfcred.resolve.credential import Credential

BAD = Example("n8n:\n  url: https://n8n.acme.com/webhook/leads\n")
GOOD = Example("n8n:\n  url: https://n8n.acme.com/automation/\n")


@offline_check("SFC305", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """One problem a trap."""
    if credential.n8n.url is None:
        return
    for trap in inspect_base_url(credential.n8n.url):
        yield Problem(f"n8n.url: {trap.what}", ("n8n", "url"), _public(trap.hint))


def _public(hint: str) -> str:
    """The hint, unless it repeats a part of the address that reports don't show."""
    address = hint.removeprefix("Write ").removesuffix(".")
    if address.startswith(("http://", "https://")) and public_address(address) != address:
        return "Write n8n's public address."
    return hint
