"""The two kinds of app, each with the functions that write and read its metadata."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sfcred.salesforce.metadata import connected_app, external_client_app
from sfcred.salesforce.metadata.model import Blueprint, MetadataFile, RetrievedFile


class AppFormat(NamedTuple):
    """How one kind of app is written down.

    Attributes:
        write: Turns an app into metadata files.
        read: Finds the app of an API name among an org's files; None where it isn't there.
        suffixes: The suffixes of its files, without `-meta.xml`.
    """

    write: Callable[[Blueprint], list[MetadataFile]]
    read: Callable[[str, Sequence[RetrievedFile]], Blueprint | None]
    suffixes: frozenset[str]


_FORMATS = {
    "connected_app": AppFormat(
        connected_app.write_files, connected_app.read_files, frozenset([connected_app.SUFFIX])
    ),
    "external_client_app": AppFormat(
        external_client_app.write_files,
        external_client_app.read_files,
        frozenset(suffix for _folder, suffix, _ending in external_client_app.PLACES.values()),
    ),
}

#: The suffixes of all files that hold an app, without `-meta.xml`.
SUFFIXES = frozenset().union(*(form.suffixes for form in _FORMATS.values()))


def format_of(app_type: str | None) -> AppFormat:
    """Return the format of a kind of app.

    Args:
        app_type: `app.type` of a spec. Without one, sfcred makes an External Client App, because
            Salesforce restricts new Connected Apps (Salesforce Help 005228017).
    """
    return _FORMATS[app_type or "external_client_app"]
