"""The app's PKCE or token rotation is not the spec's.

**Finds** an app that demands PKCE where the spec doesn't, or rotates refresh tokens where the spec
doesn't; and the other way round.

**Why it matters** n8n before 1.85 sends no PKCE; a rotated token has one holder only, and an n8n
with several workers may lose it.

**How to fix it** Deploy the app from the spec (`sfcred app`), or write into it what was meant.
In Setup: External Client App Manager, the app, Settings, OAuth Settings, Security (Connected App:
App Manager, the app, Edit).

**Source** Metadata API Developer Guide: isPkceRequired, isRefreshTokenRotationEnabled.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check

if TYPE_CHECKING:
    from sfcred.resolve.blueprint import Deployed

BAD = Example("{}\n", deployed="app: {pkce_required: false}\n")
GOOD = Example("app: {pkce_required: null}\n", deployed="app: {pkce_required: true}\n")
_HINT = "Deploy the app anew, or write into the spec what was meant."


@app_check("SFC706", Severity.WARNING, bad=BAD, good=GOOD)
def check(app: "Deployed") -> Iterator[Problem]:
    """PKCE, then rotation."""
    if app.found is None:
        return
    if app.wanted.pkce_required != app.found.pkce_required:
        does = "demands PKCE" if app.found.pkce_required else "doesn't demand PKCE"
        message = f"the org's app {does}, the spec says otherwise"
        yield Problem(message, ("app", "pkce_required"), _HINT)
    if app.wanted.refresh_token_rotation != app.found.refresh_token_rotation:
        does = "rotates" if app.found.refresh_token_rotation else "doesn't rotate"
        message = f"the org's app {does} refresh tokens, the spec says otherwise"
        yield Problem(message, ("app", "refresh_token_rotation"), _HINT)
