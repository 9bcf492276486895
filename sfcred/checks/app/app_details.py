"""The app's label, contact or addresses differ from the spec's.

**Finds** a label, a contact, a logo, an icon or a start URL of the org's app that differs from what
the spec states.

**Why it matters** Logins don't depend on them, but the next deployment from the spec changes them.

**How to fix it** Deploy the app from the spec (`sfcred app`), or update the spec. In Setup:
External Client App Manager, the app, Settings, Basic Information (Connected App: App Manager, the
app, Edit).

**Source** Metadata API Developer Guide: ExternalClientApplication, ConnectedApp.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import REDEPLOY, in_turn
from sfcred.text.redact import show, show_address

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

BAD = Example("app: {contact_email: it@acme.com}\n", deployed="{}\n")
GOOD = Example("app: {contact_email: null}\n", deployed="{}\n")
_WORDS = {
    "label": "label",
    "contact_email": "contact email",
    "contact_phone": "contact phone",
    "logo_url": "logo URL",
    "icon_url": "icon URL",
    "start_url": "start URL",
}


@app_check("SFC712", Severity.INFO, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Compare each text that the spec states."""
    parts: list[Callable[[Deployed], Iterator[Problem]]] = [
        partial(_compare, setting=setting) for setting in _WORDS
    ]
    return in_turn(app, *parts)


def _compare(app: "Deployed", setting: str) -> Iterator[Problem]:
    wanted: str | None = getattr(app.stated, setting)
    if wanted is None:
        return
    found: str = app.known(getattr(app.found, setting), setting)
    if wanted.strip() != found:
        shown = show_address if setting.endswith("_url") else show
        there = shown(found) if found else "empty"
        message = (
            f"the {_WORDS[setting]} is {there} in the org's app, but {shown(wanted)} in the spec"
        )
        yield Problem(message, ("app", setting), REDEPLOY)
