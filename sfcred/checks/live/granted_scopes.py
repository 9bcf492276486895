"""The token lacks a scope that the spec declares.

**Finds** a scope of `app.scopes` that the granted token doesn't have, also by inclusion (`full`
covers all but refresh_token). For a credential without a consent: a scope that the org's discovery
document doesn't list. For the JWT flow refresh_token is left out, because that flow gives none.

**Why it matters** The first call that needs the scope is refused, long after the login worked.

**How to fix it** Add the scope to the app (for an External Client App in Setup, External Client App
Manager, the app, Settings, OAuth Settings; for a Connected App in Setup, App Manager, the app,
Edit, Selected OAuth Scopes), wait ten minutes, and for OAuth2 consent anew: `sfcred login`. Or take
it out of the spec.

**Source** RFC 6749, section 5.1 (`scope`); OpenID Connect Discovery 1.0, section 3
(`scopes_supported`).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, token
from sfcred.spec.public import quoted

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example("app: {scopes: [api, refresh_token, wave_api]}\n", replies=ALL_IS_WELL)
GOOD = Example("app: {scopes: [api, refresh_token, chatter_api]}\n", replies=ALL_IS_WELL)
_REFRESH = {"refresh_token", "offline_access"}


@live_check("SFC907", Severity.WARNING, bad=BAD, good=GOOD, follows=("SFC201",))
def check(live: "Live") -> Iterator[Problem]:
    """Each missing scope at its own place in the spec."""
    granted = token(live)
    outside = live.visit.outside
    if granted is not None and granted.scopes is not None:
        yield from _missing(live, granted.scopes, "the token was granted without")
    elif outside is not None and outside.scopes:
        yield from _missing(live, outside.scopes, "the org's discovery document doesn't list")


def _missing(live: "Live", there: frozenset[str], words: str) -> Iterator[Problem]:
    from sfcred.salesforce.scopes import includes

    covered = there.union(*(includes(scope) for scope in there))
    covered |= _REFRESH if live.credential.decision.flow == "jwt" else set()
    for index, scope in enumerate(live.credential.app.scopes or []):
        if scope not in covered:
            hint = "Add it to the app and wait ten minutes; for OAuth2 then consent anew."
            at = ("app", "scopes", index)
            what = quoted(scope, at, "this scope")
            yield Problem(f"{words} {what}", ("app", "scopes", index), hint)
