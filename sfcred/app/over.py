"""Write an app over what an org has: what the spec doesn't state stays as it is."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from sfcred.app.compare import find_app, is_of_other_org, listed
from sfcred.app.retrieved import AppFiles
from sfcred.app.source import AppSource, unused_assignments
from sfcred.errors import NotKnown, RenderError, Unreadable
from sfcred.resolve.blueprint import (
    certificate_text,
    needed_callbacks,
    needed_scopes,
    require_known_scopes,
    run_as,
    stated,
)
from sfcred.resolve.credential import Credential
from sfcred.salesforce.metadata.apps import OrgApp
from sfcred.salesforce.metadata.assignments import (
    Assignments,
    compare_permission_sets,
    compare_profiles,
)
from sfcred.salesforce.metadata.model import AppSettings, MetadataFile, normal_scopes
from sfcred.salesforce.metadata.xml import Fields, lay_over
from sfcred.text.redact import show, show_address

if TYPE_CHECKING:
    from sfcred.salesforce.metadata.model import Kind

#: Salesforce accepts them only when it creates the app, and keeps what the org has without them.
_KEYS = ("consumerKey", "consumerSecret")
#: True would replace the key or the secret that n8n has.
_ROTATE = ("shouldRotateConsumerKey", "shouldRotateConsumerSecret")


def app_over(credential: Credential, org: AppFiles) -> AppSource:
    """Return an org's app with the spec's settings.

    Args:
        credential: The credential.
        org: The org's files.

    Raises:
        RenderError: The org doesn't have the app, or the spec can't be written to metadata.
        Unreadable: The app's files differ from each other, or can't be read.
    """
    app = _find(credential, org)
    require_known_scopes(credential)
    wanted = _changed(credential, app)
    elements = app.form.elements(wanted)
    files: list[MetadataFile] = []
    changes: list[str] = []
    left_out, may_reset = _unclear_sets(credential, app), _unknown(app, elements)
    is_partial = bool(left_out or may_reset)
    for kind in app.form.kinds:
        below = app.parts.get(kind.kind)
        if below is None or "certificate" in may_reset.get(kind.kind, ()):
            left_out.append(_why_left_out(kind, app, org))
            may_reset.pop(kind.kind, None)
            is_partial = is_partial or bool(elements.get(kind.kind))
            continue
        left_out += _keys_left_out(kind, below)
        below = _without_keys(below)
        above = _without_rotation(lay_over(below, elements.get(kind.kind, {})))
        name = app.files[kind.kind][0].name
        files.append(app.form.file(kind, name, above, app.api_name))
        changes += _differences(below, above)
    merged = {kind: lay_over(part, elements.get(kind, {})) for kind, part in app.parts.items()}
    return AppSource(
        credential,
        app.form,
        app.api_name,
        files,
        app.form.read(merged),
        changes,
        (*left_out, *unused_assignments(stated(credential))),
        tuple(chain.from_iterable(may_reset.values())),
        is_partial,
    )


def _without_keys(fields: Fields) -> Fields:
    """Return elements without the Consumer Key and Secret, wherever they are."""
    return Fields(
        {
            name: [_without_keys(one) if isinstance(one, Fields) else one for one in items]
            for name, items in fields.items()
            if name not in _KEYS
        }
    )


def _without_rotation(fields: Fields) -> Fields:
    return lay_over(fields, {name: False for name in _ROTATE if fields.truth(name)})


def _keys_left_out(kind: "Kind", fields: Fields) -> list[str]:
    names = dict.fromkeys(path.rpartition("/")[2] for path, _ in fields.leaves())
    found = [name for name in names if name in _KEYS]
    if not found:
        return []
    what = f"{kind.suffix} ({kind.kind}): {' and '.join(found)}"
    return [f"{what}, which Salesforce only accepts for a new app, so what the org has stays"]


def _find(credential: Credential, org: AppFiles) -> OrgApp:
    try:
        app = find_app(credential, org)
    except NotKnown as reason:
        raise Unreadable(f"{credential.label}: {reason.message}", hint=reason.hint) from None
    if app is None:
        there = f" It has {listed(org.apps)}." if org.apps else ""
        raise RenderError(
            f"{credential.label}: {org.where} doesn't contain the app, so its settings can't be "
            "kept",
            hint=f"Compare app.label, app.api_name and app.type with it.{there}",
        )
    if is_of_other_org(credential, app):
        raise RenderError(
            f"{credential.label}: {org.where} is of the org {show(app.settings.org_id)}, not of "
            f"app.org_id, so its settings aren't those to keep",
            hint="Retrieve the app from the spec's org, or correct app.org_id.",
        )
    clashing = [files for kind, files in app.files.items() if kind not in app.parts]
    if clashing:
        raise Unreadable(
            f"{credential.label}: {clashing[0][0].path} and {clashing[0][1].path} are different "
            "files of the same app",
            hint="Give a folder with only one org's metadata.",
        )
    return app


def _why_left_out(kind: "Kind", app: OrgApp, org: AppFiles) -> str:
    broken = next((file for file in org.unread if file.kind == kind.kind), None)
    why = f"{broken.path}: {broken.reason}" if broken else f"{org.where} doesn't have it"
    if kind.kind in app.parts:
        why = f"{app.files[kind.kind][0].path} is of an API version without certificates"
    return f"{kind.suffix} ({kind.kind}): {why}, so what the org has stays as it is"


def _unknown(app: OrgApp, elements: Mapping[str, Mapping[str, object]]) -> dict[str, list[str]]:
    """Return the elements, by type, that a file is too old to have and a deployment can reset."""
    found = {}
    for kind, part in app.parts.items():
        stated_here = {path for path, _ in lay_over(Fields(), elements.get(kind, {})).leaves()}
        names = [path for path in app.form.unknown(kind, part) if path not in stated_here]
        if names:
            found[kind] = names
    return found


def _unclear_sets(credential: Credential, app: OrgApp) -> list[str]:
    """Return a line if the spec's permission sets can't be compared with the org's labels."""
    compared = _compared_sets(stated(credential), app)
    if compared is None or not compared.unclear:
        return []
    ours, theirs = (", ".join(map(show, texts)) for texts in (compared.unclear, compared.puzzles))
    text = f"app.permission_sets: {ours} can't be compared with {theirs}, so what the org has stays"
    return [f"{text}; state the label, too: {{name: …, label: …}}"]


def _changed(credential: Credential, app: OrgApp) -> AppSettings:
    """Return what the spec states and the org's app doesn't have yet."""
    wanted, found = _wanted(credential, app.settings), app.settings
    same = {
        name: None
        for name in wanted._fields
        if getattr(wanted, name) == getattr(found, name)
    }  # fmt: skip
    if wanted.scopes and normal_scopes(wanted.scopes) == normal_scopes(found.scopes or ()):
        same["scopes"] = None
    if set(wanted.callback_urls or ()) == set(found.callback_urls or ()):
        same["callback_urls"] = None
    if wanted.certificate and _is_same_certificate(wanted.certificate, found.certificate):
        same["certificate"] = None
    if _keeps_sets(wanted, app):
        same["permission_sets"] = None
    if wanted.profiles is not None and not any(
        compare_profiles(wanted.profiles, found.profiles or ())
    ):
        same["profiles"] = None
    return wanted._replace(**same)


def _wanted(credential: Credential, found: AppSettings) -> AppSettings:
    """Return what the spec states, and what n8n needs besides what the org's app has."""
    wanted = stated(credential)
    if wanted.pre_authorized is None and (wanted.permission_sets or wanted.profiles):
        wanted = wanted._replace(pre_authorized=True)
    if wanted.pre_authorized is False:  # nobody is assigned then
        wanted = wanted._replace(permission_sets=None, profiles=None)
    if wanted.scopes is None and found.scopes is not None:
        scopes = dict.fromkeys([*found.scopes, *needed_scopes(credential)])
        wanted = wanted._replace(scopes=tuple(scopes))
    if wanted.callback_urls is None:
        urls = dict.fromkeys([*(found.callback_urls or ()), *_n8n_callbacks(credential)])
        wanted = wanted._replace(callback_urls=tuple(urls))
    wanted = wanted._replace(run_as=run_as(credential))
    if credential.named_certificate is not None:
        wanted = wanted._replace(certificate=certificate_text(credential) or None)
    return wanted


def _n8n_callbacks(credential: Credential) -> tuple[str, ...]:
    try:
        return needed_callbacks(credential)
    except NotKnown:  # what isn't known isn't added
        return ()


def _is_same_certificate(wanted: str, found: str | None) -> bool:
    from sfcred.keys.certificate import Certificate, read_certificate

    ours, theirs = (read_certificate((text or "").encode()) for text in (wanted, found))
    if isinstance(ours, Certificate) and isinstance(theirs, Certificate):
        return ours.der == theirs.der
    return False


def _compared_sets(wanted: AppSettings, app: OrgApp) -> Assignments | None:
    """Compare permission sets; None if the spec states none, or the org's aren't known."""
    there = app.settings.permission_sets
    if wanted.permission_sets is None or wanted.pre_authorized is False or there is None:
        return None
    found = [one.name for one in there]
    return compare_permission_sets(wanted.permission_sets, found, has_labels=app.form.has_labels)


def _keeps_sets(wanted: AppSettings, app: OrgApp) -> bool:
    """Return whether the org's permission sets stay: they are the same, or can't be compared."""
    compared = _compared_sets(wanted, app)
    return compared is not None and bool(
        compared.unclear or not (compared.missing or compared.extra)
    )


def _differences(below: Fields, above: Fields) -> Iterator[str]:
    """Yield a line for each element that changes."""
    old, new = _by_path(below), _by_path(above)
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            yield f"{path}: {_shown(path, old.get(path))} → {_shown(path, new.get(path))}"


def _by_path(fields: Fields) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, text in fields.leaves():
        found.setdefault(path, []).append(text)
    return found


def _shown(path: str, texts: list[str] | None) -> str:
    if texts is None:
        return "not set"
    if path.endswith("certificate"):
        return "a certificate"
    if path.endswith("Url"):
        return ", ".join(show_address(url) for text in texts for url in text.split())
    return ", ".join(map(show, texts))
