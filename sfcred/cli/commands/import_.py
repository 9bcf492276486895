"""`sfcred import`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import colours
from sfcred.cli.output import emit

if TYPE_CHECKING:
    from sfcred.exchange.adopt import SecretStore
    from sfcred.exchange.import_specs import Imported
    from sfcred.settings import Settings


@click.command("import", short_help="n8n's export becomes specs, with their secrets apart.")
@click.argument("source", metavar="FILE")
@click.option(
    "--secrets",
    "kind",
    type=click.Choice(["env", "file", "dotenv", "keyring"]),
    default="file",
    show_default=True,
    help="Where the secrets go.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The specs' folder.  [default: paths]"
)
@click.option("--n8n-url", metavar="URL", default="", help="The address of the n8n it comes from.")
@click.option("--n8n-version", metavar="VERSION", default="", help="Its version, such as 2.40.5.")
@colours.color_option
def command(
    source: str, kind: "SecretStore", output: Path | None, n8n_url: str, n8n_version: str
) -> int:
    """Writes a spec for each Salesforce credential of an export, and its secrets apart.

    FILE is what `n8n export:credentials --all --decrypted --output=FILE` wrote, the folder of
    --separate or --backup, or - for standard input; encrypted data is read with n8n's key
    (N8N_ENCRYPTION_KEY). Nothing is overwritten. What is wrong with the credentials comes out as
    doctor's findings.

    \b
    Examples:
      sfcred import export.json
      sfcred import export.json --secrets dotenv --n8n-url https://n8n.acme.com
    """
    from sfcred.exchange.adopt import ImportOptions
    from sfcred.exchange.exports import load_export
    from sfcred.exchange.import_specs import import_credentials
    from sfcred.exchange.import_text import imported_text
    from sfcred.settings import load_settings, require_inside

    settings = load_settings(Path.cwd())
    if output is None:
        require_inside(settings, "paths")
    folder = output or settings.project / (*settings.paths, "credentials")[0]
    export = load_export(source)
    options = ImportOptions(kind, n8n_url, n8n_version, frozenset(settings.allow_hosts))
    imported = import_credentials(
        export, folder, settings.project, options, configured=output is None
    )
    emit(imported_text(export, imported, source))
    status = _examine(settings, imported)
    return 4 if status == 0 and export.not_compared else status


def _examine(settings: "Settings", imported: "Imported") -> int:
    from sfcred.findings import Severity
    from sfcred.opening import make_context
    from sfcred.report.api import ReportStyle, find_format
    from sfcred.workspace import Workspace

    context = make_context(settings, reads_remote_secrets=True)
    variables = {name: value.get_secret_value() for name, value in imported.variables.items()}
    context = context._replace(environ={**os.environ, **variables})
    report = Workspace(settings, imported.specs, context).examine()
    emit("\n" + find_format("text")(report, ReportStyle(colours.style_for())))
    return report.exit_status(Severity.ERROR)
