"""Salesforce has no OAuth scope of this name.

**Finds** an entry of `app.scopes` that is not the technical name of a scope: a misspelled one, the
label that Setup shows, the spelling of the Metadata API (`RefreshToken`), or several names in one
entry.

**Why it matters** sfcred compares the scopes with what n8n asks for, and `sfcred app` writes them
to the app's metadata, where Salesforce usually refuses unknown names.

**How to fix it** Write the technical name, which Setup shows in brackets after the label: "Manage
user data via APIs (api)" is `api`. For an External Client App the list is in Setup, External Client
App Manager, the app, Settings, OAuth Settings; for a Connected App in Setup, App Manager, the app,
Edit, Selected OAuth Scopes. Don't list custom scopes here.

**Source** The `scopes_supported` that orgs publish at `/.well-known/openid-configuration`; Metadata
API Developer Guide, ConnectedApp and ExtlClntAppOauthSettings.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.scopes import ROUTE, given_scopes, several
from sfcred.resolve.credential import Credential
from sfcred.salesforce import scopes
from sfcred.spec.public import quoted

BAD = Example("app:\n  scopes: [api, refresh-token]\n")
GOOD = Example("app:\n  scopes: [api, offline_access]\n")


@offline_check("SFC201", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check each entry separately."""
    for index, text in enumerate(given_scopes(credential)):
        if scopes.find(text) is None:
            what = quoted(text, (*ROUTE, index), "this")
            message = f"{what} is not the technical name of a Salesforce scope"
            meant = scopes.identify(text)
            yield Problem(message, (*ROUTE, index), _hint(text), fix=meant.wire if meant else None)


def _hint(text: str) -> str:
    if scope := scopes.identify(text):
        return f"Write `{scope.wire}`."
    if wires := several(text):
        return f"Write each as a separate entry: `[{', '.join(wires)}]`."
    if scope := scopes.nearest(text):
        return f"Did you mean `{scope.wire}`?"
    return "Write the name that Setup shows in brackets after the scope's label, such as `api`."
