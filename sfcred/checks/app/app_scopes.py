"""The app's scopes differ from the spec's.

**Finds** a scope that is in the spec but not in the org's app (an error), or one that is in the app
but not in the spec (a warning). Spellings that Salesforce returns differently count as equal:
OfflineAccess comes back as RefreshToken, and Profile, Email, Address and Phone as Basic.

**Why it matters** Without a scope, Salesforce refuses the login or the call that needs it. An extra
scope lets n8n do more than you intended.

**How to fix it** Deploy the app from the spec (`sfcred app`), or change the scopes in Setup,
External Client App Manager, the app, Settings, OAuth Settings (Connected App: App Manager, the app,
Edit, Selected OAuth Scopes).

**Source** Metadata API Developer Guide: ConnectedAppOauthAccessScope, ExtlClntAppOauthSettings.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.redact import show

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

BAD = Example("app: {scopes: [api, refresh_token, web]}\n", deployed="{}\n")
GOOD = Example("app: {scopes: [api, offline_access]}\n", deployed="{}\n")


@app_check("SFC702", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Compare in both directions."""
    if app.found is None:
        return
    from sfcred.salesforce.metadata.model import normal_scopes

    wanted, found = normal_scopes(app.wanted.scopes), normal_scopes(app.found.scopes)
    for scope in sorted(wanted - found):
        message = f"the org's app lacks the scope {show(scope)}"
        yield Problem(message, ("app", "scopes"), "Redeploy the app, or add it in Setup.")
    for scope in sorted(found - wanted):
        message = f"the org's app has the scope {show(scope)}, which the spec doesn't declare"
        hint = "Remove it from the app, or add it to app.scopes."
        yield Problem(message, ("app", "scopes"), hint, severity=Severity.WARNING)
