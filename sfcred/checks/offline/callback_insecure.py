"""A callback URL is plain http.

**Finds** a callback URL with http that is not on this very machine (localhost).

**Why it matters** The authorization code would cross the network in the clear, and Salesforce
refuses to save such a URL.

**How to fix it** Serve n8n over https (a reverse proxy in front of it is enough), tell it so with
WEBHOOK_URL or N8N_EDITOR_BASE_URL, and correct the URL in Setup and here.

**Source** RFC 6749, section 3.1.2.1; Salesforce Help, "Configure Basic Connected App Settings":
https or a custom scheme, but for localhost.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.callbacks import ROUTE
from sfcred.redact import show_address
from sfcred.resolve.credential import Credential

BAD = Example(
    "n8n:\n  url: http://n8n.acme.com\n"
    "app:\n  callback_urls: [http://n8n.acme.com/rest/oauth2-credential/callback]\n",
    base="oauth2",
)
GOOD = Example(
    "n8n:\n  url: http://localhost:5678\n"
    "app:\n  callback_urls: [http://localhost:5678/rest/oauth2-credential/callback]\n",
    base="oauth2",
)


@offline_check("SFC303", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Looks at every callback of the app, whatever the flow."""
    for position, url in enumerate(credential.app.callback_urls or ()):
        if _is_insecure(url):
            message = f"{show_address(url)} is plain http"
            yield Problem(message, (*ROUTE, position), "Use https, for n8n and for the callback.")


def _is_insecure(url: str) -> bool:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return parts.scheme == "http" and not local
