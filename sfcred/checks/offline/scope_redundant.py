"""A scope is already included in another one.

**Finds** a duplicate name in `app.scopes`, `offline_access` next to `refresh_token`, `chatter_api`
next to `api`, `profile` next to `id`, and everything except `refresh_token` next to `full`.

**Why it matters** It makes no difference to n8n. But the list looks narrower than it is, and
Salesforce returns other names than you deployed (`offline_access` comes back as `RefreshToken`), so
a comparison shows differences that aren't real.

**How to fix it** Remove the entry from `app.scopes`. You can also remove it in Setup (External
Client App Manager, the app, Settings, OAuth Settings, or App Manager, the app, Edit, Selected OAuth
Scopes). If the wider scope is the one you don't need, remove that one instead.

**Source** Salesforce Help, OAuth Tokens and Scopes; Metadata API Developer Guide, ConnectedApp.
"""

from collections import Counter
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.scopes import Meant, meant_scopes
from sfcred.resolve.credential import Credential
from sfcred.salesforce.scopes import NOT_WITH_CLIENT_CREDENTIALS, includes

BAD = Example("app:\n  scopes: [api, chatter_api, refresh_token]\n")
GOOD = Example("app:\n  scopes: [api, web, refresh_token]\n")


@offline_check("SFC205", Severity.INFO, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Report redundant scopes; of two that mean the same, the second one."""
    meant = meant_scopes(credential)
    if credential.flow == "client_credentials":  # `full` isn't granted, so it replaces nothing
        meant = [scope for scope in meant if scope.wire not in NOT_WITH_CLIENT_CREDENTIALS]
    # Only these can make another one redundant. A long list of unknown scopes has none of them.
    count = Counter(scope.wire for scope in meant)
    rivals = [one for one in enumerate(meant) if count[one[1].wire] > 1 or includes(one[1].wire)]
    for number, scope in enumerate(meant):
        before = [other for at, other in rivals if at < number]
        wider = _wider(scope, before, [other for at, other in rivals if at > number])
        if wider == scope.wire:
            message = f"app.scopes has a duplicate `{scope.wire}`"
            yield Problem(message, scope.route, f"Remove one `{scope.wire}`.")
        elif wider:
            message = f"`{scope.wire}` is already included in `{wider}`"
            yield Problem(message, scope.route, f"Remove `{scope.wire}` from app.scopes.")


def _wider(scope: Meant, before: list[Meant], after: list[Meant]) -> str | None:
    for other in before:
        if other.wire == scope.wire or scope.wire in includes(other.wire):
            return other.wire
    for other in after:
        if scope.wire in includes(other.wire) and other.wire not in includes(scope.wire):
            return other.wire
    return None
