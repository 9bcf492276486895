"""The app is not in the retrieved metadata.

**Finds** a spec whose app isn't among the retrieved files, going by `app.api_name` (or else by the
label, and by the API name that the label gives) and by `app.type`.

**Why it matters** Either the app was not deployed to this org, or it was renamed, has the other app
type, or was not retrieved.

**How to fix it** Retrieve it with the manifest that `sfcred app` writes (`sf project retrieve start
--manifest manifest/retrieve.xml`), and compare `app.label`, `app.api_name` and `app.type` with
Setup, External Client App Manager (Connected App: Setup, App Manager).

**Source** The Salesforce CLI's metadata registry: the folders and suffixes of app metadata.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed
    from sfcred.salesforce.metadata.apps import OrgApp

#: Similarity is only computed for so many apps, and for so many letters of their names.
_COMPARED, _LONGEST = 200, 80
BAD = Example("{}\n", deployed="app: {label: Another}\n")
GOOD = Example("app: {label: The portal}\n", deployed="app: {label: The portal, api_name: N8N}\n")


@app_check("SFC701", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """List what the files contain instead."""
    if app.org_app is not None:
        return
    from sfcred.app.compare import listed
    from sfcred.resolve.blueprint import stated_api_name
    from sfcred.salesforce.metadata.formats import format_of

    spec = app.credential.app
    name = stated_api_name(app.credential)
    what = format_of(spec.type).words if spec.type else "app"
    label = f" (label {show(spec.label)})" if spec.label and spec.label != name else ""
    message = (
        f"{app.org.where} has no {what} {show(name or spec.label)}{'' if name is None else label}"
    )
    hint = "Retrieve it from the org, and compare app.label, app.api_name and app.type with Setup."
    if app.org.apps:
        hint += f" The folder has {listed(_nearest(app, name or ''))}."
    yield Problem(message, ("app", "api_name" if spec.api_name else "label"), hint)


def _nearest(app: "Deployed", name: str) -> list["OrgApp"]:
    """Return the org's apps, those with similar names first."""
    wanted = _pairs(name)

    def likeness(other: "OrgApp") -> float:
        texts = [_pairs(text) for text in (other.api_name, *other.labels)]
        return max(len(wanted & pairs) / (len(wanted | pairs) or 1) for pairs in texts)

    return sorted(app.org.apps[:_COMPARED], key=likeness, reverse=True)


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters."""
    folded = text[:_LONGEST].lower()
    return frozenset(folded[start : start + 2] for start in range(len(folded) - 1))
