"""`sfcred app`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import colours, options
from sfcred.cli.output import deliver_report, emit, warn
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.workspace import Workspace


@click.command(short_help="The Salesforce side, as source to deploy.")
@options.paths_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The folder to write the source to."
)
@click.option(
    "--check",
    "retrieved",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Compare metadata that was retrieved to DIR with the specs instead.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How --check reports.",
)
@options.profile_option
@click.option("--no-check", is_flag=True, help="Write in spite of errors, knowingly.")
@click.option("--force", is_flag=True, help="Overwrite, and write where git does not ignore it.")
@colours.color_option
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    retrieved: Path | None,
    format_name: str,
    profile: str | None,
    no_check: bool,
    force: bool,
) -> int:
    """Writes each credential's app as Salesforce source: External Client App or Connected App.

    One folder a credential, with a project file and a manifest, for `sf project deploy start`.
    What has errors is refused (see doctor).

    \b
    Examples:
      sfcred app -o salesforce
      sfcred app credentials/acme.yaml --profile production -o salesforce
      sfcred app --check salesforce/acme-crm
    """
    from sfcred.workspace import Workspace

    workspace = Workspace.open(*paths, profile=profile, reads_remote_secrets=False, warn=warn)
    if retrieved is not None:
        return _compare(workspace, retrieved, format_name)
    if output is None:
        raise UsageError("app writes a folder of files", hint="Name it: -o DIR.")
    return _write(workspace, output, check=not no_check, force=force)


def _compare(workspace: "Workspace", retrieved: Path, format_name: str) -> int:
    from sfcred.app.source import read_source
    from sfcred.checks import all_checks
    from sfcred.doctor import AppFiles
    from sfcred.findings import Severity
    from sfcred.report.api import ReportStyle

    app = AppFiles(read_source(retrieved), str(retrieved))
    report = workspace.examine(select=tuple(check.id for check in all_checks(("app",))), app=app)
    deliver_report(report, format_name, ReportStyle(colours.style_for()), None)
    return report.exit_status(Severity.ERROR)


def _write(workspace: "Workspace", output: Path, *, check: bool, force: bool) -> int:
    from sfcred.app.source import advice, source_of, write_source
    from sfcred.files import WriteScope

    credentials = workspace.require_sound(check=check)
    source = [file for credential in credentials for file in source_of(credential)]
    write_source(source, output, WriteScope(workspace.context.project), force=force)
    emit(advice(credentials, output))
    return 0
