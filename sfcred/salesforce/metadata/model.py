"""What an app is, whichever way it was written down, and the files that hold it."""

import re
from typing import NamedTuple

from sfcred.salesforce.metadata.xml import Texts
from sfcred.salesforce.scopes import identify

#: What metadata has for what, both ways: these scopes come back from an org as another one
#: (Metadata API Developer Guide, ConnectedAppOauthAccessScope).
_RETRIEVED_AS = {
    "offline_access": "refresh_token",
    "profile": "id",
    "email": "id",
    "address": "id",
    "phone": "id",
}


class RefreshPolicy(NamedTuple):
    """How long refresh tokens live: infinite, zero, lifetime or inactivity of some time.

    `unit` is Hours, Days or Months.
    """

    kind: str = "infinite"
    number: int = 0
    unit: str = ""


def whole_number(text: str) -> int | None:
    """Read a period of a policy; None for a text that is no such number."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


class Blueprint(NamedTuple):
    """An app.

    Attributes:
        api_name: Its name in metadata.
        label: Its name in Setup.
        contact_email: Salesforce demands one.
        description: What it is for.
        scopes: Wire values.
        callback_urls: To the letter.
        certificate: PEM; empty for an app without the JWT flow.
        pre_authorized: Permitted Users: admin approved.
        permission_sets: API names of those that are pre-authorized.
        pkce_required, refresh_token_rotation: As in Setup.
        refresh_policy: As in Setup.
        bypass_ip: IP Relaxation: bypass.
    """

    api_name: str
    label: str
    contact_email: str
    description: str
    scopes: tuple[str, ...]
    callback_urls: tuple[str, ...]
    certificate: str
    pre_authorized: bool
    permission_sets: tuple[str, ...]
    pkce_required: bool
    refresh_token_rotation: bool
    refresh_policy: RefreshPolicy
    bypass_ip: bool


class MetadataFile(NamedTuple):
    """A metadata file.

    Attributes:
        kind: The metadata type: ExtlClntAppOauthSettings.
        folder: Its folder below the package's root.
        name: Its member's name, without the suffix.
        suffix: ecaOauth.
        text: XML.
        sensitive: It holds what Salesforce wants out of source control (certificate, keys).
    """

    kind: str
    folder: str
    name: str
    suffix: str
    text: str
    sensitive: bool


class RetrievedFile(NamedTuple):
    """A metadata file as an org gave it back.

    Attributes:
        kind: The metadata type, which is the root element.
        name: Its member's name, without the suffix.
        texts: Its texts, by element.
    """

    kind: str
    name: str
    texts: Texts


def normal_scopes(spellings: tuple[str, ...] | list[str]) -> frozenset[str]:
    """Scopes as an org would give them back, from any spelling."""
    wires = []
    for text in spellings:
        scope = identify(text)
        wires.append(scope.wire if scope else text)
    return frozenset(_RETRIEVED_AS.get(wire, wire) for wire in wires)
