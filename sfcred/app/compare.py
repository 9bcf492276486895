"""Find a spec's app in the metadata retrieved from an org, for the checks that compare them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from sfcred.app.retrieved import AppFiles
from sfcred.errors import Cause, NotKnown
from sfcred.redact import show
from sfcred.resolve.blueprint import stated, stated_api_name
from sfcred.resolve.credential import Credential
from sfcred.salesforce.metadata.apps import OrgApp, apps_in
from sfcred.salesforce.metadata.formats import FORMATS
from sfcred.salesforce.metadata.model import AppSettings, UnreadFile

Value = TypeVar("Value")
#: How many names a message lists.
_LISTED = 5


class Deployed(NamedTuple):
    """An app as described in a spec, and as deployed in an org.

    Attributes:
        credential: The credential that uses the app.
        stated: What the spec states about the app.
        org_app: The app as deployed; None if the org's files don't contain it.
        others: The other apps in the files.
        where: A description of where the org's files are.
        unread: The files that could not be read.
    """

    credential: Credential
    stated: AppSettings
    org_app: OrgApp | None
    others: tuple[OrgApp, ...]
    where: str
    unread: tuple[UnreadFile, ...] = ()

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
            return NotKnown(f"{self.where} doesn't contain the app", hint="Retrieve it.")
        if app.settings.has_oauth is False and len(app.form.kinds) == 1:
            return NotKnown(
                "the app has no OAuth settings", hint="Switch OAuth on.", topic="app_oauth"
            )
        place = app.form.places[setting]
        kind = app.form.kind(place.kind)
        files = app.files.get(place.kind, [])
        if place.kind in app.parts:
            return NotKnown(
                f"{files[0].path or self.where} has no {place.element}",
                hint="Older API versions leave elements out: retrieve the app with a newer one.",
            )
        if files:
            return NotKnown(
                f"there are different {kind.suffix} files of {show(app.api_name)}",
                hint="Give a folder with only one org's metadata.",
            )
        broken = [file for file in self.unread if file.kind == place.kind]
        if broken:
            return NotKnown(f"{broken[0].path} can't be read", hint=broken[0].hint)
        needs = f". The retrieval needs {kind.needs}" if kind.needs else ""
        return NotKnown(
            f"{self.where} has no {kind.suffix} file ({kind.kind}) of {show(app.api_name)}",
            hint=f"Retrieve {kind.kind}{needs}.",
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
    apps = apps_in(org.files)
    found = find_app(credential, apps, org)
    others = tuple(app for app in apps if app is not found)
    return Deployed(credential, stated(credential), found, others, org.where, org.unread)


def find_app(credential: Credential, apps: Sequence[OrgApp], org: AppFiles) -> OrgApp | None:
    """Return the app that a spec means: by its API name or, if that isn't stated, by its label.

    Args:
        credential: The credential.
        apps: The apps in the org's files.
        org: The files.

    Raises:
        NotKnown: Several apps fit, or one that fits could not be read.
    """
    kind = credential.app.type
    apps = [app for app in apps if kind in (None, app.form.type)]
    given, name = credential.app.api_name, stated_api_name(credential)
    named = _named(name, apps) if name else []
    label = credential.app.label
    fitting = named if given else _with_label(label, named, apps)
    if len(fitting) > 1:
        raise NotKnown(
            f"{org.where} has several apps that the spec can mean: {listed(fitting)}",
            hint="Set app.api_name and app.type.",
        )
    if not fitting:
        _require_readable(given, kind, org)
        if not given:
            _require_labels(label, apps, org)
    return fitting[0] if fitting else None


def _named(name: str, apps: Sequence[OrgApp]) -> list[OrgApp]:
    """Return the apps of a name: exactly, in another case, or in a namespace of any package."""

    def bare(app: OrgApp) -> str:
        return app.api_name.rpartition("__")[2].lower()

    tests: tuple[Callable[[OrgApp], bool], ...] = (
        lambda app: app.api_name == name,
        lambda app: app.api_name.lower() == name.lower(),
        lambda app: bare(app) == name.lower(),
    )
    return next((found for test in tests if (found := [a for a in apps if test(a)])), [])


def _with_label(label: str | None, named: list[OrgApp], apps: Sequence[OrgApp]) -> list[OrgApp]:
    """Return the apps with a label, or else those whose name it gives."""
    labelled = [app for app in apps if label is not None and label in app.labels]
    both = [app for app in labelled if app in named]
    if both or not labelled:
        return both or named
    return list(dict.fromkeys([*named, *labelled]))


def _require_readable(given: str | None, kind: str | None, org: AppFiles) -> None:
    """Require that no broken file can be the app: by its name or, if that isn't stated, at all.

    Raises:
        NotKnown: One can.
    """
    for file in org.unread:
        form = next(form for form in FORMATS if any(k.kind == file.kind for k in form.kinds))
        is_main = file.kind == form.kinds[0].kind
        fits_name = given is None or not is_main or file.name.lower() == given.lower()
        if kind in (None, form.type) and fits_name:
            raise NotKnown(f"{file.path} can't be read", hint=file.hint)


def _require_labels(label: str | None, apps: Sequence[OrgApp], org: AppFiles) -> None:
    """Require that the label of the spec's app and of all the org's apps are known.

    Raises:
        NotKnown: The spec names no app, or the main file of an app was not retrieved.
    """
    if label is None:
        raise NotKnown(
            "the spec doesn't name the app", hint="Set app.label, and app.api_name if it differs."
        )
    unknown = [app for app in apps if not app.labels]
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
