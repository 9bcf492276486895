"""The app's policies are not the spec's.

**Finds** Permitted Users, permission sets, the Refresh Token Policy or IP Relaxation of the org's
app that differ from the spec. A missing pre-authorization of a JWT credential is an error.

**Why it matters** Somebody changed in Setup who may log in, from where, and for how long; the next
deployment from the spec would change it back.

**How to fix it** Deploy the app from the spec (`sfcred app`), or write into it what was meant.
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
    from sfcred.resolve.blueprint import Deployed
    from sfcred.salesforce.metadata.model import Blueprint, RefreshPolicy

BAD = Example("{}\n", deployed="app: {refresh_token_policy: {lifetime: 30d}}\n")
GOOD = Example(
    "app: {permission_sets: [a, b]}\n",
    deployed="app: {permission_sets: [b, a]}\n",
)
_HINT = "Deploy the app anew, or write into the spec what was meant."


@app_check("SFC705", Severity.WARNING, bad=BAD, good=GOOD)
def check(app: "Deployed") -> Iterator[Problem]:
    """Each policy at its own place in the spec."""
    if app.found is None:
        return
    yield from _users(app.wanted, app.found, app.credential.decision.flow)
    wanted, found = app.wanted, app.found
    if wanted.refresh_policy != found.refresh_policy:
        message = (
            f"the org's app has the Refresh Token Policy {show(_words(found.refresh_policy))}, the "
            f"spec {show(_words(wanted.refresh_policy))}"
        )
        yield Problem(message, ("app", "refresh_token_policy"), _HINT)
    if wanted.bypass_ip != found.bypass_ip:
        message = f"the org's app {'bypasses' if found.bypass_ip else 'enforces'} IP restrictions"
        yield Problem(f"{message}, the spec says otherwise", ("app", "ip_relaxation"), _HINT)


def _users(wanted: "Blueprint", found: "Blueprint", flow: str | None) -> Iterator[Problem]:
    if wanted.pre_authorized != found.pre_authorized:
        message = "the org's app lets users approve it themselves, the spec pre-authorizes"
        if found.pre_authorized:
            message = "the org's app is for admin approved users, the spec lets users approve it"
        worse = Severity.ERROR if flow == "jwt" and not found.pre_authorized else None
        yield Problem(message, ("app", "pre_authorized"), _HINT, severity=worse)
    elif wanted.pre_authorized and set(wanted.permission_sets) != set(found.permission_sets):
        there = ", ".join(sorted(found.permission_sets)) or "none"
        message = f"the org's app names the permission sets {show(there)}"
        yield Problem(f"{message}, the spec others", ("app", "permission_sets"), _HINT)


def _words(policy: "RefreshPolicy") -> str:
    return f"{policy.kind} {policy.number} {policy.unit}" if policy.number else policy.kind
