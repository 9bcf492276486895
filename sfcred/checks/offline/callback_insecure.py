"""A callback URL uses plain http.

**Finds** a callback URL that uses http and doesn't point to this computer (localhost).

**Why it matters** The authorization code would cross the network unencrypted, and Salesforce
refuses to save such a URL.

**How to fix it** Serve n8n over https (a reverse proxy in front of it is enough), set WEBHOOK_URL
or N8N_EDITOR_BASE_URL accordingly, and correct the URL in Setup and in the spec.

**Source** RFC 6749, section 3.1.2.1; Salesforce Help, "Configure Basic Connected App Settings":
https or a custom scheme, except for localhost.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.callbacks import ROUTE, is_insecure
from sfcred.resolve.credential import Credential
from sfcred.text.redact import show_address

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


@offline_check("SFC303", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check every callback of the app, for any flow."""
    for position, url in enumerate(credential.app.callback_urls or ()):
        if is_insecure(url):
            message = f"{show_address(url)} uses plain http"
            yield Problem(message, (*ROUTE, position), "Use https for n8n and for the callback.")
