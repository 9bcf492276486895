"""What opening a project needs: its spec files, and the surroundings of a run."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sfcred.errors import UsageError
from sfcred.paths import display_path, is_there, join_local
from sfcred.resolve.context import Context
from sfcred.settings import Settings, require_inside


def make_context(
    settings: Settings,
    allow_hosts: Iterable[str] = (),
    org_hosts: Iterable[str] = (),
    *,
    local_org: str | None = None,
    reads_remote_secrets: bool = False,
) -> Context:
    """Return the surroundings of a run.

    Args:
        settings: The configuration.
        allow_hosts: As for Workspace.open, like all that follow.
        org_hosts: See there.
        local_org: See there.
        reads_remote_secrets: See there.

    Raises:
        UsageError: The local org is no address of this machine, or --org-host or
            SFCRED_ORG_HOSTS names no host.
    """
    from sfcred.http.trust import parse_org_hosts

    allowed = frozenset(allow_hosts) | frozenset(settings.allow_hosts)
    if local_org is not None:
        local_org, host = _local_address(local_org)
        allowed |= {host}
    return Context(
        project=settings.project,
        now=datetime.now(UTC),
        secrets_dirs=tuple(settings.project / folder for folder in settings.secrets_dirs),
        allow_hosts=allowed,
        org_hosts=parse_org_hosts(settings.org_hosts, org_hosts),
        certificate_days=settings.certificate_days,
        reads_remote_secrets=reads_remote_secrets,
        local_org=local_org,
    )


def _local_address(text: str) -> tuple[str, str]:
    """The URL without path, and `HOST` or `HOST:PORT`, of an address of this machine."""
    from sfcred.urls import is_loopback, split_url

    url = split_url(text)
    if url is None or not is_loopback(url.host):
        raise UsageError(
            "--local-org: not an address of this machine",
            hint="Write it as `sfcred local-org` shows it: http://127.0.0.1:8787.",
        )
    # The local org is at that address, and names it in its answers.
    place = url._replace(host="127.0.0.1").netloc if url.host == "localhost" else url.netloc
    return f"{url.scheme}://{place}", place


def find_files(paths: list[Path], settings: Settings) -> list[Path]:
    """Return the spec files among the paths, or else those of the configuration.

    Raises:
        UsageError: There is none.
        SettingsError: The configuration leads out of the project.
    """
    from sfcred.spec.discover import find_specs

    if paths:
        return find_specs(paths, settings.project)
    require_inside(settings, "paths")
    folders = [display_path(join_local(settings.project, path)) for path in settings.paths]
    missing = [folder for folder in folders if not is_there(folder)]
    if missing:
        raise UsageError(
            f"nothing to check: there is no {missing[0]}",
            hint="Name a spec or a folder of specs, or set paths in sfcred.toml.",
        )
    return find_specs(folders, settings.project)
