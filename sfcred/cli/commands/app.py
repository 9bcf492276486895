"""`sfcred app`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import colours, options
from sfcred.cli.output import deliver_report, report_style, tell, warn
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.workspace import Workspace


@click.command(short_help="Write the app's Salesforce metadata for deployment.")
@options.paths_argument
@click.option("-o", "--output", type=options.PATH, help="Write the source to this folder.")
@click.option(
    "--check",
    "retrieved",
    type=options.PATH,
    metavar="DIR",
    help="Instead, compare the specs with the metadata that you retrieved to DIR.",
)
@click.option(
    "--over",
    type=options.PATH,
    metavar="DIR",
    help="Start from the metadata that you retrieved to DIR, and change only what specs state.",
)
@options.format_option("text", "json", help_text="Choose the report format of --check.")
@options.profile_option
@click.option("--no-check", is_flag=True, help="Write despite errors in specs.")
@click.option(
    "--force", is_flag=True, help="Overwrite files, and write even where git doesn't ignore them."
)
@colours.color_option
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    retrieved: Path | None,
    over: Path | None,
    format_name: str,
    profile: str | None,
    no_check: bool,
    force: bool,
) -> int:
    """Write each credential's app as Salesforce source, for `sf project deploy start`.

    The app is an External Client App or a Connected App. Each credential gets its own folder, with
    a project file and a manifest. Specs with errors are refused (see `sfcred doctor`).

    \b
    Examples:
      sfcred app -o salesforce
      sfcred app acme-crm --profile production -o salesforce
      sfcred app --over salesforce/acme-crm -o salesforce/changed
      sfcred app --check salesforce/acme-crm
    """
    from sfcred.workspace import Workspace

    if retrieved is not None and (output is not None or over is not None):
        raise UsageError("--check only compares", hint="Leave out -o and --over.")

    workspace = Workspace.open(*paths, profile=profile, reads_remote_secrets=False, warn=warn)
    if retrieved is not None:
        return _compare(workspace, retrieved, format_name)
    if output is None or str(output) == "-":
        what = "app writes several files" if output else "app needs a folder to write to"
        raise UsageError(what, hint="Pass a folder, for example `sfcred app -o salesforce`.")
    return _write(workspace, output, over, check=not no_check, force=force)


def _compare(workspace: "Workspace", retrieved: Path, format_name: str) -> int:
    from sfcred.app.retrieved import read_source
    from sfcred.checks import all_checks
    from sfcred.findings import Severity

    checks = tuple(check.id for check in all_checks(("app",)))
    report = workspace.examine(select=checks, app=read_source(retrieved))
    deliver_report(report, format_name, report_style(), None)
    return report.exit_status(Severity(workspace.settings.fail_on))


def _write(
    workspace: "Workspace", output: Path, over: Path | None, *, check: bool, force: bool
) -> int:
    from sfcred.app.over import app_over
    from sfcred.app.retrieved import read_source
    from sfcred.app.shared import overwriting
    from sfcred.app.source import advice, new_app, nobody_warning, source_of, write_source
    from sfcred.files.writing import WriteScope

    credentials = workspace.require_sound(check=check)
    org = None if over is None else read_source(over)
    apps = [new_app(one) if org is None else app_over(one, org) for one in credentials]
    for app in apps:
        if app.settings.has_nobody:
            warn(nobody_warning(app))
    for text in overwriting(credentials):
        warn(text)
    source = [file for app in apps for file in source_of(app)]
    write_source(source, output, WriteScope(workspace.context.project), force=force)
    tell(advice(apps, output))
    return 4 if any(app.is_partial for app in apps) else 0
