"""Print reports, or write them to files."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.cli import streams
from sfcred.cli.colours import style_for, width_for
from sfcred.errors import WriteRefused
from sfcred.paths import is_there
from sfcred.printable import guarded, one_line

if TYPE_CHECKING:
    from sfcred.findings import Report
    from sfcred.report.api import ReportStyle

# No report format has such a file name. Specs, configurations, keys and certificates do.
_NO_REPORTS = frozenset({".yaml", ".yml", ".toml", ".pem", ".key", ".crt", ".cer", ".env"})
_APART = frozenset({".git", ".sfcred"})

#: Every command prints with this.
emit = streams.emit


def warn(text: str) -> None:
    """Print a warning to standard error, masked and on one line, whatever it repeats."""
    from sfcred.redact import redact
    from sfcred.wrapping import wrapped

    told = wrapped(one_line(redact(text)), width_for(error=True), "warning: ", 2)
    emit(f"{told}\n", error=True)


def deliver(
    text: str,
    output: Path | None,
    *,
    is_utf8: bool = False,
    is_own: Callable[[str], bool] | None = None,
    line_end: str = "\n",
) -> None:
    """Print a report or write it to a file, with nothing in it that acts as a command.

    Args:
        text: The report.
        output: The file; None to print.
        is_utf8: As for emit. A file is always UTF-8.
        is_own: As for emit.
        line_end: As for emit.

    Raises:
        WriteRefused: The file exists and is certainly not a report, or it can't be replaced.
        WriteError: It can't be written.
    """
    if output is None:
        emit(text, is_utf8=is_utf8, is_own=is_own, line_end=line_end)
        return
    from sfcred.files import write_safely

    _refuse_no_report(output)
    content = guarded(text, is_own).replace("\n", line_end)
    write_safely(output, content, force=True, secret=False)


def _refuse_no_report(path: Path) -> None:
    """Refuse to replace a file that isn't a report, as with a mistyped `-o credentials/a.yaml`.

    The next report replaces the last one without asking: CI jobs and hooks rely on it.
    """
    lies_apart = not _APART.isdisjoint(part.lower() for part in path.absolute().parts)
    if lies_apart or (path.suffix.lower() in _NO_REPORTS and is_there(path)):
        raise WriteRefused(
            f"{path}: doesn't look like a report, so it isn't replaced",
            hint="Name another file. A report is usually .txt, .md, .json, .sarif, .xml, .html, "
            ".prom or .ics.",
        )


def deliver_report(report: "Report", name: str, look: "ReportStyle", output: Path | None) -> None:
    """Print a report in a format, or write it to a file."""
    from sfcred.report.api import find_format, is_utf8, line_end, own_commands

    deliver(
        find_format(name)(report, look),
        output,
        is_utf8=is_utf8(name),
        is_own=own_commands(name),
        line_end=line_end(name),
    )


def show_findings(report: "Report") -> None:
    """Print to standard error why a command can't use some specs."""
    from sfcred.report.api import ReportStyle, find_format

    look = ReportStyle(style_for(error=True), width=width_for(error=True))
    emit(find_format("text")(report, look), error=True)
