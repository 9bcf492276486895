"""The app's scopes are not the spec's.

**Finds** a scope that the spec declares and the org's app lacks (an error), or one that the app has
beyond the spec (a warning). Spellings that Salesforce gives back as another one count as equal:
OfflineAccess as RefreshToken; Profile, Email, Address and Phone as Basic.

**Why it matters** A missing scope refuses a login or a call; one too many lets n8n do what nobody
asked for.

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
    from sfcred.resolve.blueprint import Deployed

BAD = Example("app: {scopes: [api, refresh_token, web]}\n", deployed="{}\n")
GOOD = Example("app: {scopes: [api, offline_access]}\n", deployed="{}\n")


@app_check("SFC702", Severity.ERROR, bad=BAD, good=GOOD)
def check(app: "Deployed") -> Iterator[Problem]:
    """Both ways."""
    if app.found is None:
        return
    from sfcred.salesforce.metadata.model import normal_scopes

    wanted, found = normal_scopes(app.wanted.scopes), normal_scopes(app.found.scopes)
    for scope in sorted(wanted - found):
        message = f"the org's app lacks the scope {show(scope)}"
        yield Problem(message, ("app", "scopes"), "Deploy the app anew, or add it in Setup.")
    for scope in sorted(found - wanted):
        message = f"the org's app has the scope {show(scope)}, which the spec doesn't declare"
        hint = "Take it from the app, or add it to app.scopes."
        yield Problem(message, ("app", "scopes"), hint, severity=Severity.WARNING)
