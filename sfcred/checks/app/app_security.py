"""The app's PKCE or token rotation setting differs from the spec's.

**Finds** an app that requires PKCE or rotates refresh tokens when the spec says it doesn't, or the
reverse.

**Why it matters** n8n before 1.85 doesn't send PKCE. A rotated token works for one holder only, and
an n8n with several workers can lose it.

**How to fix it** Deploy the app from the spec (`sfcred app`), or update the spec to what you want.
In Setup: External Client App Manager, the app, Settings, OAuth Settings, Security (Connected App:
App Manager, the app, Edit).

**Source** Metadata API Developer Guide: isPkceRequired, isRefreshTokenRotationEnabled.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

BAD = Example("{}\n", deployed="app: {pkce_required: false}\n")
GOOD = Example("app: {pkce_required: null}\n", deployed="app: {pkce_required: true}\n")
_HINT = "Redeploy the app, or update the spec to match it."


@app_check("SFC706", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Compare PKCE, then token rotation."""
    if app.found is None:
        return
    if app.wanted.pkce_required != app.found.pkce_required:
        first, second = _verbs("require", is_found=app.found.pkce_required)
        message = f"the org's app {first} PKCE, but the spec {second}"
        yield Problem(message, ("app", "pkce_required"), _HINT)
    if app.wanted.refresh_token_rotation != app.found.refresh_token_rotation:
        first, second = _verbs("rotate", is_found=app.found.refresh_token_rotation)
        message = f"the org's app {first} refresh tokens, but the spec {second}"
        yield Problem(message, ("app", "refresh_token_rotation"), _HINT)


def _verbs(verb: str, *, is_found: bool) -> tuple[str, str]:
    """Return what the app does and what the spec does, where the two differ."""
    return (f"{verb}s", "doesn't") if is_found else (f"doesn't {verb}", "does")
