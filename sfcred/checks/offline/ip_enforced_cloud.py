"""n8n Cloud's addresses must be in the profile's IP ranges.

**Finds** `ip_relaxation: enforce` or `enforce_relax_refresh` in a credential for n8n Cloud.

**Why it matters** If the user's profile has Login IP Ranges, Salesforce answers `ip restricted` to
calls from n8n Cloud, whose addresses you don't control and which can change.

**How to fix it** Add n8n Cloud's outgoing addresses (n8n's documentation lists them) to the
profile's Login IP Ranges. For OAuth2, you can instead choose "Relax IP restrictions" in the app's
policies, and set `ip_relaxation: bypass` in the spec.

**Source** Salesforce Help, "Manage OAuth Access Policies"; n8n's documentation of Cloud IP
addresses.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

_CLOUD = (
    "n8n:\n  deployment: cloud\n  url: https://acme.app.n8n.cloud\n  version: '2.41.1'\n"
    "app:\n  callback_urls:\n    - https://oauth.n8n.cloud/oauth2/callback\n"
    "    - https://acme.app.n8n.cloud/rest/oauth2-credential/callback\n"
)
BAD = Example(_CLOUD + "  ip_relaxation: enforce\n", base="oauth2")
GOOD = Example(_CLOUD + "  ip_relaxation: bypass\n", base="oauth2")


@offline_check("SFC607", Severity.WARNING, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Report it for either flow: JWT ignores the policy (SFC606), but not the ranges."""
    if credential.n8n.is_cloud and credential.app.ip_relaxation in (
        "enforce",
        "enforce_relax_refresh",
    ):
        message = "n8n Cloud's addresses must be in the profile's IP ranges, if it has any"
        hint = "Add them to its Login IP Ranges or, for OAuth2, relax the app's policy (bypass)."
        yield Problem(message, ("app", "ip_relaxation"), hint)
