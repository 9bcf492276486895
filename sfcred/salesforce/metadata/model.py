"""What an app is, however it is written down, and the files that contain it."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from sfcred.salesforce.metadata.xml import Fields
from sfcred.salesforce.scopes import identify

#: Scopes that an org returns as another one (Metadata API Developer Guide,
#: ConnectedAppOauthAccessScope).
_RETRIEVED_AS = {
    "offline_access": "refresh_token",
    "profile": "id",
    "email": "id",
    "address": "id",
    "phone": "id",
}


class RefreshPolicy(NamedTuple):
    """How long refresh tokens live: infinite, zero, lifetime or inactivity of some time.

    `unit` is Hours, Days or Months. A policy that sfcred doesn't know has its own text as `kind`.
    """

    kind: str = "infinite"
    number: int = 0
    unit: str = ""

    @property
    def words(self) -> str:
        """The policy for a message: `lifetime 30 Days`."""
        return f"{self.kind} {self.number} {self.unit}" if self.number else self.kind


class PermissionSet(NamedTuple):
    """A permission set. A Connected App's metadata contains labels, everything else API names.

    Attributes:
        name: Its API name.
        label: Its label; None if it isn't known.
    """

    name: str
    label: str | None = None

    @property
    def shown(self) -> str:
        """Its name, with the label if there is one that differs."""
        return f"{self.name} ({self.label})" if self.label not in (None, self.name) else self.name


def whole_number(text: str | None) -> int | None:
    """Return the number of a policy's period, or None if the text is not such a number."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None


class AppSettings(NamedTuple):
    """An app's settings, as far as they are stated. None means that they aren't.

    Attributes:
        label: The app's name in Setup.
        contact_email, contact_phone, description, logo_url, icon_url, start_url: As in Setup.
        scopes: Technical names (wire values).
        callback_urls: The exact URLs.
        certificate: PEM or bare base64; empty if the app has none.
        pre_authorized: Permitted Users: admin approved.
        permission_sets, profiles: Those that are pre-authorized. Of an org's app, `name` is the
            text in the metadata, which can be a label.
        pkce_required, refresh_token_rotation, refresh_token_idle_limit: As in Setup.
        named_user_jwt: Whether access tokens are JWTs.
        client_credentials: Whether the client credentials flow is on in the app's settings.
        client_credentials_policy: Whether it is on in the app's policies, too.
        run_as: The username that the flow runs as; empty if the app has none.
        refresh_policy: The Refresh Token Policy.
        ip_relaxation: enforce, bypass, bypass_2factor, enforce_relax_refresh, or an org's text.
        session_level: low, standard, high_assurance, or an org's own text.
        is_enabled, has_oauth: Whether the app, and OAuth in it, are switched on.
        is_reference: Whether the files only name the app, which is in a package.
        is_secret_optional: Whether logins work without the Consumer Secret.
        has_ip_ranges: Whether the app has IP ranges of its own.
        org_id: The id of the org that an External Client App's files are from.
        consumer_key: The Consumer Key of an org's app.
    """

    label: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    description: str | None = None
    logo_url: str | None = None
    icon_url: str | None = None
    start_url: str | None = None
    scopes: tuple[str, ...] | None = None
    callback_urls: tuple[str, ...] | None = None
    certificate: str | None = None
    pre_authorized: bool | None = None
    permission_sets: tuple[PermissionSet, ...] | None = None
    profiles: tuple[str, ...] | None = None
    pkce_required: bool | None = None
    refresh_token_rotation: bool | None = None
    refresh_token_idle_limit: bool | None = None
    named_user_jwt: bool | None = None
    client_credentials: bool | None = None
    client_credentials_policy: bool | None = None
    run_as: str | None = None
    refresh_policy: RefreshPolicy | None = None
    ip_relaxation: str | None = None
    session_level: str | None = None
    is_enabled: bool | None = None
    has_oauth: bool | None = None
    is_reference: bool | None = None
    is_secret_optional: bool | None = None
    has_ip_ranges: bool | None = None
    org_id: str | None = None
    consumer_key: str | None = None

    @property
    def has_nobody(self) -> bool:
        """Whether only assigned users may log in, and nobody is known to be assigned."""
        return bool(self.pre_authorized) and not (self.permission_sets or self.profiles)

    @property
    def unused_lists(self) -> tuple[str, ...]:
        """The names of the lists of users that an app without pre-authorization can't have."""
        if self.pre_authorized is not False:
            return ()
        return tuple(name for name in ("permission_sets", "profiles") if getattr(self, name))


class MetadataFile(NamedTuple):
    """A metadata file to write.

    Attributes:
        kind: The metadata type: ExtlClntAppOauthSettings.
        folder: Its folder below the package's root.
        name: Its member's name, without the suffix.
        suffix: ecaOauth.
        text: XML.
        sensitive: It contains what Salesforce wants out of source control (certificate, keys).
    """

    kind: str
    folder: str
    name: str
    suffix: str
    text: str
    sensitive: bool


class RetrievedFile(NamedTuple):
    """A metadata file as an org returned it.

    Attributes:
        kind: The metadata type, which is the root element.
        name: Its member's name, without the suffix.
        fields: Its elements.
        path: Where it is, for messages.
    """

    kind: str
    name: str
    fields: Fields
    path: str = ""


class UnreadFile(NamedTuple):
    """A metadata file that can't be read.

    Attributes:
        kind: The metadata type that its suffix promises.
        name: Its member's name, without the suffix.
        path: Where it is, for messages.
        reason: Why it can't be read, to follow a colon.
        hint: What to do.
    """

    kind: str
    name: str
    path: str
    reason: str
    hint: str


class Place(NamedTuple):
    """Where a setting is in an app's metadata.

    Attributes:
        kind: The metadata type.
        element: The element's path.
    """

    kind: str
    element: str


class Kind(NamedTuple):
    """A type of metadata file.

    Attributes:
        kind: The metadata type: ExtlClntAppOauthSettings.
        folder: Its folder.
        suffix: Its file suffix.
        ending: What follows the app's API name in the names that sfcred gives.
        needs: What a retrieval of it needs besides; empty if nothing.
        sensitive: Salesforce wants it out of source control.
    """

    kind: str
    folder: str
    suffix: str
    ending: str = ""
    needs: str = ""
    sensitive: bool = False


def normal_scopes(spellings: tuple[str, ...] | list[str]) -> frozenset[str]:
    """Return scopes as an org would return them, from any spelling."""
    wires = []
    for text in spellings:
        scope = identify(text)
        wires.append(scope.wire if scope else text)
    return frozenset(_RETRIEVED_AS.get(wire, wire) for wire in wires)


def without_none(elements: Mapping[str, object]) -> dict[str, object]:
    """Return the elements that have a value."""
    return {name: value for name, value in elements.items() if value is not None}


def unique(texts: "list[str] | tuple[str, ...]") -> tuple[str, ...]:
    """Return the texts that aren't empty, each once."""
    return tuple(dict.fromkeys(text for text in texts if text))
