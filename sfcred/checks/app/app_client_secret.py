"""The app lets clients log in without the Consumer Secret.

**Finds** an OAuth2 credential whose app makes the Consumer Secret optional.

**Why it matters** n8n always sends the secret. If Salesforce doesn't require it, a stolen
authorization code is enough to log in.

**How to fix it** External Client App Manager, the app, Settings, OAuth Settings, Security: select
Require secret for Web Server Flow (Connected App: App Manager, the app, Edit).

**Source** Metadata API Developer Guide: isConsumerSecretOptional.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import in_turn

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

_OPTIONAL = {"ecaGlblOauth/isConsumerSecretOptional": "true"}
BAD = Example("{}\n", "oauth2", deployed="{}\n", elements=_OPTIONAL)
GOOD = Example("{}\n", deployed="{}\n", elements=_OPTIONAL)


@app_check("SFC709", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0", flow="oauth2")
def check(app: "Deployed") -> Iterator[Problem]:
    """Leave JWT out: it uses no secret."""
    return in_turn(app, _check)


def _check(app: "Deployed") -> Iterator[Problem]:
    if app.known(app.found.is_secret_optional, "is_secret_optional"):
        message = "the org's app doesn't require the Consumer Secret, which n8n always sends"
        yield Problem(message, ("app",), "Select Require secret for Web Server Flow.")
