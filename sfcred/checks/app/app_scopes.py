"""The app's scopes differ from the spec's.

**Finds** a scope that is in the spec but not in the org's app (an error), or one that is in the app
but not in the spec (a warning). If the spec states no scopes, it finds those that n8n needs and the
app lacks. Spellings that Salesforce returns differently count as equal:
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
from sfcred.checks.lib.apps import in_turn, names
from sfcred.salesforce import scopes
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

BAD = Example("app: {scopes: [api, refresh_token, web]}\n", deployed="{}\n")
GOOD = Example("app: {scopes: [api, offline_access]}\n", deployed="{}\n")
_AT = ("app", "scopes")


@app_check("SFC702", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Compare in both directions, or with what n8n asks for if the spec states no scopes."""
    return in_turn(app, _declared if app.stated.scopes else _needed)


def _declared(app: "Deployed") -> Iterator[Problem]:
    from sfcred.salesforce.metadata.model import normal_scopes

    wanted = normal_scopes(app.stated.scopes or ())
    found = normal_scopes(app.known(app.found.scopes, "scopes"))
    is_unattended = app.credential.flow == "client_credentials"
    granted = found - scopes.NOT_WITH_CLIENT_CREDENTIALS if is_unattended else found
    for scope in sorted(wanted - found):
        owner = next((other for other in sorted(granted) if scope in scopes.includes(other)), None)
        message = f"the org's app lacks the scope {show(scope)}"
        if owner:
            message += f", but has {show(owner)}, which includes it"
        hint = "Redeploy the app, or add it in Setup."
        yield Problem(message, _AT, hint, severity=Severity.WARNING if owner else None)
    if extra := sorted(found - wanted):  # apps with all scopes are common: one finding, not 25
        what, them = ("scopes", "them") if len(extra) > 1 else ("scope", "it")
        message = f"the org's app has the {what} {names(extra)}, which the spec doesn't declare"
        hint = f"Remove {them} from the app, or add {them} to app.scopes."
        yield Problem(message, _AT, hint, severity=Severity.WARNING)


def _needed(app: "Deployed") -> Iterator[Problem]:
    from sfcred.resolve.blueprint import needed_scopes
    from sfcred.salesforce.metadata.model import normal_scopes

    needed = needed_scopes(app.credential)
    app.require_file("scopes")
    if app.found.scopes is None:
        raise app.gap("scopes")
    found = normal_scopes(app.found.scopes)
    for scope in needed:
        if scope not in found:
            message = f"the org's app lacks the scope {show(scope)}, which n8n asks for"
            yield Problem(message, _AT, "Add it in Setup, and state app.scopes.")
    if app.credential.flow == "client_credentials":
        if "api" not in found:
            message = "the org's app lacks the scope `api`, and this flow doesn't grant `full`"
            yield Problem(message, _AT, "Add `api` in Setup, and state app.scopes.")
    elif not needed and not {"api", "full"} & found:
        message = "the org's app has neither the scope `api` nor `full`, so n8n can't use the API"
        yield Problem(message, _AT, "Add `api` in Setup, and state app.scopes.")
