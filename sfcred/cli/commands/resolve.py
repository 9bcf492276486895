"""`sfcred resolve`."""

from pathlib import Path

import click

from sfcred.cli import colours, options
from sfcred.cli.output import emit, show_findings, warn


@click.command(short_help="Show how each spec resolves, and why.")
@options.paths_argument
@options.format_option("text", "json")
@options.profile_option
@options.allow_host_option
@colours.color_option
def command(
    paths: tuple[Path, ...], format_name: str, profile: str | None, allow_hosts: tuple[str, ...]
) -> int:
    """Show each decision and its reason: flow, authority, URLs, n8n's type, id and callback.

    resolve shows where each secret comes from, but reads none.

    \b
    Examples:
      sfcred resolve
      sfcred resolve acme-crm --profile production --format json
    """
    from sfcred.findings import Severity
    from sfcred.report import resolution
    from sfcred.workspace import Workspace

    workspace = Workspace.open(*paths, profile=profile, allow_hosts=allow_hosts, warn=warn)
    credentials, report = workspace.understood()
    if credentials:
        is_json = format_name == "json"
        if is_json:
            text = resolution.as_json(credentials)
        else:
            text = resolution.as_text(credentials, colours.width_for())
        emit(text, is_utf8=is_json)
    if report.findings:
        show_findings(report)
    return report.exit_status(Severity.ERROR)
