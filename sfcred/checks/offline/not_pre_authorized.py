"""The JWT flow is used, but the app doesn't pre-authorize its users.

**Finds** `pre_authorized: false` in a credential with the JWT flow.

**Why it matters** The user must have approved the app once in a browser, with a scope that grants a
refresh token. Otherwise, Salesforce answers `user hasn't approved this consumer`.

**How to fix it** First create a permission set and assign it, or everyone is locked out. Then go to
External Client App Manager, the app, Policies, OAuth Policies, Permitted Users, and choose "Admin
approved users are pre-authorized" (Connected App: App Manager, the app, Manage, Edit Policies).

**Source** Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration": prior
approval by policy or by the user.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import Cause, NotKnown
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  pre_authorized: false\n  permission_sets: null\n")
GOOD = Example("app:\n  pre_authorized: false\n  permission_sets: null\n", base="oauth2")


@offline_check("SFC601", Severity.WARNING, bad=BAD, good=GOOD, flow="jwt", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check JWT only: with OAuth2, a person approves in the browser."""
    given = credential.app.pre_authorized
    if given is None:
        raise NotKnown(
            "app.pre_authorized is not set",
            hint="Add `pre_authorized: true` (or false) to the section `app`.",
            cause=Cause.NOT_STATED,
        )
    if not given:
        message = "the JWT flow usually needs an app that pre-authorizes its users"
        hint = "Set Permitted Users to 'Admin approved users are pre-authorized' in its policies."
        yield Problem(message, ("app", "pre_authorized"), hint)
