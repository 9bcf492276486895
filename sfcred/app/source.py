"""Write an app as Salesforce source."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sfcred.files.new_folders import removed_on_failure
from sfcred.files.writing import NewFile, WriteScope, write_set
from sfcred.resolve.blueprint import blueprint
from sfcred.resolve.credential import Credential
from sfcred.salesforce.host_tables import HostKind
from sfcred.salesforce.metadata import API_VERSION
from sfcred.salesforce.metadata.formats import AppFormat, format_of
from sfcred.salesforce.metadata.model import AppSettings, MetadataFile
from sfcred.salesforce.metadata.xml import package
from sfcred.text.printable import one_line
from sfcred.text.redact import redact
from sfcred.text.shell import for_shell, then

#: The source folder in a project made by `sf project generate`.
_SOURCE = Path("force-app/main/default")


class AppSource(NamedTuple):
    """A credential's app, ready to be written.

    Attributes:
        credential: The credential.
        form: The format of the app's type.
        api_name: The app's API name.
        files: Its metadata.
        settings: What the metadata states.
        changes: What a deployment would change, one line each; None if that isn't known.
        left_out: What isn't written, and why, one line each.
        may_reset: The elements that the org's file is too old to have, and that a deployment can
            reset to their defaults.
        is_partial: Whether something that the spec states isn't written, or the org's value isn't
            known.
    """

    credential: Credential
    form: AppFormat
    api_name: str
    files: list[MetadataFile]
    settings: AppSettings
    changes: list[str] | None = None
    left_out: tuple[str, ...] = ()
    may_reset: tuple[str, ...] = ()
    is_partial: bool = False


class SourceFile(NamedTuple):
    """A file to write.

    Attributes:
        path: Its path below the output folder.
        text: Its content.
        sensitive: Whether it must stay out of git.
    """

    path: Path
    text: str
    sensitive: bool = False


def new_app(credential: Credential) -> AppSource:
    """Return a credential's app as metadata, with defaults for what the spec doesn't state.

    Raises:
        RenderError: The spec doesn't state enough about the app.
    """
    app, form = blueprint(credential), format_of(credential.app.type)
    files = form.write(app.api_name, app.settings)
    left_out = tuple(unused_assignments(app.settings))
    return AppSource(credential, form, app.api_name, files, app.settings, left_out=left_out)


def unused_assignments(app: AppSettings) -> Iterator[str]:
    """Yield a line for each list of assignments that an app can't have, though the spec does."""
    for name in app.unused_lists:
        yield f"app.{name}, because app.pre_authorized is false"


def source_of(app: AppSource) -> list[SourceFile]:
    """Return the files of a project that the Salesforce CLI can deploy.

    Each credential gets its own folder, because each app is for a different org.
    """
    root = _folder_of(app.credential)
    members: dict[str, list[str]] = {}
    for file in app.files:
        members.setdefault(file.kind, []).append(file.name)
    # An org's own names of the other files can differ.
    main, *others = app.form.kinds
    every = {main.kind: [app.api_name], **{kind.kind: ["*"] for kind in others}}
    project = {
        "packageDirectories": [{"path": "force-app", "default": True}],
        "sourceApiVersion": API_VERSION,
    }
    return [
        SourceFile(root / "sfdx-project.json", json.dumps(project, indent=2) + "\n"),
        SourceFile(root / "manifest/package.xml", package(members)),
        SourceFile(root / "manifest/retrieve.xml", package(every)),
        *(_source_file(root, file) for file in app.files),
    ]


def _folder_of(credential: Credential) -> Path:
    profile = f".{credential.profile}" if credential.profile else ""
    return Path(f"{credential.name}{profile}")


def _source_file(root: Path, file: MetadataFile) -> SourceFile:
    name = f"{file.name}.{file.suffix}-meta.xml"
    return SourceFile(root / _SOURCE / file.folder / name, file.text, file.sensitive)


def write_source(
    files: Sequence[SourceFile], folder: Path, scope: WriteScope, *, force: bool
) -> None:
    """Write all files, or none if one of them can't be written.

    Args:
        files: The result of `source_of`, for one or several credentials.
        folder: The output folder; it is created if needed.
        scope: The project, and what may be written.
        force: Overwrite files, and write sensitive files even if git doesn't ignore them.

    Raises:
        WriteRefused: A file exists, or a sensitive one would be committed.
        WriteError: The operating system refused.
    """
    new = [NewFile(folder / file.path, file.text, file.sensitive) for file in files]
    with removed_on_failure((file.path.parent for file in new), scope):
        write_set(new, force=force, scope=scope, folders=0o777)


def nobody_warning(app: AppSource) -> str:
    """Return the warning about an app that nobody may use."""
    return (
        f"{app.credential.label}: nobody may use this app, because it pre-authorizes its users and "
        "has no permission set and no profile: add app.permission_sets or app.profiles"
    )


def advice(apps: Sequence[AppSource], folder: Path) -> str:
    """Return what a deployment changes, the next steps, and a warning, as text for a terminal.

    Args:
        apps: The apps that were written.
        folder: The output folder.
    """
    lines = []
    for app in apps:
        where = folder / _folder_of(app.credential)
        lines.append(f"{where}: the app of {app.credential.name}")
        lines += [f"  not written: {text}" for text in app.left_out]
        lines += [*_changes(app), *_resets(app)]
        lines += [f"  {number}. {step}" for number, step in enumerate(_steps(app, where), 1)]
    sensitive = {file.suffix for app in apps for file in app.files if file.sensitive}
    if sensitive:
        text = (
            f"Keep {' and '.join(sorted(sensitive))} files out of git: once retrieved, they can "
            "contain the Consumer Key and Secret."
        )
        lines.append(text)
    if any(app.settings.certificate for app in apps):
        text = (
            "Deploy all files together: without the certificate in them, the app loses it, and JWT "
            "logins fail."
        )
        lines.append(text)
    return "\n".join(lines) + "\n"


def _changes(app: AppSource) -> list[str]:
    if app.changes is None:
        return []
    if not app.changes:
        return ["  a deployment changes nothing"]
    return ["  a deployment changes:", *(f"    {line}" for line in app.changes)]


def _resets(app: AppSource) -> list[str]:
    if not app.may_reset:
        return []
    names = ", ".join(app.may_reset)
    text = (
        "a deployment can reset what the retrieved file is too old to have. Retrieve the app again "
        f"with manifest/retrieve.xml, and start over. Missing: {names}"
    )
    return [f"  {text}"]


def _steps(app: AppSource, where: Path) -> list[str]:
    steps = list(_assignments(app))
    spec = app.credential.chosen_file
    here = f"cd {for_shell(where)}"
    retrieve = then(here, "sf project retrieve start --manifest manifest/retrieve.xml -o ORG")
    if app.changes is None:
        authority = app.credential.authority
        # Any other host could be a secret in the wrong field, or somebody else's login page.
        if authority and authority.host.kind in (HostKind.GENERIC_LOGIN, HostKind.MY_DOMAIN):
            steps.append(
                "if the Salesforce CLI has no login for this org yet, log in under a name of your "
                "choice, here ORG: `sf org login web --alias ORG --instance-url "
                f"{for_shell(authority.url)}`"
            )
        # Next to it, because a retrieved file can hold secrets, and init makes git ignore both.
        changed = for_shell(where.parent / "changed")
        steps.append(
            "if the app already exists, a deployment resets what the spec doesn't state: first run "
            f"`{retrieve}`, then `sfcred app {spec} --over {for_shell(where)} -o {changed}` in "
            "this folder, and deploy from there"
        )
    deploy = then(here, "sf project deploy start --manifest manifest/package.xml -o ORG")
    steps.append(f"`{deploy}`")
    if app.form.type == "connected_app":
        steps.append("you can't create new Connected Apps any more; this updates an existing one")
    steps.append("copy the app's Consumer Key to the place that `client_id` refers to")
    steps.append(
        f"to compare later: `{retrieve}`, then `sfcred app {spec} --check {for_shell(where)}` in "
        "this folder"
    )
    return steps


def _assignments(app: AppSource) -> list[str]:
    settings = app.settings
    if not settings.pre_authorized:
        return []
    if settings.has_nobody:
        step = (
            "nobody may use this app: create a permission set, assign it to n8n's user, and add it "
            "to app.permission_sets (or the user's profile to app.profiles)"
        )
        return [step]
    sets = one_line(redact(", ".join(one.shown for one in settings.permission_sets or ())))
    profiles = one_line(redact(", ".join(settings.profiles or ())))
    steps = []
    if sets:
        what, it = ("sets", "them") if len(settings.permission_sets or ()) > 1 else ("set", "it")
        steps.append(
            f"in the org, create the permission {what} {sets} if missing, and assign {it} to the "
            "user; otherwise logins fail"
        )
    if profiles:
        steps.append(f"check that the user has the profile {profiles}")
    if app.form.has_labels and any(one.label is None for one in settings.permission_sets or ()):
        steps.append(
            "compare: a Connected App's metadata contains labels; if the label of a permission set "
            "isn't its API name, write {name: …, label: …}"
        )
    return steps
