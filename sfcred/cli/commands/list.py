"""`sfcred list`."""

import sys
from pathlib import Path

import click

from sfcred.cli import colours, options
from sfcred.cli.output import emit, show_findings, warn
from sfcred.text.shell import for_shell, with_profile


@click.command(short_help="List the credentials at a glance.")
@options.paths_argument
@options.format_option("text", "json", help_text="Choose the output format.")
@options.profile_option
@options.allow_host_option
@colours.color_option
def command(
    paths: tuple[Path, ...], format_name: str, profile: str | None, allow_hosts: tuple[str, ...]
) -> int:
    """Show each credential's flow, environment, org, n8n, certificate's expiry date and status.

    The status is that of doctor's offline checks: the severity of the worst finding, ok, or unknown
    if something could not be read. list sends nothing. The exit status is 1 if a spec can't be
    understood, and 4 if something else could not be read.

    \b
    Examples:
      sfcred list
      sfcred list --profile production
      sfcred list --format json
    """
    from sfcred.findings import Severity
    from sfcred.report import overview
    from sfcred.workspace import Workspace

    workspace = Workspace.open(
        *paths,
        profile=profile,
        allow_hosts=allow_hosts,
        reads_remote_secrets=False,  # whatever a configuration requires
        warn=warn,
    )
    credentials, faults = workspace.understood()
    report = workspace.examine(warn=warn)
    found = overview.rows(credentials, report)
    if format_name == "json":
        emit(overview.as_json(found), is_utf8=True)
    else:
        doctor = with_profile(" ".join(("sfcred doctor", *map(for_shell, paths))), profile)
        emit(overview.as_text(found, colours.style_for(), _width(), doctor))
    shown = faults._replace(crashes=report.crashes)
    if shown.findings or shown.crashes:
        show_findings(shown._replace(results=()))
    return shown.exit_status(Severity.ERROR) or (4 if report.unreadable else 0)


def _width() -> int | None:
    """Return the terminal's whole width, which a table may need; None without a terminal."""
    from shutil import get_terminal_size

    return max(40, get_terminal_size().columns) if sys.stdout.isatty() else None
