"""The retrieved metadata is another org's.

**Finds** an External Client App whose files name another org than `app.org_id`. Only the first 15
characters of the ids are compared. A Connected App's file doesn't name the org, and those of an
External Client App don't have to. The check is then listed as not checked, and the exit status
stays as it is, because no retrieval could tell more.

**Why it matters** The comparison says nothing about the org that n8n logs in to. A sandbox gets a
new org id each time it is refreshed.

**How to fix it** Retrieve the app from the org of the spec (`sf project retrieve start --manifest
manifest/retrieve.xml -o ORG`). If the sandbox was refreshed, copy the new id (Setup, Company
Information, Salesforce.com Organization ID) to `app.org_id`.

**Source** Metadata API Developer Guide, ExternalClientApplication: orgScopedExternalApp is the
org's id and the app's name.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import in_turn
from sfcred.errors import Cause, NotKnown
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

_NAMED = {"eca/orgScopedExternalApp": "00D000000000009:n8n"}
BAD = Example("app: {org_id: 00D000000000001EAA}\n", deployed="{}\n", elements=_NAMED)
GOOD = Example("app: {org_id: 00D000000000009EAA}\n", deployed="{}\n", elements=_NAMED)


@app_check("SFC714", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Compare the ids, if the spec has one."""
    return in_turn(app, _check)


def _check(app: "Deployed") -> Iterator[Problem]:
    from sfcred.app.compare import is_of_other_org

    wanted, found = app.credential.app.org_id, app.found.org_id
    if wanted and not found:
        raise NotKnown(
            f"no file of the app in {app.org.where} names its org, so app.org_id was not compared",
            hint="Make sure yourself that you retrieved the app from the spec's org.",
            cause=Cause.NOT_STATED,
        )
    if app.org_app and is_of_other_org(app.credential, app.org_app):
        message = f"the metadata is of the org {show(found)}, not {show(wanted)}"
        hint = (
            "Retrieve the app from the spec's org. If the sandbox was refreshed, copy its new id "
            "from Setup, Company Information, to `app.org_id`."
        )
        yield Problem(message, ("app", "org_id"), hint)
