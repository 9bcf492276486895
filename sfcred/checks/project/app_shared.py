"""Two credentials would overwrite each other's app in the same org.

**Finds** credentials of one org whose `app` sections mean the same app (the same type and API
name), but don't describe it in the same way, or have different Consumer Keys. The API name is
`app.api_name`, or else what `app.label` gives. Specs with neither mean the same app only if they
have the same Consumer Key; `sfcred app` warns if it writes two of them. Two credentials are for one
org if they have the same `my_domain`, or without one the same `app.org_id`.

**Why it matters** `sfcred app` writes each credential's app. Whichever is deployed last overwrites
the other: its callbacks, scopes, certificate or policies are gone, and its logins fail.

**How to fix it** If each credential has its own app, give each its own `app.label` or
`app.api_name`. If they share an app, describe it in the same way in both: list the callbacks,
scopes and permission sets of both, or keep the `app` section in only one of them.

**Source** Metadata API Developer Guide: a deployment replaces the component that has the same API
name.
"""

from collections.abc import Iterator, Sequence

from sfcred.checks.api import Example, Problem, ProjectEntry, Severity, project_check
from sfcred.resolve.deployed_app import app_clashes
from sfcred.spec.source import Route
from sfcred.text.printable import labelled
from sfcred.text.redact import show

BAD = Example(
    "name: acme-crm\n---\nname: acme-erp\nn8n: {id: acmeErp000000001}\n"
    "app: {permission_sets: [n8n_ERP]}\n"
)
GOOD = Example(
    "name: acme-crm\n---\nname: acme-erp\nn8n: {id: acmeErp000000001}\n"
    "app: {label: n8n ERP, permission_sets: [n8n_ERP]}\n"
)
_APP: Route = ("app",)


@project_check("SFC614", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(entries: Sequence[ProjectEntry]) -> Iterator[Problem]:
    """Report each further credential once, and name the first one that differs."""
    clients = [_client(entry) for entry in entries]
    unnamed = {number for number, entry in enumerate(entries) if _at(entry) == _APP}
    for clash in app_clashes([entry.app for entry in entries], clients, unnamed):
        entry, other = entries[clash.later], entries[clash.earlier]
        name = labelled(other.name, other.profile)
        app = show(entry.app.api_name) if entry.app else ""
        message = (
            f"{name} in {other.file} means the same app, {app}, but differs in "
            f"{', '.join(clash.differences)}: their deployments overwrite each other"
        )
        hint = (
            "Give each app its own app.label. If they share one app, describe it in the same way, "
            "or in only one of them."
        )
        yield Problem(message, _at(entry), hint, entry=entry)


def _client(entry: ProjectEntry) -> tuple[str, str] | None:
    """Return what a Consumer Key can be compared by. Two places can hold the same key."""
    is_comparable = entry.client and entry.client_kind != "place"
    return (entry.client_kind, entry.client) if is_comparable else None


def _at(entry: ProjectEntry) -> Route:
    """Return where the app's name is; the whole section if only the default names it."""
    named = (("app", "api_name"), ("app", "label"))
    return next((route for route in named if route in entry.places), _APP)
