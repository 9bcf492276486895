"""n8n Cloud's addresses have to be in the IP ranges.

**Finds** `ip_relaxation: enforce` in an OAuth2 credential for n8n Cloud.

**Why it matters** If the user's profile has Login IP Ranges, Salesforce answers `ip restricted` for
calls from n8n Cloud, whose addresses are not yours and may change.

**How to fix it** Add n8n Cloud's outgoing addresses (n8n's documentation lists them) to the
profile's Login IP Ranges, or choose "Relax IP restrictions" in the app's policies, and
`bypass` here.

**Source** Salesforce Help, "Manage OAuth Access Policies"; n8n's documentation of Cloud IP
addresses.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

_CLOUD = (
    "n8n:\n  deployment: cloud\n  url: https://acme.app.n8n.cloud\n"
    "app:\n  callback_urls:\n    - https://oauth.n8n.cloud/oauth2/callback\n"
    "    - https://acme.app.n8n.cloud/rest/oauth2-credential/callback\n"
)
BAD = Example(_CLOUD + "  ip_relaxation: enforce\n", base="oauth2")
GOOD = Example(_CLOUD + "  ip_relaxation: bypass\n", base="oauth2")


@offline_check("SFC607", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """For the JWT flow the policy makes no difference (SFC606), the ranges do."""
    is_cloud = credential.n8n.deployment == "cloud"
    if is_cloud and credential.app.ip_relaxation == "enforce":
        message = "n8n Cloud's addresses must be in the profile's IP ranges, if it has any"
        hint = "Add them to the profile's Login IP Ranges, or relax the app's policy (bypass)."
        yield Problem(message, ("app", "ip_relaxation"), hint)
