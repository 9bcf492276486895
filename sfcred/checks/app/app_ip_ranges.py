"""The app has IP ranges that n8n's addresses may not be in.

**Finds** an app with IP ranges of its own. For OAuth2, only if its policy doesn't relax IP
restrictions: JWT logins ignore that policy.

**Why it matters** Logins and calls from other addresses are refused, usually with `ip restricted`.
n8n Cloud's addresses can change.

**How to fix it** Add n8n's outgoing addresses to the ranges: External Client App Manager, the app,
Settings, OAuth Settings, Trusted IP Range (Connected App: App Manager, the app, Manage, Trusted IP
Range for OAuth Web Server Flow).

**Source** Metadata API Developer Guide: ConnectedAppIpRange, and trustedIpRanges of
ExtlClntAppOauthSettings.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import in_turn

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

_RANGES = {
    "ecaOauth/trustedIpRanges/startIpAddress": "192.0.2.1",
    "ecaOauth/trustedIpRanges/endIpAddress": "192.0.2.9",
}
BAD = Example("{}\n", deployed="{}\n", elements=_RANGES)
GOOD = Example(
    "app: {ip_relaxation: bypass}\n",
    "oauth2",
    deployed="app: {ip_relaxation: bypass}\n",
    elements=_RANGES,
)


@app_check("SFC710", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Check the flows to which the ranges apply."""
    return in_turn(app, _check)


def _check(app: "Deployed") -> Iterator[Problem]:
    app.require_file("has_ip_ranges")
    is_relaxed = app.found.ip_relaxation == "bypass" and app.credential.flow != "jwt"
    if app.found.has_ip_ranges and not is_relaxed:
        message = "the org's app has IP ranges, and n8n's addresses must be in them"
        hint = "Compare them with the addresses that n8n's requests come from."
        yield Problem(message, ("app", "ip_relaxation"), hint)
