"""`sfcred schema`."""

import click

from sfcred.cli import shared


@click.command(short_help="The JSON Schemas of the files that sfcred reads and writes.")
@click.argument(
    "name", type=click.Choice(["credential", "n8n", "report", "settings"]), default="credential"
)
def command(name: str) -> int:
    """Prints a JSON Schema (draft 2020-12); without a NAME, that of a spec.

    \b
    Examples:
      sfcred schema > credential.schema.json
      sfcred schema report
    """
    from sfcred.cli.schemas import schema_text

    shared.emit(schema_text(name), is_utf8=True)
    return 0
