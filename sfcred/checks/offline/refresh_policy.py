"""The refresh token expires immediately.

**Finds** `refresh_token_policy: zero` ("Immediately expire refresh token") with OAuth2.

**Why it matters** n8n renews its access token with the refresh token. With this policy the
credential works until the session ends, usually after some hours, and must then be connected again.

**How to fix it** External Client App Manager, the app, Policies, OAuth Policies, Refresh Token
Policy: choose "Refresh token is valid until revoked" (Connected App: App Manager, the app, Manage,
Edit Policies).

**Source** Metadata API, ConnectedAppOauthPolicy and ExtlClntAppOauthConfigurablePolicies.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  refresh_token_policy: zero\n", base="oauth2")
GOOD = Example("app:\n  refresh_token_policy: zero\n")


@offline_check("SFC603", Severity.ERROR, bad=BAD, good=GOOD, flow="oauth2", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check OAuth2 only: the JWT flow has no refresh token."""
    policy = credential.app.refresh_token_policy
    if policy and policy.kind == "zero":
        message = "the app's refresh tokens expire immediately, so n8n can't renew its access"
        hint = "Choose 'valid until revoked' in the app's OAuth policies, and infinite here."
        yield Problem(message, ("app", "refresh_token_policy"), hint)
