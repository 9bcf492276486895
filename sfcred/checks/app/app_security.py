"""The app's PKCE or token settings differ from the spec's, or end n8n's access.

**Finds** PKCE, refresh token rotation, the idle limit of refresh tokens or JWT-based access tokens
of the org's app that differ from what the spec states. For OAuth2, it finds an idle limit that the
spec doesn't state.

**Why it matters** n8n before 1.85 doesn't send PKCE. A rotated token works for one holder only, and
an n8n with several workers can lose it. With the idle limit, a refresh token that isn't used for 30
days expires, even if the policy is "valid until revoked".

**How to fix it** Deploy the app from the spec (`sfcred app`), or update the spec to what you want.
In Setup: External Client App Manager, the app, Settings, OAuth Settings, Security (Connected App:
App Manager, the app, Edit).

**Source** Metadata API Developer Guide: isPkceRequired, isRefreshTokenRotationEnabled,
isEnforceRefreshTokenTTL, isNamedUserJwtEnabled.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import REDEPLOY, in_turn

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

BAD = Example("{}\n", deployed="app: {pkce_required: false}\n")
GOOD = Example("app: {pkce_required: null}\n", deployed="app: {pkce_required: false}\n")
#: What the app does, by the setting: with it, and without it.
_WORDS = {
    "pkce_required": ("requires PKCE", "doesn't require PKCE"),
    "refresh_token_rotation": ("rotates refresh tokens", "doesn't rotate refresh tokens"),
    "refresh_token_idle_limit": (
        "ends refresh tokens that aren't used for 30 days",
        "doesn't end unused refresh tokens",
    ),
    "named_user_jwt": ("issues JWT-based access tokens", "issues opaque access tokens"),
}


@app_check("SFC706", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Compare each setting that the spec states."""
    parts: list[Callable[[Deployed], Iterator[Problem]]] = [
        partial(_compare, setting=setting) for setting in _WORDS
    ]
    return in_turn(app, *parts, _idle_limit)


def _compare(app: "Deployed", setting: str) -> Iterator[Problem]:
    wanted: bool | None = getattr(app.stated, setting)
    if wanted is None:
        return
    found: bool = app.known(getattr(app.found, setting), setting)
    if wanted != found:
        on, off = _WORDS[setting]
        message = f"the org's app {on if found else off}, but in the spec it {off if found else on}"
        yield Problem(message, ("app", setting), REDEPLOY)


def _idle_limit(app: "Deployed") -> Iterator[Problem]:
    if app.credential.flow != "oauth2" or app.stated.refresh_token_idle_limit is not None:
        return
    app.require_file("refresh_token_idle_limit")
    if app.found.refresh_token_idle_limit:
        message = "the org's app ends refresh tokens that aren't used for 30 days"
        hint = "Use the credential at least once a month, or switch the idle limit off."
        yield Problem(message, ("app", "refresh_token_idle_limit"), hint)
