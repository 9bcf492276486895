"""`sfcred schema`."""

import click

from sfcred.cli.output import emit
from sfcred.cli.schemas import NAMES, schema_text


@click.command(short_help="Print the JSON Schema of a file that sfcred reads or writes.")
@click.argument(
    "name",
    type=click.Choice(NAMES),
    default="credential",
)
def command(name: str) -> int:
    """Print a JSON Schema (draft 2020-12). Without a name, print the schema of a spec.

    \b
    Examples:
      sfcred schema > credential.schema.json
      sfcred schema report
    """
    emit(schema_text(name), is_utf8=True)
    return 0
