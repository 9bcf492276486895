"""The local org's pages. Each one states that this is not Salesforce."""

from collections.abc import Iterable

from sfcred.local_org.org import LocalOrg
from sfcred.salesforce.refusals import rehearsable
from sfcred.salesforce.scopes import find
from sfcred.templates import render

_FLOWS = {
    "jwt": "JWT bearer flow (a key)",
    "oauth2": "Web server flow (a person consents)",
    "client_credentials": "Client credentials flow (a secret)",
}


def status_page(org: LocalOrg, refusing: str, started_with: Iterable[tuple[str, str]]) -> str:
    """Return the page that shows what the org knows and what happened, and lets you change it.

    Args:
        org: The org.
        refusing: The name of the refusal to simulate; empty for none.
        started_with: What it was started with, by label.
    """
    refusals = [
        (row.name, f"{row.answers[0].error} {row.answers[0].description}".strip())
        for row in rehearsable()
    ]
    return _page(
        "status",
        org=org,
        flows=_FLOWS,
        refusing=refusing,
        refusals=refusals,
        started_with=started_with,
    )


def login_page(ticket: str, username: str) -> str:
    """Return the login form, which accepts any password."""
    return _page("login", ticket=ticket, username=username)


def consent_page(ticket: str, app: str, scopes: Iterable[str]) -> str:
    """Return the form to allow or deny an app's access.

    Args:
        ticket: The value that identifies this login.
        app: The app's label.
        scopes: The scopes that it asks for, by their OAuth names.
    """
    return _page("consent", ticket=ticket, app=app, scopes=[_label(scope) for scope in scopes])


def error_page(error: str, description: str) -> str:
    """Return the page for an error that is shown, not redirected to the callback."""
    return _page("error", error=error, description=description)


def _page(name: str, **values: object) -> str:
    return render("sfcred.local_org", f"templates/{name}.html", **values)


def _label(scope: str) -> str:
    known = find(scope)
    return known.label if known else scope
