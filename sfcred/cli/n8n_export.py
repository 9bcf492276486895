"""Open the n8n export that a command reads, and point out what is wrong with its place."""

from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.cli.output import warn

if TYPE_CHECKING:
    from sfcred.exchange.exports import Export

_EMPTY = (
    "the export is an empty list, which n8n itself never writes: without credentials, its command "
    'fails ("No credentials found with specified filters"). Check that the command that made the '
    "export uses the server's database"
)


def open_export(source: str, project: Path) -> "Export":
    """Read an export, and warn if git would take its files, or if it is empty.

    Args:
        source: The export from the command line.
        project: The project's root.

    Raises:
        UsageError: It is not an export.
    """
    from sfcred.exchange.exports import load_export, why_exposed

    export = load_export(source)
    if reason := why_exposed(export, project):
        warn(reason)
    if not (export.salesforce or export.others or export.not_read):
        warn(_EMPTY)
    return export
