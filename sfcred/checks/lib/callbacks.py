"""Helpers for checks of callback URLs: compare n8n's callbacks with the app's."""

from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import Cause, NotKnown
from sfcred.n8n.callback_difference import difference
from sfcred.resolve.n8n_side import url_callbacks
from sfcred.spec.source import Route
from sfcred.urls import LOCAL_HOSTS, take_apart

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
        steps: How n8n's environment results in n8n's URL; empty if n8n.url does, too.
        agrees: The app lists what n8n.url results in, so that only the environment differs.
    """

    wanted: str
    near: int | None
    difference: str
    steps: str = ""
    agrees: bool = False

    def hint(self, usual: str) -> str:
        """Return what to do.

        Args:
            usual: What to do if n8n's URL is right.
        """
        if self.agrees:
            return (
                "n8n.url and the app agree. So set N8N_EDITOR_BASE_URL for n8n to that address "
                f"({self.steps})."
            )
        if is_insecure(self.wanted):  # then n8n's URL is the wrong one
            correct = (
                f"set N8N_EDITOR_BASE_URL for it ({self.steps})"
                if self.steps
                else "correct n8n.url"
            )
            return f"Salesforce refuses plain http: use https for n8n, and {correct}."
        if not self.steps:
            return usual
        if not take_apart(self.wanted).scheme:
            return (
                "Set N8N_EDITOR_BASE_URL for n8n to its public address, with https://. n8n doesn't "
                f"add that, and a callback needs it ({self.steps})."
            )
        return (
            f"{usual} If that isn't n8n's public address, set N8N_EDITOR_BASE_URL for n8n "
            f"({self.steps})."
        )


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
    stated = [one.url for one in url_callbacks(credential.n8n)] if is_stated else []
    return [
        _absent(callback, stated, given)
        for callback in credential.callbacks
        if callback.url not in given
    ]


def _absent(callback: "Callback", stated: list[str], given: list[str]) -> Absent:
    wanted = callback.url
    steps = "" if wanted in stated else "; ".join(callback.steps)
    agrees = bool(steps and stated) and set(stated) <= set(given)
    for position, url in enumerate(given):
        found = difference(wanted, url)
        if found:
            return Absent(wanted, position, found, steps, agrees)
    return Absent(wanted, None, "", steps, agrees)


def where(credential: "Credential") -> str:
    """Return where Setup has the field for callback URLs."""
    if credential.app.type == "connected_app":
        return "App Manager, the app, Edit, Callback URL"
    return "External Client App Manager, the app, Settings, OAuth Settings, Callback URL"


def is_insecure(url: str) -> bool:
    """Return whether a URL uses plain http, and isn't one of this machine."""
    parts = take_apart(url.strip())
    return parts.scheme.lower() == "http" and parts.host.lower() not in LOCAL_HOSTS
