"""`sfcred import`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import colours, options
from sfcred.cli.output import emit, report_style, tell

if TYPE_CHECKING:
    from sfcred.exchange.adopt import SecretStore
    from sfcred.exchange.import_specs import Imported
    from sfcred.settings import Settings


@click.command("import", short_help="Turn an n8n export into specs, keeping secrets separate.")
@click.argument("source", metavar="FILE")
@click.option(
    "--secrets",
    "kind",
    type=click.Choice(["env", "file", "dotenv", "keyring"]),
    default="file",
    show_default=True,
    help="Choose where the secrets go.",
)
@click.option(
    "-o",
    "--output",
    type=options.PATH,
    help="Write the specs to this folder.  [default: the first of `paths`]",
)
@click.option(
    "--n8n-url", metavar="URL", default="", help="Set the address of the n8n that wrote the export."
)
@click.option(
    "--n8n-version",
    metavar="VERSION",
    default="",
    help="Set the version of that n8n, for example 2.40.5.",
)
@colours.color_option
def command(
    source: str, kind: "SecretStore", output: Path | None, n8n_url: str, n8n_version: str
) -> int:
    """Write a spec for each Salesforce credential in an n8n export, and its secrets separately.

    FILE is the output of `n8n export:credentials --all --decrypted --output=FILE`, the folder
    written by --separate or --backup, the archive of export:entities, or - for standard input.
    Encrypted data is decrypted with n8n's key (N8N_ENCRYPTION_KEY). Credentials that have a spec
    are left alone, and existing files are never overwritten. doctor then checks the new specs.

    \b
    Examples:
      sfcred import export.json
      sfcred import export.json --secrets dotenv --n8n-url https://n8n.acme.com
    """
    from sfcred.cli.n8n_export import open_export
    from sfcred.exchange.adopt import ImportOptions
    from sfcred.exchange.choose import known_specs
    from sfcred.exchange.import_specs import import_credentials
    from sfcred.exchange.import_text import imported_text
    from sfcred.init.answers import normalized
    from sfcred.init.layout import spec_folder
    from sfcred.paths import join_local
    from sfcred.settings import load_settings, require_inside

    settings = load_settings(Path.cwd())
    if output is None:
        require_inside(settings, "paths")
    folder = output or spec_folder(settings.project, settings.paths)
    export = open_export(source, settings.project)
    paths = () if output else settings.paths
    places = [folder, *(join_local(settings.project, path) for path in paths)]
    imported = import_credentials(
        export,
        folder,
        settings.project,
        ImportOptions(kind, normalized("n8n_url", n8n_url), n8n_version),
        lambda imported: tell(imported_text(export, imported, source)),
        known=lambda: known_specs(places, settings),
        configured=output is None,
    )
    status = _examine(settings, imported) if imported.specs else 0
    return 4 if status == 0 and (export.not_read or imported.choice.left_out) else status


def _examine(settings: "Settings", imported: "Imported") -> int:
    from sfcred.findings import Severity
    from sfcred.report.api import find_format
    from sfcred.workspace import Workspace
    from sfcred.workspace.opening import make_context

    context = make_context(settings, reads_remote_secrets=True)
    variables = {name: value.get_secret_value() for name, value in imported.variables.items()}
    context = context._replace(environ={**os.environ, **variables})
    report = Workspace(settings, imported.specs, context).examine()
    emit("\n" + find_format("text")(report, report_style()))
    return report.exit_status(Severity(settings.fail_on))
