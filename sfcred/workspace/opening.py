"""Find a project's spec files, and set up the context of a run."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.errors import NothingFound, SettingsError, SfcredError, UsageError
from sfcred.paths import display_path, is_folder, is_there, join_local, place_of, places_of
from sfcred.resolve.context import Context
from sfcred.settings import Settings, given_variable, load_settings, require_inside
from sfcred.settings.file import find_configuration
from sfcred.text.printable import listed

if TYPE_CHECKING:
    from sfcred.spec.exclude import Exclusion


def make_context(
    settings: Settings,
    allow_hosts: Iterable[str] = (),
    org_hosts: Iterable[str] = (),
    *,
    local_org: str | None = None,
    reads_remote_secrets: bool = False,
) -> Context:
    """Return the context of a run.

    Args:
        settings: The configuration.
        allow_hosts: As for Workspace.open.
        org_hosts: As for Workspace.open.
        local_org: As for Workspace.open.
        reads_remote_secrets: As for Workspace.open.

    Raises:
        UsageError: The local org is not an address on this machine, or --org-host or
            SFCRED_ORG_HOSTS has an entry that is not a host.
    """
    from sfcred.http.trust import parse_org_hosts

    allowed = frozenset(allow_hosts) | frozenset(settings.allow_hosts)
    if local_org is not None:
        local_org, host = _local_address(local_org)
        allowed |= {host}
    return Context(
        project=settings.project,
        now=datetime.now(UTC),
        specs=tuple(settings.project / path for path in settings.paths),
        secrets_dirs=tuple(settings.project / folder for folder in settings.secrets_dirs),
        allow_hosts=allowed,
        org_hosts=parse_org_hosts(settings.org_hosts, org_hosts),
        certificate_days=settings.certificate_days,
        reads_remote_secrets=reads_remote_secrets,
        local_org=local_org,
    )


def _local_address(text: str) -> tuple[str, str]:
    """Return the URL without its path, and its `HOST` or `HOST:PORT`.

    Raises:
        UsageError: It is not an address on this machine.
    """
    from sfcred.urls import is_loopback, split_url

    url = split_url(text)
    if url is None or not is_loopback(url.host):
        raise UsageError(
            "--local-org: not an address on this machine",
            hint="Use the address that `sfcred local-org` prints, http://127.0.0.1:8787.",
        )
    # The local org listens on 127.0.0.1, and its answers name that address.
    place = url._replace(host="127.0.0.1").netloc if url.host == "localhost" else url.netloc
    return f"{url.scheme}://{place}", place


def open_files(
    paths: list[Path],
    given: Mapping[Path, bytes],
    note: Callable[[str], object],
    *,
    needs_specs: bool = True,
    is_named: bool = False,
) -> tuple[Settings, list[Path]]:
    """Return the project's settings and its spec files.

    Args:
        paths: The paths on the command line.
        given: Contents of specs that aren't read from disk. If there are any, they are the only
            specs.
        note: Called with a warning about skipped specs.
        needs_specs: Refuse a project without specs.
        is_named: Credentials are chosen by name, so without paths there are no files yet.

    Raises:
        SfcredError: The configuration can't be used, or there is no spec.
    """
    if given:
        return load_settings(next(iter(given)).absolute().parent), list(given)
    settings = load_settings(paths[0] if paths else Path.cwd())
    _note_other_configurations(paths[1:], settings, note)
    if is_named and not paths:
        return settings, []
    try:
        return settings, find_files(paths, settings, note)
    except NothingFound:  # specs that can't be reached or read are an error all the same
        if needs_specs or paths or given_variable("paths") is not None:
            raise
        return settings, []


def _note_other_configurations(
    paths: Iterable[Path], settings: Settings, note: Callable[[str], object]
) -> None:
    """Warn about configurations of further paths: only that of the first path counts."""
    told = {settings.source}
    used = f"only {display_path(Path(settings.source))} is" if settings.source else "none is"
    for path in paths:
        try:
            found = find_configuration((path if is_folder(path) else path.parent).absolute())[1]
            other, why = str(found) if found else None, ""
        except SettingsError as error:
            other, why = str(path), f" ({error.message})"
        if other is None or other in told:
            continue
        told.add(other)
        note(
            f"{display_path(Path(other))}{why} is not used: the first path decides which "
            f"configuration counts, and {used}. Run sfcred once per project"
        )


def find_workflows(paths: list[Path], settings: Settings) -> list[Path]:
    """Return the workflow files in the given paths, or else in the configuration's.

    Args:
        paths: What the person names.
        settings: The configuration.

    Raises:
        UsageError: There are none.
        SettingsError: A path in the configuration is outside the project.
    """
    from sfcred.workflows.find import find_workflow_files

    if not (paths or settings.workflows):
        raise UsageError(
            "no workflows to read",
            hint="Pass --workflows PATH or --n8n URL, or set `workflows` in sfcred.toml.",
        )
    if not paths:
        require_inside(settings, "workflows")
        paths = [display_path(join_local(settings.project, path)) for path in settings.workflows]
    return find_workflow_files(paths, settings.project)


def find_files(paths: list[Path], settings: Settings, note: Callable[[str], object]) -> list[Path]:
    """Return the spec files in the given paths, or else in the configuration's.

    Args:
        paths: The paths on the command line.
        settings: The configuration.
        note: Called with a warning for specs that are left out.

    Raises:
        UsageError: There are none.
        SettingsError: A path in the configuration is outside the project.
    """
    if paths:
        return _find(paths, settings, note)[0]
    require_inside(settings, "paths")
    folders = [display_path(join_local(settings.project, path)) for path in settings.paths]
    missing = [folder for folder in folders if not is_there(folder)]
    if missing:
        raise _missing(missing[0], settings)
    found, left_out = _find(folders, settings, note)
    if settings.source and given_variable("paths") is None:
        _note_others(found + left_out, folders, settings, note)
    return found


def project_files(files: Iterable[Path], settings: Settings) -> list[Path]:
    """Return all of the project's spec files, if some of the given ones are among them.

    Args:
        files: The files that a person chose, or whose content is given instead of read.
        settings: The configuration.
    """
    folders = [place_of(join_local(settings.project, path)) for path in settings.paths]
    if not any(file.is_relative_to(folder) for file in places_of(files) for folder in folders):
        return []
    try:
        return find_files([], settings, lambda _text: None)
    except SfcredError:  # what is wrong with the configuration is told where all specs are read
        return []


def _missing(folder: Path, settings: Settings) -> UsageError:
    if settings.paths == Settings(settings.project).paths:
        hint = (
            "Run `sfcred init`, or pass a spec or a folder of specs. If n8n has the credentials "
            "already, see `sfcred help import`."
        )
        return NothingFound(f"no specs yet: there is no folder {folder}", hint=hint)
    hint = "Pass a spec or a folder of specs, or correct `paths` in the configuration."
    return UsageError(f"nothing to check: {folder} does not exist", hint=hint)


def _find(
    paths: list[Path], settings: Settings, note: Callable[[str], object]
) -> tuple[list[Path], list[Path]]:
    """Return the spec files in the paths, and the files that `exclude` leaves out.

    Raises:
        UsageError: There are no spec files.
    """
    from sfcred.spec.discover import find_specs
    from sfcred.spec.exclude import Exclusion

    exclusion = Exclusion(settings.exclude, settings.project)
    try:
        found = find_specs(paths, settings.project, note, exclusion.covers)
    except UsageError as error:
        if exclusion.left_out:
            error.hint = "The setting `exclude` leaves out what is there. Correct its patterns."
            _note_excluded(exclusion, settings, note)
        raise
    _note_excluded(exclusion, settings, note)
    return found, exclusion.left_out


def _note_excluded(
    exclusion: "Exclusion", settings: Settings, note: Callable[[str], object]
) -> None:
    """Tell which specs a configuration file's `exclude` leaves out: a pull request can change it.

    A person's own variable can leave out anything.
    """
    from sfcred.spec.discover import reported_path

    if not settings.source or given_variable("exclude") is not None:
        return
    if specs := exclusion.specs():
        names = listed([reported_path(path) for path in specs])
        note(f"`exclude` in {reported_path(Path(settings.source))} leaves out {names}")


def _note_others(
    found: list[Path], paths: list[Path], settings: Settings, note: Callable[[str], object]
) -> None:
    """Tell which specs a configuration file's `paths` leave out, where specs usually are.

    A pull request can change the file. This searches the default folders, and the folders in which
    `paths` names single files.
    """
    from sfcred.spec.discover import find_specs, reported_path

    usual = [settings.project / path for path in Settings(settings.project).paths]
    beside = [path.parent for path in paths if not is_folder(path)]
    searched = [display_path(folder) for folder in (*usual, *beside) if is_folder(folder)]
    known = set(places_of(found))
    try:
        others = [
            path
            for path in (find_specs(searched, settings.project) if searched else ())
            if place_of(path) not in known
        ]
    except UsageError:  # it isn't this command that wants them
        return
    if others:
        names = listed([reported_path(path) for path in others])
        note(f"`paths` in {reported_path(Path(settings.source or ''))} leaves out {names}")
