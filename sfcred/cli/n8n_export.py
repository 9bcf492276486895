"""Open the n8n export that a command reads, and point out what is wrong with its place."""

from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.cli.output import warn

if TYPE_CHECKING:
    from sfcred.exchange.exports import Export


def open_export(source: str, project: Path) -> "Export":
    """Read an export, and warn if git would take its files.

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
    return export
