"""What the commands share: options, settings, printing."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sfcred.cli import completion_values, streams
from sfcred.cli.colours import style_for
from sfcred.errors import UsageError
from sfcred.paths import display_path, is_there, join_local
from sfcred.printable import guarded
from sfcred.settings import Settings, load_settings, require_inside

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from sfcred.doctor import Finding, Report
    from sfcred.exchange.n8n_api import Api
    from sfcred.exchange.state import State
    from sfcred.report.api import Look
    from sfcred.resolve.context import Context
    from sfcred.resolve.credential import Credential

# So many names are listed in a message; of more, only the number.
_NAMED = 10

#: What every command prints with.
emit = streams.emit

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

paths_argument: Decorator = click.argument(
    "paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]..."
)
profile_option: Decorator = click.option(
    "--profile",
    metavar="NAME",
    help="Only this profile of specs that have profiles.",
    shell_complete=completion_values.profiles,
)
allow_host_option: Decorator = click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="HOST[:PORT]",
    help="Let this host pass as an authority, such as a stand-in org's. Loopback hosts may be "
    "plain http.",
)
org_host_option: Decorator = click.option(
    "--org-host",
    "org_hosts",
    multiple=True,
    metavar="HOST",
    help="Send to this org's host only; repeat it for several. *.NAME stands for all hosts below "
    "NAME.  [$SFCRED_ORG_HOSTS]",
)
local_org_option: Decorator = click.option(
    "--local-org",
    metavar="URL",
    help="Log in at this `sfcred local-org` instead of the specs' own orgs (implies --live).",
)


class Scene(NamedTuple):
    """Where a command works: the settings and the files."""

    settings: Settings
    files: list[Path]


def set_scene(paths: tuple[Path, ...]) -> Scene:
    """Loads the settings and finds the specs: those named, else those of the configuration.

    Raises:
        SfcredError: The configuration is unusable, or there is no spec.
    """
    from sfcred.spec.discover import find_specs

    settings = load_settings(paths[0] if paths else Path.cwd())
    if paths:
        return Scene(settings, find_specs(paths, settings.project))
    require_inside(settings, "paths")
    folders = [display_path(join_local(settings.project, path)) for path in settings.paths]
    missing = [folder for folder in folders if not is_there(folder)]
    if missing:
        raise UsageError(
            f"nothing to check: there is no {missing[0]}",
            hint="Name a spec or a folder of specs, or set paths in sfcred.toml.",
        )
    return Scene(settings, find_specs(folders, settings.project))


def make_context(
    settings: Settings,
    allow_hosts: tuple[str, ...],
    local_org: str | None = None,
    *,
    org_hosts: tuple[str, ...] = (),
    asks_stores: bool = True,
) -> "Context":
    """The surroundings of a run (resolve.context.Context).

    Raises:
        UsageError: The local org is no address of this machine, or --org-host or
            SFCRED_ORG_HOSTS names no host.
    """
    from sfcred.http.trust import parse_org_hosts
    from sfcred.resolve.context import Context

    if local_org is not None:
        local_org, host = _local_address(local_org)
        allow_hosts = (*allow_hosts, host)
    return Context(
        project=settings.project,
        now=datetime.now(UTC),
        secrets_dirs=tuple(settings.project / folder for folder in settings.secrets_dirs),
        allow_hosts=frozenset(allow_hosts) | frozenset(settings.allow_hosts),
        org_hosts=parse_org_hosts(settings.org_hosts, org_hosts),
        certificate_days=settings.certificate_days,
        asks_stores=asks_stores,
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
    place = url._replace(host="127.0.0.1").place if url.host == "localhost" else url.place
    return f"{url.scheme}://{place}", place


def split_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """`--select SFC1,SFC2 --select SFC3` as one list."""
    parts = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def require_known(ids: tuple[str, ...], option: str) -> None:
    """Refuses selectors that mean no check.

    Raises:
        UsageError: With the nearest id or name.
    """
    from sfcred.doctor import unknown_selectors

    unknown = unknown_selectors(ids)
    if unknown:
        # The configuration gives selectors, too, and so does a pull request.
        shown = re.fullmatch(r"(?i)SFC[0-9]{0,6}|[a-z]{2,12}(-[a-z]{2,12}){0,4}", unknown[0])
        raise UsageError(
            f"{option}: there is no check {unknown[0] if shown else 'of that name'}",
            hint="`sfcred explain` lists the checks; SFC4 means all that begin so.",
        )


def require_results(report: "Report", profile: str | None) -> None:
    """Refuses a profile that no spec has: an empty success would be a lie.

    Raises:
        UsageError: Nothing was examined and nothing found.
    """
    if profile and not report.results and not report.findings:
        raise UsageError(
            f"nothing to check: no spec has a profile {profile}",
            hint="Look under `profiles:` of the specs.",
        )


def deliver(
    text: str,
    output: Path | None,
    *,
    is_utf8: bool = False,
    is_own: Callable[[str], bool] | None = None,
) -> None:
    """Prints a report, or writes it whole to a file: the same text, in which nothing is a command.

    Args:
        text: The report.
        output: The file; None prints.
        is_utf8: As for emit. A file is always UTF-8.
        is_own: As for emit.
    """
    if output is None:
        emit(text, is_utf8=is_utf8, is_own=is_own)
        return
    from sfcred.files import write_safely

    write_safely(output, guarded(text, is_own), force=True, secret=False)


def deliver_report(report: "Report", name: str, look: "Look", output: Path | None) -> None:
    """Prints a report in a format, or writes it to a file."""
    from sfcred.report.api import find_format, is_utf8, own_commands

    text = find_format(name)(report, look)
    deliver(text, output, is_utf8=is_utf8(name), is_own=own_commands(name))


@contextmanager
def progress(wanted: bool) -> Iterator["LiveProgress"]:
    """A bar on standard error while logins go on; nothing where it is no terminal."""
    bar = LiveProgress(wanted and sys.stderr.isatty())
    try:
        yield bar
    finally:
        bar.end()


class LiveProgress:
    """click's progress bar, which begins when the number of logins is known."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._bar: ProgressBar[int] | None = None

    def begin(self, number: int) -> None:
        """Shows the bar."""
        if self._shown and number > 1:
            self._bar = click.progressbar(
                length=number,
                label="logging in",
                show_eta=False,
                show_pos=True,
                # The bar moves the cursor, which a guard would not let it.
                file=streams.real(sys.stderr),
            )
            self._draw(self._bar.render_progress)

    def tick(self) -> None:
        """One more is done."""
        if self._bar is not None:
            self._draw(partial(self._bar.update, 1))

    def end(self) -> None:
        """Leaves the terminal as the report expects it."""
        if self._bar is not None:
            self._draw(self._bar.render_finish)

    def _draw(self, step: Callable[[], object]) -> None:
        """A terminal that went away ends the bar, not the logins."""
        try:
            step()
        except OSError:
            self._bar = None


class Inviter:
    """Tells a person where to go on, and opens the browser there.

    Args:
        opens: Open the browser, where there is one with a window.
        project: The project's root: no browser comes from there.
    """

    def __init__(self, *, opens: bool, project: Path) -> None:
        self._opens = opens
        self._project = project

    def __call__(self, url: str) -> None:
        """Shows the address first: the browser may not open, or open the wrong profile."""
        emit(f"open in your browser: {url}\nwaiting for Salesforce (Ctrl-C to end) …\n", error=True)
        if self._opens and _has_window():
            import webbrowser

            from sfcred.programs import fenced

            with fenced(self._project):  # browsers are looked for by their names
                webbrowser.open(url)


def _has_window() -> bool:
    """Whether a browser would have a window: one that fills the terminal is of no use here."""
    variables = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in variables)


def find_scene(name: str) -> tuple[Settings, list[Path], str | None]:
    """Where a command works that is about one credential.

    Args:
        name: A credential's name, or the path of its spec.

    Returns:
        The settings, the files, and the name; None for a path.

    Raises:
        SfcredError: The configuration is unusable, or there is no spec.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or os.sep in name:
        return *set_scene((path,)), None
    return *set_scene(()), name


def choose(
    settings: Settings,
    files: list[Path],
    context: "Context",
    name: str | None,
    profile: str | None,
    *,
    check: bool,
) -> "tuple[Credential, frozenset[str]]":
    """The one credential of that name and profile, its offline checks done.

    Returns:
        The credential, and the ids of the checks that found something in it.

    Raises:
        UsageError: There is none, there are several, or it has errors (and `check`).
    """
    from sfcred.doctor import Options, examine
    from sfcred.doctor.configured import configured

    found: list[Credential] = []
    options = configured(Options(profile=profile), settings)
    report = examine(files, context, options, found.append)
    fitting = [credential for credential in found if name in (None, credential.name)]
    if len(fitting) != 1:
        raise _not_one(name, profile, [c.profile or c.name for c in fitting], len(found))
    (credential,) = fitting
    own = [f for f in report.findings if _is_about(f, credential)]
    if check and any(f.severity.value == "error" for f in own):
        show_findings(report._replace(findings=own, results=[], not_run=[]))
        raise UsageError(
            f"{credential.name} has errors", hint="Correct them first, or go on with --no-check."
        )
    return credential, frozenset(f.check for f in own)


def _is_about(finding: "Finding", credential: "Credential") -> bool:
    same = (finding.credential, finding.file) == (credential.name, credential.source.shown)
    return same and finding.profile in (None, credential.profile)


def _not_one(name: str | None, profile: str | None, fitting: list[str], number: int) -> UsageError:
    what = f"credential {name}" if name else "credential in this file"
    what += f" with the profile {profile}" if profile else ""
    if not fitting:
        return UsageError(
            f"there is no {what} that can be understood ({number} others can)",
            hint="sfcred doctor shows the credentials, and what is wrong with their specs.",
        )
    return UsageError(
        f"there is more than one {what}: {_listed(fitting)}",
        hint="Choose one with --profile, or by its name.",
    )


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def show_findings(report: "Report") -> None:
    """Tells on standard error what is wrong with specs that a command can't go on with."""
    from sfcred.report.api import Look, find_format

    emit(find_format("text")(report, Look(style_for(error=True))), error=True)


n8n_option: Decorator = click.option(
    "--n8n",
    "url",
    metavar="URL",
    envvar="SFCRED_N8N_URL",
    help="The address of the n8n.  [$SFCRED_N8N_URL]",
)
api_key_option: Decorator = click.option(
    "--api-key-env",
    "api_key_variable",
    metavar="NAME",
    default="N8N_API_KEY",
    show_default=True,
    help="The variable with the API key (in n8n: Settings, n8n API).",
)
state_option: Decorator = click.option(
    "--state",
    "state_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where what was pushed is noted.  [$SFCRED_STATE; default: .sfcred/state.json]",
)


def open_state(settings: Settings, given: Path | None) -> "State":
    """What was pushed from here.

    Args:
        settings: For the project's own state.
        given: --state; SFCRED_STATE stands in for it.

    Raises:
        UsageError: The state can't be used, or SFCRED_STATE is empty.
    """
    from sfcred.exchange.state import State

    variable = os.environ.get("SFCRED_STATE")
    if given is None and variable is not None:
        if not variable.strip():
            raise UsageError(
                "SFCRED_STATE is empty",
                hint="Name a file, or unset it: the state is then .sfcred/state.json.",
            )
        given = Path(variable)
    return State(settings.project, given)


def make_api(url: str | None, variable: str) -> "Api":
    """n8n's API.

    Raises:
        UsageError: There is no address or no key.
    """
    from pydantic import SecretStr

    from sfcred.exchange.address import read_address
    from sfcred.exchange.n8n_api import Api

    if not url:
        raise UsageError(
            "which n8n? Its address never comes from a spec",
            hint="Give it: --n8n https://n8n.acme.com, or SFCRED_N8N_URL.",
        )
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UsageError(
            f"the variable {variable} has no API key",
            hint="In n8n: Settings, n8n API, Create an API key (scopes credential:create, "
            "credential:update, credential:list).",
        )
    address = read_address(url)
    if address.reduced:
        emit(f"--n8n: {address.reduced}; going on with {address.url}\n", error=True)
    return Api(address, SecretStr(key))


def sound_credentials(
    settings: Settings, files: list[Path], context: "Context", profile: str | None, *, check: bool
) -> "list[Credential]":
    """All credentials of the files, their offline checks done.

    Raises:
        UsageError: There are errors (and `check`), or no credential can be understood.
    """
    from sfcred.checks.api import Severity
    from sfcred.doctor import ALWAYS, Options, examine
    from sfcred.doctor.configured import configured

    found: list[Credential] = []
    options = configured(Options(profile=profile, require_secrets=True), settings)
    report = examine(files, context, options, found.append)
    require_results(report, profile)
    errors = [f for f in report.findings if f.severity is Severity.ERROR]
    if (check and errors) or any(f.check in ALWAYS for f in errors):
        show_findings(report)
        raise UsageError("there are errors in the specs", hint="Correct them first.")
    return found
