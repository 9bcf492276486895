"""The app lacks the scope refresh_token.

**Finds** `app.scopes` with neither `refresh_token` nor `offline_access`, which are one checkbox in
Setup. `full` doesn't include it. It is an error with OAuth2 and a warning with JWT.

**Why it matters** With OAuth2, Salesforce gives no refresh token without this scope, and n8n loses
the connection as soon as the first session ends. With JWT there is no refresh token, but for users
who are not pre-authorized Salesforce usually demands an earlier approval with this scope, and
answers "user hasn't approved this consumer" otherwise.

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


@offline_check("SFC202", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """The severity depends on the flow."""
    is_jwt = credential.flow == "jwt"
    if "refresh_token" in covered(meant_scopes(credential)):
        return
    hint = add_hint(credential, ["refresh_token"])
    if is_jwt:
        message = (
            "the app lacks the scope refresh_token: the JWT flow likely works for pre-authorized "
            "users only"
        )
        yield Problem(message, ROUTE, hint, severity=Severity.WARNING)
    else:
        message = "the app lacks the scope refresh_token: Salesforce issues no refresh token"
        yield Problem(message, ROUTE, hint)
