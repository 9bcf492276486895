"""The app's callback URLs differ from the spec's.

**Finds** a callback URL that is in the spec but not in the org's app (an error), or one that is in
the app but not in the spec (a warning). If the spec states no callbacks, it finds those of n8n that
the app of an OAuth2 credential lacks. The JWT flow uses none.

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
from sfcred.checks.lib.apps import in_turn
from sfcred.text.redact import show_address

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

_OWN = "https://n8n.acme.com/rest/oauth2-credential/callback"
BAD = Example("{}\n", deployed="app: {callback_urls: [https://n8n.acme.com/rest]}\n")
GOOD = Example(
    f"app: {{callback_urls: [https://a.acme.com/cb, {_OWN}]}}\n",
    deployed=f"app: {{callback_urls: [{_OWN}, https://a.acme.com/cb]}}\n",
)


_AT = ("app", "callback_urls")


@app_check("SFC703", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Compare in both directions, or with n8n's callbacks if the spec states none."""
    return in_turn(app, _declared if app.stated.callback_urls else _needed)


def _declared(app: "Deployed") -> Iterator[Problem]:
    wanted = app.stated.callback_urls or ()
    found = app.known(app.found.callback_urls, "callback_urls")
    for url in dict.fromkeys(wanted):
        if url not in found:
            message = f"the org's app lacks the callback {show_address(url)}"
            yield Problem(message, _AT, "Redeploy the app, or add the URL in Setup.")
    for url in found:
        if url not in wanted:
            message = (
                f"the org's app has the callback {show_address(url)}, which is not in the spec"
            )
            hint = "Remove it from the app, or add it to app.callback_urls."
            yield Problem(message, _AT, hint, severity=Severity.WARNING)


def _needed(app: "Deployed") -> Iterator[Problem]:
    from sfcred.resolve.blueprint import needed_callbacks

    for url in needed_callbacks(app.credential):
        if url not in app.known(app.found.callback_urls, "callback_urls"):
            message = f"the org's app lacks n8n's callback {show_address(url)}"
            yield Problem(message, _AT, "Add the URL in Setup, and state app.callback_urls.")
