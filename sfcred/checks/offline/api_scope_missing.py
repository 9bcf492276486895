"""The app can't use Salesforce's APIs.

**Finds** `app.scopes` with neither `api` nor `full`. For client credentials, `full` doesn't count,
because this flow doesn't grant it.

**Why it matters** n8n's Salesforce nodes call the REST API. The login succeeds and returns a token,
but Salesforce refuses the first call made with it.

**How to fix it** Select "Manage user data via APIs (api)": for an External Client App in Setup,
External Client App Manager, the app, Settings, OAuth Settings; for a Connected App in Setup, App
Manager, the app, Edit, Selected OAuth Scopes. Then add `api` to `app.scopes`.

**Source** Salesforce Help, OAuth Tokens and Scopes; the Salesforce nodes of n8n-nodes-base 2.40.2.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.scopes import ROUTE, add_hint, covered, meant_scopes
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  scopes: [wave_api, refresh_token]\n")
GOOD = Example("app:\n  scopes: [api, wave_api, refresh_token]\n")


@offline_check("SFC204", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Look for `api`, which `full` includes, unless the flow doesn't grant `full`."""
    meant = meant_scopes(credential)
    if credential.flow == "client_credentials":
        if all(scope.wire != "api" for scope in meant):
            message = (
                "the app lacks the scope api: n8n usually can't log in, and can't read or write"
            )
            yield Problem(message, ROUTE, add_hint(credential, ["api"]))
    elif "api" not in covered(meant):
        message = (
            "the app has neither the scope api nor the scope full: n8n can log in, but not read or "
            "write"
        )
        yield Problem(message, ROUTE, add_hint(credential, ["api"]))
