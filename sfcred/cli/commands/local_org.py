"""`sfcred local-org`."""

from pathlib import Path

import click

from sfcred.cli import options
from sfcred.cli.output import emit, show_findings, warn
from sfcred.errors import UsageError


@click.command(short_help="A stand-in for a Salesforce org, to rehearse on.")
@options.paths_argument
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8787,
    show_default=True,
    help="The port on this machine; 0 takes a free one.",
)
@click.option(
    "--latency",
    type=click.IntRange(0, 60_000),
    default=0,
    metavar="MS",
    help="Wait so many milliseconds before each answer.",
)
@click.option(
    "--refuse",
    metavar="NAME",
    default="",
    help="Refuse logins so; `sfcred local-org --refuse list` shows the names.",
)
@options.profile_option
@click.option("-v", "--verbose", is_flag=True, help="A line for each request: method and path.")
def command(
    paths: tuple[Path, ...],
    port: int,
    latency: int,
    refuse: str,
    profile: str | None,
    verbose: bool,
) -> int:
    """Starts a local org that knows the specs' apps, users and certificates. It is no Salesforce.

    It checks what Salesforce checks in a login, and answers in Salesforce's words; its page lets
    you choose what it refuses. Only this machine can reach it, until Ctrl-C.

    \b
    Examples:
      sfcred local-org
      sfcred doctor --local-org http://127.0.0.1:8787     (in another terminal)
      sfcred local-org --refuse audience-invalid
    """
    from sfcred.local_org.options import ServerOptions
    from sfcred.local_org.registry import register
    from sfcred.local_org.serve import serve, take_port
    from sfcred.salesforce.refusals import find_refusal
    from sfcred.workspace import Workspace
    from sfcred.workspace_errors import Refused

    if refuse == "list":
        return _list()
    if refuse and find_refusal(refuse) is None:
        raise UsageError(f"there is no refusal {refuse}", hint="See --refuse list.")
    credentials, report = Workspace.open(
        *paths, profile=profile, reads_remote_secrets=True, warn=warn
    ).understood()
    if not credentials:
        raise Refused(
            "there is no spec to make an org from", report, hint="Correct the specs first."
        )
    if report.findings:
        show_findings(report)
    registry = register(credentials)
    taken = take_port(registry, port)
    taken.org.refuse(refuse)
    emit(_greeting(taken.org.base_url, registry.left_out, len(registry.registrations)))
    note = (lambda line: emit(f"{line}\n", error=True)) if verbose else (lambda _line: None)
    serve(taken, ServerOptions(latency / 1000, note))
    return 0


def _list() -> int:
    from sfcred.salesforce.refusals import REFUSALS

    for row in REFUSALS:
        usual = row.answers[0]
        if usual.step not in ("network", "n8n"):
            emit(f"{row.name:<26} {usual.error} {usual.description}".rstrip() + "\n")
    return 0


def _greeting(url: str, left_out: tuple[tuple[str, str], ...], number: int) -> str:
    from sfcred.redact import redact

    lines = [f"local org at {url} (no Salesforce: a stand-in to rehearse on)"]
    lines.append(f"  it knows {number} credential{'' if number == 1 else 's'}; Ctrl-C ends it")
    lines += [f"  left out: {name}: {reason}" for name, reason in left_out]
    lines.append(f"next, in another terminal: sfcred doctor --local-org {url}")
    return redact("\n".join(lines) + "\n")
