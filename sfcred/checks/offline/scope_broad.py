"""The app has full access, which the flow doesn't need.

**Finds** `full` in `app.scopes` of a JWT credential, or of an OAuth2 credential whose consent was
given outside n8n (`oauth2.refresh_token`), or that is n8n's generic credential (`n8n.type`). Any
other OAuth2 credential that you connect in n8n itself needs `full`, because n8n asks for it.

**Why it matters** Anyone who gets the key or the token can do everything that the user can, far
beyond the data that a workflow uses.

**How to fix it** Replace `full` with what the workflows need, usually `api`: for an External Client
App in Setup, External Client App Manager, the app, Settings, OAuth Settings; for a Connected App in
Setup, App Manager, the app, Edit, Selected OAuth Scopes. Then do the same in `app.scopes`.

**Source** Salesforce Help, OAuth Tokens and Scopes; tested with n8n 2.40.5, which doesn't ask for a
scope with JWT, or when it renews a token.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.scopes import meant_scopes
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import brings_consent

BAD = Example("app:\n  scopes: [full, refresh_token]\n")
GOOD = Example(
    "oauth2:\n  refresh_token: null\napp:\n  scopes: [full, refresh_token]\n", base="oauth2"
)


@offline_check(
    "SFC206", Severity.WARNING, bad=BAD, good=GOOD, since="0.1.0", flow=("oauth2", "jwt")
)
def check(credential: Credential) -> Iterator[Problem]:
    """Report `full`, except where n8n's own OAuth2 consent needs it."""
    why = "the JWT flow doesn't ask for any scope"
    hint = "Replace it with what the workflows need, usually `api`."
    if credential.has_generic_type:
        why = "n8n's generic credential only asks for app.scopes"
    elif credential.flow == "oauth2":
        if not brings_consent(credential):
            return
        why = "n8n renews the token without asking for scopes"
        hint += " Only a new consent in n8n would ask for `full` again."
    for scope in meant_scopes(credential):
        if scope.wire == "full":
            message = f"the app has `full` access, which isn't needed here: {why}"
            yield Problem(message, scope.route, hint)
