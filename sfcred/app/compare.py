"""Find a spec's app in the metadata retrieved from an org, for the checks that compare them."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from sfcred.app.retrieved import AppFiles
from sfcred.errors import Cause, NotKnown
from sfcred.resolve.blueprint import stated, stated_api_name
from sfcred.resolve.credential import Credential
from sfcred.salesforce.ids import short_id
from sfcred.salesforce.metadata.apps import OrgApp
from sfcred.salesforce.metadata.formats import BY_KIND
from sfcred.salesforce.metadata.model import AppSettings
from sfcred.text.redact import show

Value = TypeVar("Value")
#: How many names a message lists.
_LISTED = 5


class Deployed(NamedTuple):
    """An app as described in a spec, and as deployed in an org.

    Attributes:
        credential: The credential that uses the app.
        stated: What the spec states about the app.
        org_app: The app as deployed; None if the org's files don't contain it.
        org: The org's files.
    """

    credential: Credential
    stated: AppSettings
    org_app: OrgApp | None
    org: AppFiles

    @property
    def found(self) -> AppSettings:
        """What the org's files state; nothing if they don't contain the app."""
        return self.org_app.settings if self.org_app else AppSettings()

    def known(self, value: Value | None, setting: str) -> Value:
        """Return a setting of the org's app.

        Args:
            value: The setting, as in `found`.
            setting: Its name in AppSettings.

        Raises:
            NotKnown: The org's files don't state it.
        """
        if value is None:
            raise self.gap(setting)
        return value

    def require_file(self, setting: str) -> None:
        """Require the file that states a setting, whether or not it does.

        Raises:
            NotKnown: It was not retrieved, or can't be read.
        """
        if self.org_app and self.org_app.form.places[setting].kind not in self.org_app.parts:
            raise self.gap(setting)

    def gap(self, setting: str) -> NotKnown:
        """Return why a setting of the org's app isn't known."""
        app = self.org_app
        if app is None:
            return NotKnown(f"{self.org.where} doesn't contain the app", hint="Retrieve it.")
        if app.settings.is_reference:
            return NotKnown(
                f"{self.org.where} only refers to {show(app.api_name)}, an app of a package",
                hint="Compare the metadata that the package was made from. Salesforce doesn't hand "
                "out the settings of a packaged app.",
            )
        if app.settings.has_oauth is False and len(app.form.kinds) == 1:
            return NotKnown(
                "the app has no OAuth settings", hint="Switch OAuth on.", topic="app_oauth"
            )
        return self._gap_in_files(setting, app)

    def _gap_in_files(self, setting: str, app: OrgApp) -> NotKnown:
        place = app.form.places[setting]
        kind = app.form.kind(place.kind)
        files = app.files.get(place.kind, [])
        if place.kind in app.parts:
            texts = app.parts[place.kind].texts(place.element)
            return _gap_in(files[0].path or self.org.where, place.element, texts)
        if files:
            return NotKnown(
                f"there are different {kind.suffix} files of {show(app.api_name)}",
                hint="Give a folder with only one org's metadata.",
            )
        broken = [file for file in self.org.unread if file.kind == place.kind]
        if broken:
            return NotKnown(f"{broken[0].path}: {broken[0].reason}", hint=broken[0].hint)
        needs = f". The retrieval needs {kind.needs}" if kind.needs else ""
        return NotKnown(
            f"{self.org.where} has no {kind.suffix} file ({kind.kind}) of {show(app.api_name)}"
            f"{self._only_of(place.kind)}",
            hint=f"Retrieve {kind.kind}{needs}.",
        )

    def _only_of(self, kind: str) -> str:
        """Return which apps without a main file have such a file: one of them may be misspelt."""
        orphans = [app for app in self.org.apps if kind in app.files and not app.labels]
        return f", only of {listed(orphans)}" if orphans else ""


def _gap_in(path: str, element: str, texts: Sequence[str]) -> NotKnown:
    """Return why a file doesn't tell what an element is."""
    if any(texts):
        return NotKnown(
            f"{path} has {element} with a value that sfcred doesn't know: {show(texts[0])}",
            hint="Correct it if somebody edited the file. Otherwise compare it in Setup.",
        )
    if texts:
        return NotKnown(f"{path} has an empty {element}", hint="Retrieve the app again.")
    return NotKnown(
        f"{path} has no {element}",
        hint="Older API versions leave elements out: retrieve the app with a newer one.",
    )


def deployed(credential: Credential, org: AppFiles) -> Deployed:
    """Find a credential's app in an org's metadata files.

    Args:
        credential: The credential.
        org: The retrieved files.

    Raises:
        NotKnown: The spec says nothing about an app, or not enough to tell which one it is.
    """
    if credential.spec.app is None:
        raise NotKnown("the spec has no `app` section", hint="Add `app`.", cause=Cause.NOT_STATED)
    return Deployed(credential, stated(credential), find_app(credential, org), org)


def is_of_other_org(credential: Credential, app: OrgApp) -> bool:
    """Return whether both the spec and the files name their org, and it isn't the same."""
    wanted, found = credential.app.org_id, app.settings.org_id
    return bool(wanted and found and short_id(wanted) != short_id(found))


def find_app(credential: Credential, org: AppFiles) -> OrgApp | None:
    """Return the app that a spec means: by its API name or, if that isn't stated, by its label.

    Args:
        credential: The credential.
        org: The org's files.

    Raises:
        NotKnown: Several apps fit, or one that fits could not be read.
    """
    app, name = credential.app, stated_api_name(credential)
    fitting = org.named(name, app.type) if name else []
    if app.api_name is None and app.label is not None:
        fitting = _with_label(org.labelled(app.label, app.type), fitting)
    if len(fitting) > 1:
        raise NotKnown(
            f"{org.where} has several apps that the spec can mean: {listed(fitting)}",
            hint="Set app.api_name and app.type.",
        )
    if not fitting:
        _require_readable(app.api_name, app.type, org)
        if app.api_name is None:
            _require_labels(app.label, app.type, org)
    return fitting[0] if fitting else None


def _with_label(labelled: list[OrgApp], named: list[OrgApp]) -> list[OrgApp]:
    """Return the apps that have both the label and the name that it gives, or else either."""
    both = [app for app in labelled if app in named]
    return both or list(dict.fromkeys([*named, *labelled]))


def _require_readable(given: str | None, kind: str | None, org: AppFiles) -> None:
    """Require that no broken file can be the app: by its name or, if that isn't stated, at all.

    Raises:
        NotKnown: One can.
    """
    for file in org.unread:
        form = BY_KIND[file.kind]
        is_main = file.kind == form.kinds[0].kind
        fits_name = given is None or not is_main or file.name.lower() == given.lower()
        if kind in (None, form.type) and fits_name:
            raise NotKnown(f"{file.path}: {file.reason}", hint=file.hint)


def _require_labels(label: str | None, kind: str | None, org: AppFiles) -> None:
    """Require that the label of the spec's app and of all the org's apps are known.

    Raises:
        NotKnown: The spec names no app, or the main file of an app was not retrieved.
    """
    if label is None:
        raise NotKnown(
            "the spec doesn't name the app", hint="Set app.label, and app.api_name if it differs."
        )
    unknown = [app for app in org.apps if kind in (None, app.form.type) and not app.labels]
    if unknown:
        raise NotKnown(
            f"{org.where} doesn't have the label of {listed(unknown)}, which can be the app",
            hint=f"Retrieve {unknown[0].form.kinds[0].kind}, or set app.api_name.",
        )


def listed(apps: Sequence[OrgApp]) -> str:
    """Return the names of apps for a message, with their labels and types."""
    return ", ".join(map(_words, apps[:_LISTED])) + (", …" if len(apps) > _LISTED else "")


def _words(app: OrgApp) -> str:
    label = min(app.labels, default=app.api_name)
    facts = [f"label {show(label)}"] if label != app.api_name else []
    return f"{show(app.api_name)} ({', '.join([*facts, app.form.words])})"
