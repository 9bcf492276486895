"""n8n's callback URL is not one of the app's.

**Finds** an OAuth2 credential whose app doesn't list the URL that n8n sends as redirect_uri.

**Why it matters** Salesforce compares callback URLs exactly, and answers `redirect_uri_mismatch` as
soon as someone clicks Connect in n8n.

**How to fix it** Add n8n's URL on its own line: External Client App Manager, the app, Settings,
OAuth Settings, Callback URL (Connected App: App Manager, the app, Edit, Callback URL). A change
usually takes effect within ten minutes. Then add the URL to `app.callback_urls`.

**Source** RFC 6749, section 3.1.2.3; n8n 2.40.5 computes the URL as `sfcred resolve` shows.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.callbacks import ROUTE, absent_callbacks, where
from sfcred.resolve.credential import Credential
from sfcred.text.redact import show_address

BAD = Example(
    "app:\n  callback_urls: [https://login.salesforce.com/services/oauth2/success]\n",
    base="oauth2",
)
GOOD = Example(
    "app:\n  callback_urls:\n    - https://login.salesforce.com/services/oauth2/success\n"
    "    - https://n8n.acme.com/rest/oauth2-credential/callback\n",
    base="oauth2",
)


@offline_check(
    "SFC301",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="oauth2",
    since="0.1.0",
    follows=("SFC305", "SFC306"),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Report missing callbacks; SFC302 reports near misses, SFC304 n8n Cloud's."""
    if credential.n8n.is_cloud:
        return
    for absent in absent_callbacks(credential):
        if absent.near is None:
            message = f"the app doesn't list n8n's callback {show_address(absent.wanted)}"
            hint = absent.hint(f"Add it in Setup ({where(credential)}) and here.")
            yield Problem(message, ROUTE, hint)
