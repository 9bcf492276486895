"""`sfcred app`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import colours, shared
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.resolve.context import Context


@click.command(short_help="The Salesforce side, as source to deploy.")
@shared.paths_argument
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
@shared.profile_option
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
    settings, files = shared.set_scene(paths)
    context = shared.make_context(settings, (), asks_stores=False)
    if retrieved is not None:
        return _compare(files, context, retrieved, profile, format_name)
    if output is None:
        raise UsageError("app writes a folder of files", hint="Name it: -o DIR.")
    return _write(files, context, output, profile, check=not no_check, force=force)


def _compare(
    files: list[Path], context: "Context", retrieved: Path, profile: str | None, format_name: str
) -> int:
    from sfcred.app.source import read_source
    from sfcred.checks.api import Severity
    from sfcred.doctor import AppFiles, Options, examine
    from sfcred.report.api import Look

    app = AppFiles(read_source(retrieved), str(retrieved))
    report = examine(files, context, Options(select=("SFC7",), profile=profile, app=app))
    shared.require_results(report, profile)
    shared.deliver_report(report, format_name, Look(colours.style_for()), None)
    return report.exit_status(Severity.ERROR)


def _write(
    files: list[Path],
    context: "Context",
    output: Path,
    profile: str | None,
    *,
    check: bool,
    force: bool,
) -> int:
    from sfcred.app.source import advice, source_of, write_source
    from sfcred.doctor import Options, examine
    from sfcred.files import WriteScope
    from sfcred.report.api import Look, find_format
    from sfcred.resolve.credential import Credential

    found: list[Credential] = []
    report = examine(files, context, Options(profile=profile), found.append)
    shared.require_results(report, profile)
    if not found or (check and any(f.severity.value == "error" for f in report.findings)):
        look = Look(colours.style_for(error=True))
        shared.emit(find_format("text")(report, look), error=True)
        shared.emit("nothing was written: correct the errors first\n", error=True)
        return 1
    source = [file for credential in found for file in source_of(credential)]
    write_source(source, output, WriteScope(context.project), force=force)
    shared.emit(advice(found, output))
    return 0
