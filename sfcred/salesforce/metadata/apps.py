"""The apps in an org's metadata files, which can be incomplete or there more than once."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from sfcred.salesforce.metadata.formats import BY_KIND, OWNER, AppFormat
from sfcred.salesforce.metadata.model import AppSettings, RetrievedFile
from sfcred.salesforce.metadata.xml import Fields


class OrgApp:
    """An app of an org, with the files of it that were retrieved.

    Attributes:
        form: The format of its type.
        api_name: Its API name, with the namespace if it has one.
        files: Its files by metadata type.
    """

    def __init__(self, form: AppFormat, api_name: str) -> None:
        self.form = form
        self.api_name = api_name
        self.files: dict[str, list[RetrievedFile]] = {}

    @cached_property
    def parts(self) -> Mapping[str, Fields]:
        """Its elements by metadata type, without the types that have several different files."""
        return {
            kind: files[0].fields
            for kind, files in self.files.items()
            if all(file.fields == files[0].fields for file in files)
        }

    @cached_property
    def settings(self) -> AppSettings:
        """What its files state."""
        return self.form.read(self.parts)

    @property
    def labels(self) -> frozenset[str]:
        """Its labels, one per copy; none if its main file was not retrieved."""
        files = self.files.get(self.form.kinds[0].kind, [])
        return frozenset(label for file in files if (label := file.fields.text("label")))

    @property
    def copies(self) -> list[list[RetrievedFile]]:
        """The files of each metadata type that is there more than once."""
        return [files for files in self.files.values() if len(files) > 1]


def apps_in(files: Iterable[RetrievedFile]) -> list[OrgApp]:
    """Return the apps that files belong to, in the order of their API names."""
    found: dict[tuple[str, str], OrgApp] = {}
    for file in files:
        form = BY_KIND.get(file.kind)
        if form is None:
            continue
        is_main = file.kind == form.kinds[0].kind
        name = file.name if is_main else file.fields.text(OWNER)
        if not name:
            continue
        app = found.setdefault((form.type, name), OrgApp(form, name))
        app.files.setdefault(file.kind, []).append(file)
    return sorted(found.values(), key=lambda app: (app.api_name, app.form.type))
