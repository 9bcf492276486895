"""The spec lists who is pre-authorized, but lets users approve the app themselves.

**Finds** `app.permission_sets` or `app.profiles` together with `app.pre_authorized: false`.

**Why it matters** Salesforce only keeps permission sets and profiles in an app that pre-authorizes
its users. `sfcred app` doesn't write them, so what the spec says about who may log in isn't true.

**How to fix it** Set `pre_authorized: true` (Permitted Users: Admin approved users are
pre-authorized), or remove the list.

**Source** Metadata API Developer Guide, ConnectedApp: permissionSetName and profileName need
isAdminApproved.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.blueprint import stated
from sfcred.resolve.credential import Credential

BAD = Example("app: {pre_authorized: false}\n", base="oauth2")
GOOD = Example("app: {pre_authorized: false, permission_sets: null}\n", base="oauth2")


@offline_check("SFC615", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Report each list that has no effect."""
    for name in stated(credential).unused_lists:
        message = f"app.{name} has no effect, because app.pre_authorized is false"
        hint = "Set app.pre_authorized to true, or remove the list."
        yield Problem(message, ("app", name), hint)
