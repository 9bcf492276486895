"""The app is not in the retrieved metadata.

**Finds** a spec whose app isn't among the retrieved files, going by its API name and type.

**Why it matters** Either the app was not deployed to this org, or it was renamed, has the other app
type, or was not retrieved.

**How to fix it** Retrieve it with the manifest that `sfcred app` writes (`sf project retrieve start
--manifest manifest/package.xml`), and compare `app.label` and `app.type` with Setup, External
Client App Manager (Connected App: Setup, App Manager).

**Source** The Salesforce CLI's metadata registry: the folders and suffixes of app metadata.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.redact import show

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

BAD = Example("{}\n", deployed="app: {label: Another}\n")
GOOD = Example("{}\n", deployed="{}\n")


@app_check("SFC701", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Match the app by API name, which is derived from the label."""
    if app.found is None:
        name = app.wanted.api_name
        message = f"{app.where} has no app {show(name)} of the type that the spec declares"
        hint = "Retrieve it from the org, and compare app.label and app.type with Setup."
        yield Problem(message, ("app", "label"), hint)
