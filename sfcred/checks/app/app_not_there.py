"""The org's metadata has no such app.

**Finds** no app of the spec's API name and type among the retrieved files.

**Why it matters** The app was not deployed to this org, was renamed, is of the other type, or was
not retrieved.

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
    from sfcred.resolve.blueprint import Deployed

BAD = Example("{}\n", deployed="app: {label: Another}\n")
GOOD = Example("{}\n", deployed="{}\n")


@app_check("SFC701", Severity.ERROR, bad=BAD, good=GOOD)
def check(app: "Deployed") -> Iterator[Problem]:
    """By the API name, which the label gives."""
    if app.found is None:
        name = app.wanted.api_name
        message = f"{app.where} has no app {show(name)} of the type that the spec says"
        hint = "Retrieve it from this org, and compare app.label and app.type with Setup."
        yield Problem(message, ("app", "label"), hint)
