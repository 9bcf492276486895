"""The app doesn't let n8n log in with client credentials, or acts as another user.

**Finds** a credential with client credentials whose app has the flow switched off in its settings
or its policies, has no user to run as, or runs as another user than `client_credentials.run_as`.

**Why it matters** Salesforce refuses the login (`client credentials flow not enabled`, `no client
credentials user enabled`), or n8n acts with another user's permissions.

**How to fix it** Setup, External Client App Manager, the app: in Settings, OAuth Settings, and in
Policies, OAuth Policies, select Enable Client Credentials Flow, and enter the integration user's
Username in Run As (Connected App: App Manager, the app, Edit; then Manage, Edit Policies). Or
deploy the app again (`sfcred app`).

**Source** Metadata API Developer Guide: isClientCredentialsFlowEnabled and
clientCredentialsFlowUser; for a Connected App isClientCredentialEnabled and
oauthClientCredentialUser.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import REDEPLOY, in_turn
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

_RUN_AS: Route = ("client_credentials", "run_as")
_OFF = {"ecaGlblOauth/isClientCredentialsFlowEnabled": "false"}
BAD = Example("{}\n", "client_credentials", deployed="{}\n", elements=_OFF)
GOOD = Example("{}\n", deployed="{}\n", elements=_OFF)


@app_check("SFC713", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0", flow="client_credentials")
def check(app: "Deployed") -> Iterator[Problem]:
    """Look at the app's settings, its policies and its user."""
    return in_turn(app, _settings, _policies, _user)


def _settings(app: "Deployed") -> Iterator[Problem]:
    if not app.known(app.found.client_credentials, "client_credentials"):
        message = "the client credentials flow is off in the settings of the org's app"
        yield Problem(message, ("client_credentials",), REDEPLOY)


def _policies(app: "Deployed") -> Iterator[Problem]:
    places = app.org_app.form.places if app.org_app else {}
    if places.get("client_credentials") == places.get("client_credentials_policy"):
        return  # a Connected App has one switch
    if not app.known(app.found.client_credentials_policy, "client_credentials_policy"):
        message = "the client credentials flow is off in the policies of the org's app"
        yield Problem(message, ("client_credentials",), REDEPLOY)


def _user(app: "Deployed") -> Iterator[Problem]:
    found = app.known(app.found.run_as, "run_as")
    if not found:
        message = "the org's app has no user to run as, so Salesforce refuses client credentials"
        yield Problem(message, _RUN_AS, "Set Run As in the app's policies, or redeploy the app.")
        return
    if app.credential.declared(_RUN_AS) is None:
        return  # SFC611's
    wanted = app.credential.value(_RUN_AS).get_secret_value()
    if found.casefold() != wanted.casefold():
        message = "the org's app runs as another user than client_credentials.run_as"
        yield Problem(message, _RUN_AS, REDEPLOY)
