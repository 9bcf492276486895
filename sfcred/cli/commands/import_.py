"""`sfcred import`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import colours, shared

#: The most that is shown of a name.
_SHOWN = 80

if TYPE_CHECKING:
    from sfcred.exchange.exports import Export
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
def command(source: str, kind: str, output: Path | None, n8n_url: str, n8n_version: str) -> int:
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
    from sfcred.exchange.exports import load_export
    from sfcred.exchange.import_specs import import_credentials
    from sfcred.settings import load_settings, require_inside

    settings = load_settings(Path.cwd())
    if output is None:
        require_inside(settings, "paths")
    folder = output or settings.project / (*settings.paths, "credentials")[0]
    export = load_export(source)
    known = {"url": n8n_url, "version": n8n_version}
    allowed = frozenset(settings.allow_hosts)
    imported = import_credentials(
        export, folder, settings.project, kind, known, allowed, configured=output is None
    )
    _tell(export, imported, source)
    return _examine(settings, imported)


def _tell(export: "Export", imported: "Imported", source: str) -> None:
    from sfcred.printable import one_line
    from sfcred.redact import redact
    from sfcred.shell import for_shell

    lines = [f"wrote {path}" for path in imported.specs]
    lines += [
        f"skipped {_short(name)}: {_short(kind)} is no Salesforce type"
        for name, kind in export.others
    ]
    lines += [f"not read: {_short(entry.name)}: {entry.reason}" for entry in export.not_read]
    if imported.env_file:
        file = imported.env_file
        lines.append(f"secrets: {file}; load it: set -a; . {for_shell(file)}; set +a")
    if source != "-":
        lines.append(f"next: delete {source}: it holds the secrets in plain text")
    shared.emit("".join(f"{one_line(redact(line))}\n" for line in lines))


def _short(name: str) -> str:
    """A name out of the export: it may be of any length."""
    return name if len(name) <= _SHOWN else f"{name[: _SHOWN - 1]}…"


def _examine(settings: "Settings", imported: "Imported") -> int:
    from sfcred.checks.api import Severity
    from sfcred.doctor import Options, examine
    from sfcred.report.api import Look, find_format

    context = shared.make_context(settings, ())
    context = context._replace(environ={**os.environ, **imported.variables})
    report = examine(imported.specs, context, Options(ignore=settings.ignore))
    shared.emit("\n" + find_format("text")(report, Look(colours.style_for())))
    return report.exit_status(Severity.ERROR)
