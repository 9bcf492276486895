"""Helpers for checks of the app's scopes: what each entry means, and where Setup has it."""

import re
from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import Cause, NotKnown
from sfcred.resolve.n8n_ways import brings_consent
from sfcred.salesforce import scopes
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential

ROUTE: Route = ("app", "scopes")


class Meant(NamedTuple):
    """A scope of the app: its position in the list, and its technical name."""

    position: int
    wire: str

    @property
    def route(self) -> Route:
        """The entry's route in the spec."""
        return (*ROUTE, self.position)


def given_scopes(credential: "Credential") -> list[str]:
    """Return the app's scopes, as written in the spec.

    Raises:
        NotKnown: The spec doesn't list any.
    """
    if credential.app.scopes is None:
        raise NotKnown(
            "app.scopes is not set",
            hint="Add app.scopes, with the technical names of the app's Selected OAuth Scopes.",
            cause=Cause.NOT_STATED,
        )
    return credential.app.scopes


def meant_scopes(credential: "Credential") -> list[Meant]:
    """Return the app's scopes as they were meant.

    A misspelled scope counts as the one it resembles, so that only SFC201 reports it.

    Raises:
        NotKnown: The spec doesn't list any.
    """
    given = enumerate(given_scopes(credential))
    return [Meant(position, wire) for position, text in given for wire in _wires(text)]


def covered(meant: list[Meant]) -> frozenset[str]:
    """Return the technical names of the scopes, and of all scopes that they include."""
    wires = frozenset(scope.wire for scope in meant)
    return wires.union(*map(scopes.includes, wires))


def missing_to_connect(credential: "Credential") -> list[str]:
    """Return which of the scopes that n8n's Connect button asks for the app lacks.

    Returns:
        Technical names; empty if nobody has to press Connect, or for n8n's generic credential,
        which asks for app.scopes.

    Raises:
        NotKnown: The spec doesn't list the app's scopes.
    """
    if credential.flow != "oauth2" or credential.has_generic_type or brings_consent(credential):
        return []
    has = covered(meant_scopes(credential))
    return [wire for wire in ("full", "refresh_token") if wire not in has]


def several(text: str) -> list[str]:
    """Return the technical names in `api refresh_token` or `api, refresh_token`; otherwise none."""
    found = [scopes.identify(part) for part in re.split(r"[\s,;]+", text) if part]
    wires = [scope.wire for scope in found if scope]
    return wires if len(wires) == len(found) > 1 else []


def _wires(text: str) -> list[str]:
    scope = scopes.find(text) or scopes.identify(text)
    if scope is None and (wires := several(text)):
        return wires
    scope = scope or scopes.nearest(text)
    return [scope.wire if scope else text]


def add_hint(credential: "Credential", wires: list[str]) -> str:
    """Return how to add scopes, in Setup and in the spec."""
    labels = [f'"{scope.label}"' for scope in map(scopes.find, wires) if scope]
    return (
        f"In {_screen(credential)}, select {' and '.join(labels)}, then add "
        f"{' and '.join(f'`{wire}`' for wire in wires)} to app.scopes."
    )


def _screen(credential: "Credential") -> str:
    if credential.app.type == "connected_app":
        return "Setup, App Manager, the app, Edit, Selected OAuth Scopes"
    return "Setup, External Client App Manager, the app, Settings, OAuth Settings"
