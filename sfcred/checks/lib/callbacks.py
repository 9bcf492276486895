"""Helpers for checks of callback URLs: compare n8n's callbacks with the app's."""

from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import Cause, NotKnown
from sfcred.n8n.callback_difference import difference
from sfcred.spec.source import Route
from sfcred.urls import take_apart

if TYPE_CHECKING:
    from sfcred.n8n.callback import Callback
    from sfcred.resolve.credential import Credential

ROUTE: Route = ("app", "callback_urls")


class Absent(NamedTuple):
    """A callback of n8n's that the app lacks.

    Attributes:
        wanted: n8n's URL.
        near: The position of the app's URL that nearly matches it, if there is one.
        difference: How that URL differs, in words; empty if there is none.
        otherwise: What else to correct, if n8n's URL isn't the right one; a sentence with a space
            before it, or empty.
    """

    wanted: str
    near: int | None
    difference: str
    otherwise: str = ""


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
    is_stated = credential.n8n.url is not None or credential.n8n.is_cloud
    return [
        _absent(callback.url, given)._replace(otherwise="" if is_stated else _otherwise(callback))
        for callback in credential.callbacks
        if callback.url not in given
    ]


def _otherwise(callback: "Callback") -> str:
    """Return how to correct n8n's environment, from which its callback was computed."""
    steps = "; ".join(callback.steps)
    return f" If that isn't n8n's public address, set N8N_EDITOR_BASE_URL for n8n ({steps})."


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


def is_insecure(url: str) -> bool:
    """Return whether a URL uses plain http, and isn't one of this machine."""
    parts = take_apart(url.strip())
    local = parts.host.lower() in ("localhost", "127.0.0.1", "[::1]")
    return parts.scheme.lower() == "http" and not local
