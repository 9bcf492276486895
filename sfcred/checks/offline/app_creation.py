"""The app is a Connected App, and new ones can't be made any more.

**Finds** `type: connected_app`.

**Why it matters** Since Spring '26 Salesforce restricts the creation of Connected Apps. One that
exists goes on working, but it can't simply be made again in another org.

**How to fix it** For a new org, make an External Client App (Setup, External Client App Manager,
New External Client App), and write `type: external_client_app`. It needs `my_domain`.

**Source** Salesforce Help 005228017, "Connected App creation is restricted".
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  type: connected_app\n")
GOOD = Example("app:\n  type: external_client_app\n")


@offline_check("SFC604", Severity.INFO, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """A hint, no fault."""
    if credential.app.type == "connected_app":
        message = "new Connected Apps usually can't be made since Spring '26"
        hint = "This one goes on working; plan an External Client App for the next org."
        yield Problem(message, ("app", "type"), hint)
