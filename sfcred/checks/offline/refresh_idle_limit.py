"""Refresh tokens that aren't used for 30 days expire.

**Finds** `refresh_token_idle_limit: true` in an OAuth2 credential.

**Why it matters** Even if the policy is "valid until revoked", Salesforce ends a refresh token that
isn't used for 30 days. A credential whose workflows pause that long must be connected again.

**How to fix it** Run a workflow with it at least once a month, or switch the limit off in the app's
OAuth settings. An app that you make for your own org doesn't need the limit: it is mandatory only
for partner apps.

**Source** Salesforce Help, connected_app_limit_idle_ttl; Metadata API, isEnforceRefreshTokenTTL.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  refresh_token_idle_limit: true\n", base="oauth2")
GOOD = Example("app:\n  refresh_token_idle_limit: true\n")


@offline_check("SFC612", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0", flow="oauth2")
def check(credential: Credential) -> Iterator[Problem]:
    """Check OAuth2 only: other flows have no refresh token."""
    if credential.app.refresh_token_idle_limit:
        message = "the credential must be connected again when it hasn't been used for 30 days"
        hint = "Use it at least once a month, or switch the idle limit off."
        yield Problem(message, ("app", "refresh_token_idle_limit"), hint)
