"""The app is for pre-authorized users, and nobody is assigned.

**Finds** `pre_authorized: true` without a permission set.

**Why it matters** Then nobody may use the app: Salesforce answers `user is not admin approved to
access this app`.

**How to fix it** Make a permission set, assign it to n8n's user, and name it in the app's policies
(External Client App Manager, the app, Policies, App Policies, Select Permission Sets; Connected
App: App Manager, the app, Manage, Manage Permission Sets). A permission set with the Salesforce API
Integration licence usually can't hold an app: take a second one, or the profile.

**Source** Metadata API, ExtlClntAppOauthConfigurablePolicies (AdminApprovedPreAuthorized).
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  permission_sets: []\n")
GOOD = Example("app:\n  pre_authorized: false\n  permission_sets: []\n")


@offline_check("SFC602", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """For both flows: the policy holds for each."""
    app = credential.app
    if app.pre_authorized and not app.permission_sets:
        message = "the app is for pre-authorized users, and no permission set is named"
        hint = "Name the permission set that n8n's user has: app.permission_sets."
        at = ("app", "permission_sets") if app.permission_sets is not None else ("app",)
        yield Problem(message, at, hint)
