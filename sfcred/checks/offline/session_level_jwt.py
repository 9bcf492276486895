"""The app requires a session that the JWT flow can't give.

**Finds** `session_level: high_assurance` in a credential with the JWT flow.

**Why it matters** The JWT bearer flow has no step in which a person could confirm an identity, so
Salesforce refuses its logins.

**How to fix it** External Client App Manager, the app, Policies, OAuth Policies, Session Policies:
choose Standard (Connected App: App Manager, the app, Manage, Edit Policies, Session Policies).

**Source** Metadata API Developer Guide: ConnectedAppSessionPolicy.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  session_level: high_assurance\n")
GOOD = Example("app:\n  session_level: high_assurance\n", base="oauth2")


@offline_check("SFC613", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0", flow="jwt")
def check(credential: Credential) -> Iterator[Problem]:
    """Check JWT only: a consent can use a second factor."""
    if credential.app.session_level == "high_assurance":
        message = "the app requires a High Assurance session, so JWT logins fail"
        yield Problem(message, ("app", "session_level"), "Choose Standard, and write standard.")
