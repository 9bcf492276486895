"""`sfcred local-org`."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from sfcred.cli import options
from sfcred.cli.output import emit, tell
from sfcred.errors import UsageError
from sfcred.text.printable import counted

if TYPE_CHECKING:
    from sfcred.local_org.registry import Registry

# Other variables and stores can only be read by another process.
_RESTART = (
    "it reads variables and secrets when it starts, so start it again to have what it left out"
)


class LocalOrgOptions(TypedDict):
    """The command-line options."""

    paths: tuple[Path, ...]
    port: int
    latency: int
    refuse: str
    access_file: Path | None
    profile: str | None
    verbose: bool


@click.command(short_help="Run a local stand-in for a Salesforce org.")
@options.paths_argument
@click.option(
    "--port",
    type=options.Number(0, 65535),
    default=8787,
    show_default=True,
    help="Listen on this port; 0 picks a free one.",
)
@click.option(
    "--latency",
    type=options.Number(0, 60_000),
    default=0,
    metavar="MS",
    help="Wait this many milliseconds before each answer.",
)
@click.option(
    "--refuse",
    metavar="NAME",
    default="",
    help="Refuse logins with this error; `--refuse list` shows the names.",
)
@click.option(
    "--access",
    "access_file",
    type=options.PATH,
    metavar="FILE",
    help="Limit the access to objects and fields as this YAML file says.",
)
@options.profile_option
@click.option("-v", "--verbose", is_flag=True, help="Print one line per request: method and path.")
def command(**given: Unpack[LocalOrgOptions]) -> int:
    """Run a local org that knows the specs' apps, users and certificates. It is not Salesforce.

    It checks logins as Salesforce does, and answers with Salesforce's messages. On its web page,
    you see the logins and choose what it refuses. It reads changed specs and certificates again,
    but variables only when it starts. Only this machine can reach it. Press Ctrl-C to stop it.

    \b
    Examples:
      sfcred local-org
      sfcred doctor --local-org http://127.0.0.1:8787     (in another terminal)
      sfcred local-org --refuse audience-invalid
      sfcred local-org --access access.yaml
    """
    if given["refuse"] == "list":
        return _list()
    _require_known(given["refuse"])
    return _serve(given)


def _list() -> int:
    from sfcred.salesforce.refusals import rehearsable

    for row in rehearsable():
        usual = row.answers[0]
        emit(f"{row.name:<26} {usual.error} {usual.description}".rstrip() + "\n")
    return 0


def _require_known(refusal: str) -> None:
    from sfcred.salesforce.refusals import find_refusal, rehearsable
    from sfcred.text.near import did_you_mean, nearest

    if refusal and find_refusal(refusal) is None:
        meant = did_you_mean(nearest(refusal, [row.name for row in rehearsable()]))
        raise UsageError(
            f"unknown refusal {refusal}",
            hint=f"{meant}Run `sfcred local-org --refuse list` to see the names.",
        )


def _serve(given: LocalOrgOptions) -> int:
    from sfcred.cli.local_org_run import SpecWatch
    from sfcred.local_org.access import Access, load_access
    from sfcred.local_org.options import ServerOptions
    from sfcred.local_org.serve import serve, take_port

    specs = SpecWatch(given["paths"], given["profile"])
    registry = specs.load()
    access = load_access(given["access_file"]) if given["access_file"] else Access()
    taken = take_port(registry, given["port"])
    taken.org.access = access
    taken.org.refuse(given["refuse"])
    tell(_greeting(taken.org.base_url, registry))
    note = (
        (lambda line: emit(f"{line}\n", error=True)) if given["verbose"] else (lambda _line: None)
    )
    started = _started_with(given)
    serve(
        taken,
        ServerOptions(given["latency"] / 1000, note, lambda: specs.refresh(taken.org), started),
    )
    return 0


def _started_with(given: LocalOrgOptions) -> tuple[tuple[str, str], ...]:
    """Return the options that decide how the org answers, by label, for its page."""
    paths = ", ".join(map(str, given["paths"])) or "those of the configuration"
    told = [
        ("Folder", str(Path.cwd())),
        ("Specs", paths),
        ("Profile", given["profile"] or "all"),
        ("Refusal", given["refuse"]),
        ("Latency", f"{given['latency']} ms" if given["latency"] else ""),
        ("Access", str(given["access_file"] or "")),
    ]
    return tuple((label, value) for label, value in told if value)


def _greeting(url: str, registry: "Registry") -> str:
    from sfcred.text.redact import redact

    known = registry.registrations
    lines = [f"local org at {url} (a stand-in for rehearsals, not Salesforce)"]
    lines.append(f"  {counted(len(known), 'credential')} loaded; press Ctrl-C to stop")
    for one in registry.left_out:
        lines.append(f"  left out: {one.name}: {one.reason}")
        lines += [f"    hint: {one.hint}"] if one.hint else []
    if registry.left_out:
        lines.append(f"  {_RESTART}")
    if known:
        lines.append(f"next, in another terminal: sfcred doctor --local-org {url}")
    else:
        lines.append("next: press Ctrl-C, follow the hints, and start the local org again")
    return redact("\n".join(lines) + "\n")
