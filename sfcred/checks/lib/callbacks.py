"""What checks of callback URLs share: n8n's callbacks against the app's."""

from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import NotKnown
from sfcred.n8n.callback import difference
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential

ROUTE: Route = ("app", "callback_urls")


class Absent(NamedTuple):
    """A callback of n8n's that the app lacks; the near miss among the app's, if there is one."""

    wanted: str
    near: int | None
    difference: str


def given_callbacks(credential: "Credential") -> list[str]:
    """The app's callback URLs as the spec has them.

    Raises:
        NotKnown: The spec doesn't say.
    """
    urls = credential.app.callback_urls
    if urls is None:
        raise NotKnown(
            "app.callback_urls is not given", hint="Add app.callback_urls, as Setup has them."
        )
    return urls


def absent_callbacks(credential: "Credential") -> list[Absent]:
    """Those of n8n's callbacks that are not among the app's to the letter."""
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
    """Where Setup has the field."""
    if credential.app.type == "connected_app":
        return "App Manager, the app, Edit, Callback URL"
    return "External Client App Manager, the app, Settings, OAuth Settings, Callback URL"
