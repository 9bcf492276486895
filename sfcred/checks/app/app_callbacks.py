"""The app's callback URLs are not the spec's.

**Finds** a callback that the spec has and the org's app lacks (an error), or one that the app has
beyond the spec (a warning).

**Why it matters** Salesforce compares callbacks to the letter: a missing one ends the consent with
`redirect_uri_mismatch`. One too many is an address that may receive codes.

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
    from sfcred.resolve.blueprint import Deployed

_OWN = "https://n8n.acme.com/rest/oauth2-credential/callback"
BAD = Example("{}\n", deployed="app: {callback_urls: [https://n8n.acme.com/rest]}\n")
GOOD = Example(
    f"app: {{callback_urls: [https://a.acme.com/cb, {_OWN}]}}\n",
    deployed=f"app: {{callback_urls: [{_OWN}, https://a.acme.com/cb]}}\n",
)


@app_check("SFC703", Severity.ERROR, bad=BAD, good=GOOD)
def check(app: "Deployed") -> Iterator[Problem]:
    """Both ways; their order doesn't matter."""
    if app.found is None:
        return
    wanted, found = app.wanted.callback_urls, app.found.callback_urls
    for url in dict.fromkeys(wanted):
        if url not in found:
            message = f"the org's app lacks the callback {show_address(url)}"
            hint = "Deploy the app anew, or add it in Setup."
            yield Problem(message, ("app", "callback_urls"), hint)
    for url in dict.fromkeys(found):
        if url not in wanted:
            message = (
                f"the org's app has the callback {show_address(url)}, which is not in the spec"
            )
            hint = "Take it from the app, or add it to app.callback_urls."
            yield Problem(message, ("app", "callback_urls"), hint, severity=Severity.WARNING)
