"""IP restrictions are relaxed, and the JWT flow enforces them all the same.

**Finds** `ip_relaxation: bypass` in a credential with the JWT flow.

**Why it matters** The JWT bearer flow always enforces the IP ranges of the user's profile, whatever
the app's policy says. The policy gives a false sense that n8n's address doesn't matter.

**How to fix it** If the profile has Login IP Ranges, add n8n's outgoing addresses there (Setup,
Profiles, the integration user's profile, Login IP Ranges), and set the policy to enforce.

**Source** Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration".
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  ip_relaxation: bypass\n")
GOOD = Example("app:\n  ip_relaxation: bypass\n", base="oauth2")


@offline_check("SFC606", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """For JWT alone."""
    if credential.flow == "jwt" and credential.app.ip_relaxation == "bypass":
        message = "the JWT flow enforces the profile's IP ranges in spite of bypass"
        hint = "Add n8n's addresses to the profile's Login IP Ranges, if it has any."
        yield Problem(message, ("app", "ip_relaxation"), hint)
