"""Refresh tokens rotate, but more than one holder uses the same one.

**Finds** `refresh_token_rotation: true` in a spec that declares the refresh token, so that n8n is
not its only holder.

**Why it matters** With rotation, each use invalidates the token and returns a new one. A second
holder (the place that the spec refers to, or an n8n worker in queue mode) then uses an invalid
token, and Salesforce can revoke the whole consent.

**How to fix it** Turn off "Enable Refresh Token Rotation" in the app's OAuth settings. Or remove
`refresh_token` from the spec and connect only in n8n.

**Source** RFC 9700, section 4.14.2; Metadata API, isRefreshTokenRotationEnabled.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  refresh_token_rotation: true\n", base="oauth2")
GOOD = Example(
    "app:\n  refresh_token_rotation: true\noauth2:\n  refresh_token: null\n", base="oauth2"
)


@offline_check("SFC609", Severity.WARNING, bad=BAD, good=GOOD, flow="oauth2", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Report a declared token: it has a holder other than n8n."""
    is_declared = credential.declared(("oauth2", "refresh_token")) is not None
    if credential.flow == "oauth2" and credential.app.refresh_token_rotation and is_declared:
        message = "refresh tokens rotate, but more than one holder uses this one"
        hint = "Turn rotation off in the app's OAuth settings, or connect only in n8n."
        yield Problem(message, ("app", "refresh_token_rotation"), hint)
