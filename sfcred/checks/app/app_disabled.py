"""The app, or OAuth in it, is switched off.

**Finds** an External Client App that is disabled or whose OAuth plugin is off, and a Connected App
without OAuth settings.

**Why it matters** Nobody can log in. Salesforce answers `oauth_flow_disabled`: the external client
app or the OAuth plugin is disabled.

**How to fix it** External Client App Manager, the app, Policies: select Enabled, and enable OAuth.
For a Connected App: App Manager, the app, Edit, Enable OAuth Settings.

**Source** Metadata API Developer Guide, ExtlClntAppConfigurablePolicies: isEnabled,
isOauthPluginEnabled.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import in_turn

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

BAD = Example("{}\n", deployed="{}\n", elements={"ecaPlcy/isEnabled": "false"})
GOOD = Example("{}\n", deployed="{}\n", elements={"ecaPlcy/isSamlPluginEnabled": "false"})


@app_check("SFC707", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0", explains=("app_oauth",))
def check(app: "Deployed") -> Iterator[Problem]:
    """Check the app, then OAuth."""
    return in_turn(app, _disabled, _without_oauth)


def _disabled(app: "Deployed") -> Iterator[Problem]:
    if not app.known(app.found.is_enabled, "is_enabled"):
        message = "the org's app is disabled, so nobody can log in"
        yield Problem(message, ("app",), "Enable it: External Client App Manager, the app.")


def _without_oauth(app: "Deployed") -> Iterator[Problem]:
    if not app.known(app.found.has_oauth, "has_oauth"):
        message = "OAuth is switched off in the org's app, so nobody can log in"
        yield Problem(message, ("app",), "Enable OAuth in the app's settings.")
