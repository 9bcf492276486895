"""The app is a Connected App, a type that you usually can't create any more.

**Finds** `type: connected_app`.

**Why it matters** Since Spring '26, Salesforce has restricted the creation of Connected Apps. An
existing one keeps working, but you usually can't create it again in another org.

**How to fix it** For a new org, create an External Client App (Setup, External Client App Manager,
New External Client App) and write `type: external_client_app`. It needs `my_domain`.

**Source** Salesforce Help 005228017, "Connected App creation is restricted".
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  type: connected_app\n")
GOOD = Example("app:\n  type: external_client_app\n")


@offline_check("SFC604", Severity.INFO, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Report every Connected App, as information."""
    if credential.app.type == "connected_app":
        message = "since Spring '26, new Connected Apps usually can't be created"
        hint = "This one keeps working. For a new org, plan an External Client App."
        yield Problem(message, ("app", "type"), hint)
