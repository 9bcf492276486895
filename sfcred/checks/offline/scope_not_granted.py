"""The client credentials flow doesn't grant a scope.

**Finds** `full`, `web`, `refresh_token` or `offline_access` in `app.scopes` of a credential with
client credentials.

**Why it matters** Salesforce usually leaves these scopes out of the token, so workflows can't rely
on them. If the app has no other scope, it refuses the login with `no valid scopes defined`.

**How to fix it** Remove the scope from the app's Selected OAuth Scopes and from `app.scopes`. The
flow needs no refresh token: n8n gets a new token with the Consumer Secret. Instead of `full`, list
what the workflows need, usually `api`.

**Source** Reports by users of several clients, which cite Salesforce Help; not confirmed by a run.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.scopes import meant_scopes
from sfcred.resolve.credential import Credential
from sfcred.salesforce.scopes import NOT_WITH_CLIENT_CREDENTIALS

BAD = Example("app:\n  scopes: [api, refresh_token]\n", base="client_credentials")
GOOD = Example("app:\n  scopes: [api, refresh_token]\n", base="jwt")


@offline_check(
    "SFC209",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    since="0.2.0",
    flow="client_credentials",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Report each such scope at its entry."""
    for scope in meant_scopes(credential):
        if scope.wire in NOT_WITH_CLIENT_CREDENTIALS:
            message = f"client credentials usually don't get the scope `{scope.wire}`"
            yield Problem(message, scope.route, "Remove it from the app and from app.scopes.")
