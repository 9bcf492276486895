"""Helpers for checks of callback URLs: compare n8n's callbacks with the app's."""

from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import Cause, NotKnown
from sfcred.n8n.callback import difference
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential

ROUTE: Route = ("app", "callback_urls")


class Absent(NamedTuple):
    """A callback of n8n's that the app lacks.

    Attributes:
        wanted: n8n's URL.
        near: The position of the app's URL that nearly matches it, if there is one.
        difference: How that URL differs, in words; empty if there is none.
    """

    wanted: str
    near: int | None
    difference: str


def given_callbacks(credential: "Credential") -> list[str]:
    """Return the app's callback URLs, as written in the spec.

    Raises:
        NotKnown: The spec doesn't list any.
    """
    urls = credential.app.callback_urls
    if urls is None:
        raise NotKnown(
            "app.callback_urls is not set",
            hint="Add app.callback_urls, with the URLs that Setup shows.",
            cause=Cause.NOT_STATED,
        )
    return urls


def absent_callbacks(credential: "Credential") -> list[Absent]:
    """Return n8n's callbacks that have no exact match among the app's."""
    given = given_callbacks(credential)
    return [
        _absent(callback.url, given)
        for callback in credential.callbacks
        if callback.url not in given
    ]


def _absent(wanted: str, given: list[str]) -> Absent:
    for position, url in enumerate(given):
        found = difference(wanted, url)
        if found:
            return Absent(wanted, position, found)
    return Absent(wanted, None, "")


def where(credential: "Credential") -> str:
    """Return where Setup has the field for callback URLs."""
    if credential.app.type == "connected_app":
        return "App Manager, the app, Edit, Callback URL"
    return "External Client App Manager, the app, Settings, OAuth Settings, Callback URL"
