"""Refresh tokens rotate, and more than one holds the same.

**Finds** `refresh_token_rotation: true` where the spec declares the refresh token, so that n8n is
not its only holder.

**Why it matters** With rotation each use ends the token and gives a new one. A second holder (the
place that the spec refers to, a worker of n8n in queue mode) then uses an ended token, and
Salesforce may end the whole consent.

**How to fix it** Switch off "Enable Refresh Token Rotation" in the app's OAuth settings, or leave
`refresh_token` out of the spec and connect in n8n alone.

**Source** RFC 9700, section 4.14.2; Metadata API, isRefreshTokenRotationEnabled.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  refresh_token_rotation: true\n", base="oauth2")
GOOD = Example(
    "app:\n  refresh_token_rotation: true\noauth2:\n  refresh_token: null\n", base="oauth2"
)


@offline_check("SFC609", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """A declared token has a holder beside n8n."""
    is_declared = credential.declared(("oauth2", "refresh_token")) is not None
    if credential.flow == "oauth2" and credential.app.refresh_token_rotation and is_declared:
        message = "refresh tokens rotate, and this one has more than one holder"
        hint = "Switch rotation off in the app's OAuth settings, or connect in n8n alone."
        yield Problem(message, ("app", "refresh_token_rotation"), hint)
