"""The app requires a High Assurance session.

**Finds** an app whose session policy is High Assurance (an error for JWT), or differs from
`app.session_level`.

**Why it matters** The JWT bearer flow has no step in which a person could confirm an identity, so
its logins fail, and so, usually, do those with client credentials. An OAuth2 consent needs a second
factor.

**How to fix it** External Client App Manager, the app, Policies, OAuth Policies, Session Policies:
choose Standard (Connected App: App Manager, the app, Manage, Edit Policies, Session Policies).

**Source** Metadata API Developer Guide: ConnectedAppSessionPolicy, and requiredSessionLevel of
ExtlClntAppOauthConfigurablePolicies.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import REDEPLOY, in_turn
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

_AT = ("app", "session_level")
BAD = Example(
    "{}\n", deployed="{}\n", elements={"ecaOauthPlcy/requiredSessionLevel": "HIGH_ASSURANCE"}
)
GOOD = Example("{}\n", deployed="{}\n", elements={"ecaOauthPlcy/requiredSessionLevel": "LOW"})


@app_check("SFC708", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Check what blocks logins, then compare with the spec."""
    return in_turn(app, _check)


def _check(app: "Deployed") -> Iterator[Problem]:
    wanted = app.stated.session_level
    found = app.known(app.found.session_level, "session_level")
    if found == "high_assurance" and app.credential.flow == "jwt":
        message = "the org's app requires a High Assurance session, so JWT logins fail"
        yield Problem(message, _AT, "Choose Standard in the app's session policies.")
    elif wanted is not None and wanted != found:
        message = (
            f"the session level is {show(found)} in the org's app, but {show(wanted)} in the spec"
        )
        yield Problem(message, _AT, REDEPLOY, severity=Severity.WARNING)
    elif wanted is None and found == "high_assurance":
        what = "a consent needs a second factor"
        if app.credential.flow == "client_credentials":
            what = "a login without a person usually can't reach that"
        message = f"the org's app requires a High Assurance session: {what}"
        hint = "Choose Standard in the app's session policies, or state app.session_level."
        yield Problem(message, _AT, hint, severity=Severity.WARNING)
