"""The two kinds of app, each with the functions that write and read its metadata."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sfcred.salesforce.app_type import AppType
from sfcred.salesforce.metadata import connected_app, external_client_app
from sfcred.salesforce.metadata.model import (
    AppSettings,
    Kind,
    MetadataFile,
    Place,
)
from sfcred.salesforce.metadata.xml import Fields, lay_over, write


class AppFormat(NamedTuple):
    """How one kind of app is written down.

    Attributes:
        type: `app.type` in a spec.
        words: What Salesforce calls it.
        kinds: The types of its files; the first one names the app.
        places: Where each setting is.
        elements: Returns the elements for the settings that are stated, by metadata type.
        read: Returns what files state.
        new: Returns the elements that only a new app gets.
        unknown: Returns the elements that a file of a type is too old to have.
        has_labels: Whether it contains the labels of permission sets, and not their API names.
    """

    type: AppType
    words: str
    kinds: tuple[Kind, ...]
    places: Mapping[str, Place]
    elements: Callable[[AppSettings], Mapping[str, Mapping[str, object]]]
    read: Callable[[Mapping[str, Fields]], AppSettings]
    new: Callable[[AppSettings], list[Mapping[str, Mapping[str, object]]]]
    unknown: Callable[[str, Fields], list[str]]
    has_labels: bool

    def kind(self, name: str) -> Kind:
        """Return one of its metadata types."""
        return next(kind for kind in self.kinds if kind.kind == name)

    def write(self, api_name: str, app: AppSettings) -> list[MetadataFile]:
        """Return the files of a new app."""
        layers = [*self.new(app), self.elements(app)]
        found = []
        for kind in self.kinds:
            fields = Fields()
            for layer in layers:
                fields = lay_over(fields, layer.get(kind.kind, {}))
            found.append(self.file(kind, f"{api_name}{kind.ending}", fields, api_name))
        return found

    def file(self, kind: Kind, name: str, fields: Fields, api_name: str) -> MetadataFile:
        """Return one file of an app."""
        if kind is not self.kinds[0]:
            fields = lay_over(fields, {OWNER: api_name})
        text = write(kind.kind, fields)
        return MetadataFile(kind.kind, kind.folder, name, kind.suffix, text, kind.sensitive)


#: Elements that an app can have more than once.
_SEVERAL = frozenset(
    {"oauthConfig/scopes", "permissionSetName", "profileName", "ipRanges", "trustedIpRanges"}
)
#: What is read besides the places of settings.
_ALSO_READ = (
    "orgScopedExternalApp",
    "oauthLink",
    "externalClientApplication",
    "refreshTokenValidityPeriod",
    "refreshTokenValidityUnit",
    "oauthPolicy",
    "sessionPolicy",
)


def contradiction(kind: str, fields: Fields) -> str | None:
    """Return an element that a file has twice with different content, so that it isn't known.

    Args:
        kind: The metadata type.
        fields: The file's elements.
    """
    places = (place.element for place in BY_KIND[kind].places.values() if place.kind == kind)
    for path in dict.fromkeys([*places, *_ALSO_READ]):
        above, _, name = path.rpartition("/")
        group = fields.group(above)
        items = group.get(name, []) if group is not None else []
        if path not in _SEVERAL and any(item != items[0] for item in items):
            return path
    return None


#: The element of an External Client App's other files that names the app.
OWNER = "externalClientApplication"

_FORMATS = {
    "external_client_app": AppFormat(
        "external_client_app",
        "External Client App",
        external_client_app.KINDS,
        external_client_app.PLACES,
        external_client_app.elements,
        external_client_app.read_settings,
        lambda app: [external_client_app.NEW, external_client_app.labels(app)],
        external_client_app.unknown,
        has_labels=False,
    ),
    "connected_app": AppFormat(
        "connected_app",
        "Connected App",
        connected_app.KINDS,
        connected_app.PLACES,
        connected_app.elements,
        connected_app.read_settings,
        lambda _app: [connected_app.NEW],
        connected_app.unknown,
        has_labels=True,
    ),
}

FORMATS = tuple(_FORMATS.values())
#: The metadata types by file suffix, without `-meta.xml`.
BY_SUFFIX = {kind.suffix: kind for form in FORMATS for kind in form.kinds}
#: The formats by metadata type.
BY_KIND = {kind.kind: form for form in FORMATS for kind in form.kinds}


def format_of(app_type: str | None) -> AppFormat:
    """Return the format of a kind of app.

    Args:
        app_type: `app.type` of a spec. Without one, sfcred makes an External Client App, because
            Salesforce restricts new Connected Apps (Salesforce Help 005228017).
    """
    return _FORMATS[app_type or "external_client_app"]
