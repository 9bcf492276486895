"""The app's policies differ from the spec's.

**Finds** Permitted Users, permission sets, the Refresh Token Policy or IP Relaxation of the org's
app that differ from the spec. If users of a JWT credential aren't pre-authorized, it is an error.

**Why it matters** Someone changed in Setup who can log in, from where, or for how long. The next
deployment from the spec would undo that.

**How to fix it** Deploy the app from the spec (`sfcred app`), or update the spec to what you want.
In Setup: External Client App Manager, the app, Policies, OAuth Policies (Connected App: App
Manager, the app, Manage, Edit Policies).

**Source** Metadata API Developer Guide: ExtlClntAppOauthConfigurablePolicies,
ConnectedAppOauthPolicy.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.redact import show

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed
    from sfcred.salesforce.metadata.model import Blueprint, RefreshPolicy

BAD = Example("{}\n", deployed="app: {refresh_token_policy: {lifetime: 30d}}\n")
GOOD = Example(
    "app: {permission_sets: [a, b]}\n",
    deployed="app: {permission_sets: [b, a]}\n",
)
_HINT = "Redeploy the app, or update the spec to match it."


@app_check("SFC705", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Report each policy at its field in the spec."""
    if app.found is None:
        return
    yield from _users(app.wanted, app.found, app.credential.decision.flow)
    wanted, found = app.wanted, app.found
    if wanted.refresh_policy != found.refresh_policy:
        message = (
            f"the Refresh Token Policy is {show(_words(found.refresh_policy))} in the org's app, "
            f"but {show(_words(wanted.refresh_policy))} in the spec"
        )
        yield Problem(message, ("app", "refresh_token_policy"), _HINT)
    if wanted.bypass_ip != found.bypass_ip:
        first, second = ("bypasses", "enforces") if found.bypass_ip else ("enforces", "bypasses")
        message = f"the org's app {first} IP restrictions, but the spec {second} them"
        yield Problem(message, ("app", "ip_relaxation"), _HINT)


def _users(wanted: "Blueprint", found: "Blueprint", flow: str | None) -> Iterator[Problem]:
    if wanted.pre_authorized != found.pre_authorized:
        message = "the org's app lets users approve it themselves, but the spec pre-authorizes them"
        if found.pre_authorized:
            message = "the org's app pre-authorizes users, but the spec lets them approve it"
        worse = Severity.ERROR if flow == "jwt" and not found.pre_authorized else None
        yield Problem(message, ("app", "pre_authorized"), _HINT, severity=worse)
    elif wanted.pre_authorized and set(wanted.permission_sets) != set(found.permission_sets):
        there = ", ".join(sorted(found.permission_sets)) or "none"
        message = f"the permission sets of the org's app ({show(there)}) differ from the spec's"
        yield Problem(message, ("app", "permission_sets"), _HINT)


def _words(policy: "RefreshPolicy") -> str:
    return f"{policy.kind} {policy.number} {policy.unit}" if policy.number else policy.kind
