"""n8n asks for scopes that the app doesn't have.

**Finds** an OAuth2 credential without `oauth2.refresh_token` whose app lacks `full` or
`refresh_token`. On n8n Cloud before 2.41.0, which can't take that token if `my_domain` is set, it
also finds one with it. n8n's generic credential (`n8n.type: oAuth2Api`) is not concerned: it asks
for `app.scopes`.

**Why it matters** Whatever the credential says, n8n's Connect button asks Salesforce for
`full refresh_token`. If the app lacks one of them, the login usually ends after the password page
with `OAUTH_APPROVAL_ERROR_GENERIC` or `invalid_scope`, and neither names the scope.

**How to fix it** Select "Full access (full)" and "Perform requests at any time (refresh_token,
offline_access)": for an External Client App in Setup, External Client App Manager, the app,
Settings, OAuth Settings; for a Connected App in Setup, App Manager, the app, Edit, Selected OAuth
Scopes. To keep the scopes narrow instead, use one of these: the JWT flow, which doesn't ask for
any; a consent that you give outside n8n, with its token in `oauth2.refresh_token`; for HTTP Request
nodes, n8n's generic credential (`n8n.type: oAuth2Api`); or
CREDENTIALS_OVERWRITE_DATA for the whole n8n instance (`sfcred render --target n8n-overwrite`, then
add SFC203 with this reason to `doctor.ignore`). On n8n Cloud you can't set an overwrite, and before
n8n 2.41.0 it can't take the consent either.

**Source** n8n 0.236.0 to 2.41.3: a stored scope never reaches the authorize page; tested with n8n
2.40.5 and 2.41.1.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.scopes import ROUTE, add_hint, missing_to_connect
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import has_way_in

BAD = Example("oauth2:\n  refresh_token: null\n", base="oauth2")
GOOD = Example(
    "oauth2:\n  refresh_token: null\napp:\n  scopes: [full, refresh_token]\n", base="oauth2"
)


@offline_check(
    "SFC203",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="oauth2",
    since="0.1.0",
    answered_by=("n8n-overwrite",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Check only credentials whose consent is given in n8n, with n8n's own scopes."""
    missing = missing_to_connect(credential)
    if not missing:
        return
    message = (
        "n8n's Connect button asks for `full refresh_token`, but the app lacks "
        f"{' and '.join(missing)}"
    )
    hint = f"{add_hint(credential, missing)} For narrower scopes, use the JWT flow"
    if has_way_in(credential):
        hint += ", or set oauth2.refresh_token to the token of a consent given outside n8n"
    severity = None
    if credential.declared(("oauth2", "refresh_token")):
        message += ", and n8n Cloud before 2.41.0 can't take oauth2.refresh_token instead"
        if credential.n8n.version is None:
            hint = f"If n8n is 2.41.0 or later, set n8n.version. Otherwise: {hint}"
            severity = Severity.WARNING
    yield Problem(message, ROUTE, f"{hint}.", severity=severity)
