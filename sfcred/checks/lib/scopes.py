"""What checks of the app's scopes share: the list as it was meant, and where Setup has it."""

import re
from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import NotKnown
from sfcred.salesforce import scopes
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential

ROUTE: Route = ("app", "scopes")


class Meant(NamedTuple):
    """A scope of the app: its place in the list, and the technical name that it stands for."""

    position: int
    wire: str

    @property
    def route(self) -> Route:
        """Where it stands in the spec."""
        return (*ROUTE, self.position)


def given_scopes(credential: "Credential") -> list[str]:
    """The app's scopes as the spec has them.

    Raises:
        NotKnown: The spec doesn't say.
    """
    if credential.app.scopes is None:
        raise NotKnown(
            "app.scopes is not given",
            hint="Add app.scopes: the app's Selected OAuth Scopes, by their technical names.",
        )
    return credential.app.scopes


def meant_scopes(credential: "Credential") -> list[Meant]:
    """The app's scopes as they were meant, so that a misspelt one (SFC201) is not missed twice.

    Raises:
        NotKnown: The spec doesn't say.
    """
    given = enumerate(given_scopes(credential))
    return [Meant(position, wire) for position, text in given for wire in _wires(text)]


def covered(meant: list[Meant]) -> frozenset[str]:
    """The technical names that the scopes stand for, with what each includes."""
    wires = frozenset(scope.wire for scope in meant)
    return wires.union(*map(scopes.includes, wires))


def several(text: str) -> list[str]:
    """The technical names in `api refresh_token` or `api, refresh_token`; else nothing."""
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
    """How to add scopes, in the spec and in Setup."""
    labels = [f'"{scope.label}"' for scope in map(scopes.find, wires) if scope]
    return (
        f"In {_screen(credential)}, select {' and '.join(labels)}; then add "
        f"{' and '.join(f'`{wire}`' for wire in wires)} to app.scopes."
    )


def _screen(credential: "Credential") -> str:
    if credential.app.type == "connected_app":
        return "Setup, App Manager, the app, Edit, Selected OAuth Scopes"
    return "Setup, External Client App Manager, the app, Settings, OAuth Settings"
