"""The token lacks a scope that the spec declares.

**Finds** a scope in `app.scopes` that the granted token doesn't include (`full` includes all but
refresh_token). For a credential without a consent, it finds a scope that the org's discovery
document doesn't list. It leaves out what the flow never grants: refresh_token for JWT, and the
scopes of SFC209 for client credentials.

**Why it matters** The first call that needs the scope is refused, long after the login worked.

**How to fix it** Add the scope to the app (External Client App: Setup, External Client App Manager,
the app, Settings, OAuth Settings; Connected App: Setup, App Manager, the app, Edit, Selected OAuth
Scopes) and wait ten minutes. For OAuth2, give consent again with `sfcred login`. Or remove the
scope from the spec.

**Source** RFC 6749, section 5.1 (`scope`); OpenID Connect Discovery 1.0, section 3
(`scopes_supported`).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, Trait, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, require_reached, token
from sfcred.errors import NotKnown
from sfcred.salesforce.scopes import NOT_WITH_CLIENT_CREDENTIALS
from sfcred.spec.public import quoted

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example("app: {scopes: [api, refresh_token, wave_api]}\n", replies=ALL_IS_WELL)
GOOD = Example("app: {scopes: [api, refresh_token, chatter_api]}\n", replies=ALL_IS_WELL)
#: What a flow never grants.
_NEVER = {
    "jwt": frozenset({"refresh_token", "offline_access"}),
    "client_credentials": NOT_WITH_CLIENT_CREDENTIALS,
}


@live_check(
    "SFC907",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    since="0.2.0",
    follows=("SFC201",),
    traits=(Trait.JUDGES_CONSENT,),
)
def check(live: "Live") -> Iterator[Problem]:
    """Report each missing scope at its entry in the spec."""
    if not live.credential.app.scopes:
        return
    granted = token(live)
    outside = live.visit.outside
    if granted is not None and granted.scopes is not None:
        yield from _missing(live, granted.scopes, "the token was granted without")
    elif outside is not None and outside.scopes:
        yield from _missing(live, outside.scopes, "the org's discovery document doesn't list")
    else:
        require_reached(live)
        raise NotKnown(
            "the answer doesn't list any scopes to compare app.scopes with",
            hint="Compare app.scopes with the app's Selected OAuth Scopes in Setup.",
        )


def _missing(live: "Live", there: frozenset[str], words: str) -> Iterator[Problem]:
    from sfcred.salesforce.scopes import includes

    covered = there.union(*(includes(scope) for scope in there))
    covered |= _NEVER.get(live.credential.flow, frozenset())
    for index, scope in enumerate(live.credential.app.scopes or []):
        if scope not in covered:
            hint = "Add it to the app and wait ten minutes. For OAuth2, then give consent again."
            at = ("app", "scopes", index)
            what = quoted(scope, at, "this scope")
            yield Problem(f"{words} {what}", at, hint)
