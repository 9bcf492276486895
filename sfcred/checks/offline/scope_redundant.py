"""A scope is already included in another one.

**Finds** in `app.scopes`: a name that stands there twice, `offline_access` beside `refresh_token`,
`chatter_api` beside `api`, `profile` beside `id`, and everything but `refresh_token` beside
`full`.

**Why it matters** It changes nothing for n8n. But the list claims to be narrower than it is, and
Salesforce gives back other names than were deployed (`offline_access` comes back as
`RefreshToken`), so that a comparison shows differences that are none.

**How to fix it** Remove the entry from `app.scopes`; in Setup (External Client App Manager, the
app, Settings, OAuth Settings, or App Manager, the app, Edit, Selected OAuth Scopes) it can be
removed, too. If the wider scope is the one that isn't needed, remove that one.

**Source** Salesforce Help, OAuth Tokens and Scopes; Metadata API Developer Guide, ConnectedApp.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.scopes import Meant, meant_scopes
from sfcred.resolve.credential import Credential
from sfcred.salesforce.scopes import includes

BAD = Example("app:\n  scopes: [api, chatter_api, refresh_token]\n")
GOOD = Example("app:\n  scopes: [api, web, refresh_token]\n")


@offline_check("SFC205", Severity.INFO, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Of two that mean the same, the second is the redundant one."""
    meant = meant_scopes(credential)
    for number, scope in enumerate(meant):
        wider = _wider(scope, meant[:number], meant[number + 1 :])
        if wider == scope.wire:
            message = f"`{scope.wire}` stands in app.scopes twice"
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
