"""The app pre-authorizes its users, but nobody is assigned.

**Finds** an app that pre-authorizes its users, without a permission set or profile, with the
permission set of the Salesforce API Integration license, or with a permission set's label in place
of its API name. With the JWT flow, `sfcred app` writes an app without anybody unless the spec has
`pre_authorized: false`. A Connected App's metadata has labels, so they aren't reported there.

**Why it matters** Nobody can use the app: Salesforce answers `user is not admin approved to access
this app`.

**How to fix it** Create a permission set, assign it to n8n's user, and add it to the app's policies
(External Client App Manager, the app, Policies, App Policies, Select Permission Sets; Connected
App: App Manager, the app, Manage, Manage Permission Sets). A permission set with the Salesforce API
Integration license usually can't include an app: use a second one, or the profile. Setup,
Permission Sets shows the API Name of each.

**Source** Metadata API, ExtlClntAppOauthConfigurablePolicies (AdminApprovedPreAuthorized).
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.blueprint import admits_nobody
from sfcred.resolve.credential import Credential
from sfcred.salesforce.app_names import api_name
from sfcred.spec.source import Route
from sfcred.text.redact import show

# How Salesforce names the license's own permission set.
_LICENSE = "salesforceapiintegration"

BAD = Example("app:\n  permission_sets: []\n")
GOOD = Example("app:\n  permission_sets: null\n  profiles: [API Only]\n")


@offline_check("SFC602", Severity.WARNING, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check both flows: the policy applies to each. Without an app section, nothing is known."""
    app = credential.app
    if admits_nobody(credential):
        yield from _nobody(credential)
    for index, one in enumerate(app.permission_sets or ()):
        route: Route = ("app", "permission_sets", index)
        if _LICENSE in one.name.lower().replace("_", "").replace(" ", ""):
            message = (
                "this permission set usually belongs to the Salesforce API Integration license, "
                "which can't include apps"
            )
            hint = "List a second permission set, without a license, and assign it to n8n's user."
            yield Problem(message, route, hint)
        elif app.type != "connected_app" and not re.fullmatch(r"\w+", one.name, re.ASCII):
            message = f"{show(one.name)} is not the API name of a permission set, perhaps its label"
            usual = api_name(one.name)
            example = f", usually `{usual}`" if usual else ""
            yield Problem(message, route, f"Write the API Name in Setup, Permission Sets{example}.")


def _nobody(credential: Credential) -> Iterator[Problem]:
    app = credential.app
    message = "the app pre-authorizes its users, but the spec lists no permission set or profile"
    if app.pre_authorized is None:
        message = (
            "sfcred would deploy this app as admin-approved, because the JWT flow needs that, and "
            "nobody is assigned"
        )
    hint = "Add a permission set of n8n's user to app.permission_sets, or its profile to profiles."
    at = ("app", "permission_sets") if app.permission_sets is not None else ("app",)
    yield Problem(message, at, hint)
