"""The app's callback URLs differ from the spec's.

**Finds** a callback URL that is in the spec but not in the org's app (an error), or one that is in
the app but not in the spec (a warning).

**Why it matters** Salesforce compares callback URLs exactly. If one is missing, the consent ends
with `redirect_uri_mismatch`. An extra one is an address that can receive authorization codes.

**How to fix it** Deploy the app from the spec (`sfcred app`), or change the list in Setup, External
Client App Manager, the app, Settings, OAuth Settings, Callback URL (Connected App: App Manager, the
app, Edit, Callback URL).

**Source** RFC 6749, section 3.1.2.3; Metadata API Developer Guide, callbackUrl.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.redact import show_address

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

_OWN = "https://n8n.acme.com/rest/oauth2-credential/callback"
BAD = Example("{}\n", deployed="app: {callback_urls: [https://n8n.acme.com/rest]}\n")
GOOD = Example(
    f"app: {{callback_urls: [https://a.acme.com/cb, {_OWN}]}}\n",
    deployed=f"app: {{callback_urls: [{_OWN}, https://a.acme.com/cb]}}\n",
)


@app_check("SFC703", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Compare in both directions, regardless of order."""
    if app.found is None:
        return
    wanted, found = app.wanted.callback_urls, app.found.callback_urls
    for url in dict.fromkeys(wanted):
        if url not in found:
            message = f"the org's app lacks the callback {show_address(url)}"
            hint = "Redeploy the app, or add the URL in Setup."
            yield Problem(message, ("app", "callback_urls"), hint)
    for url in dict.fromkeys(found):
        if url not in wanted:
            message = (
                f"the org's app has the callback {show_address(url)}, which is not in the spec"
            )
            hint = "Remove it from the app, or add it to app.callback_urls."
            yield Problem(message, ("app", "callback_urls"), hint, severity=Severity.WARNING)
