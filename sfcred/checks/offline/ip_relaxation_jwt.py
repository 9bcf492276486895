"""IP restrictions are relaxed, but the JWT flow enforces them anyway.

**Finds** `ip_relaxation: bypass` or `bypass_2factor` in a credential with the JWT flow.

**Why it matters** The JWT bearer flow always enforces the IP ranges of the user's profile, whatever
the app's policy is. The policy makes it look as if n8n's address didn't matter.

**How to fix it** If the profile has Login IP Ranges, add n8n's outgoing addresses there (Setup,
Profiles, the integration user's profile, Login IP Ranges), and set the policy to enforce.

**Source** Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration".
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  ip_relaxation: bypass\n")
GOOD = Example("app:\n  ip_relaxation: bypass\n", base="oauth2")


@offline_check("SFC606", Severity.WARNING, bad=BAD, good=GOOD, flow="jwt", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check JWT credentials only."""
    if credential.app.ip_relaxation in ("bypass", "bypass_2factor"):
        message = (
            f"the JWT flow enforces the profile's IP ranges despite {credential.app.ip_relaxation}"
        )
        hint = "If the profile has Login IP Ranges, add n8n's addresses to them."
        yield Problem(message, ("app", "ip_relaxation"), hint)
