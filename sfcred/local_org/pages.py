"""The local org's pages. Each one states that this is not Salesforce."""

from collections.abc import Iterable

from sfcred.local_org.registry import Registry
from sfcred.salesforce.refusals import rehearsable
from sfcred.salesforce.scopes import find
from sfcred.templates import render


def status_page(registry: Registry, refusing: str, base_url: str) -> str:
    """Return the page that lists apps and users, with the form to choose a refusal.

    Args:
        registry: The apps and users.
        refusing: The name of the refusal to simulate; empty for none.
        base_url: The org's own URL.
    """
    refusals = [row.name for row in rehearsable()]
    return _page(
        "status", registry=registry, refusing=refusing, refusals=refusals, base_url=base_url
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
