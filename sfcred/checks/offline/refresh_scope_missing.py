"""The app lacks the scope refresh_token.

**Finds** `app.scopes` with neither `refresh_token` nor `offline_access`, which are one checkbox in
Setup. `full` doesn't include it. It is an error with OAuth2 and a warning with JWT.

**Why it matters** With OAuth2, Salesforce doesn't issue a refresh token without this scope, and n8n
loses the connection as soon as the first session ends. With JWT there is no refresh token. But if
users aren't pre-authorized, Salesforce usually requires an earlier approval with this scope, and
otherwise answers "user hasn't approved this consumer".

**How to fix it** Select "Perform requests at any time (refresh_token, offline_access)": for an
External Client App in Setup, External Client App Manager, the app, Settings, OAuth Settings; for a
Connected App in Setup, App Manager, the app, Edit, Selected OAuth Scopes. Then add `refresh_token`
to `app.scopes`.

**Source** Salesforce Help, OAuth Tokens and Scopes, and OAuth 2.0 JWT Bearer Flow.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.scopes import ROUTE, add_hint, covered, meant_scopes
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  scopes: [api]\n", base="oauth2")
GOOD = Example("app:\n  scopes: [api, offline_access]\n", base="oauth2")


@offline_check("SFC202", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", flow=("oauth2", "jwt"))
def check(credential: Credential) -> Iterator[Problem]:
    """Report it as an error for OAuth2, as a warning for JWT."""
    is_jwt = credential.flow == "jwt"
    if "refresh_token" in covered(meant_scopes(credential)):
        return
    hint = add_hint(credential, ["refresh_token"])
    if is_jwt:
        message = (
            "the app lacks the scope refresh_token: the JWT flow probably works only for "
            "pre-authorized users"
        )
        yield Problem(message, ROUTE, hint, severity=Severity.WARNING)
    else:
        message = "the app lacks the scope refresh_token: Salesforce won't issue a refresh token"
        yield Problem(message, ROUTE, hint)
