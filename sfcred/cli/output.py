"""Print reports, or write them to files."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.cli import streams
from sfcred.cli.colours import style_for, width_for
from sfcred.text.printable import guarded, one_line

if TYPE_CHECKING:
    from sfcred.findings import Report
    from sfcred.report.api import ReportStyle

#: Every command prints with this.
emit = streams.emit


def tell(text: str, *, error: bool = False) -> None:
    """Print lines for a person, wrapped to the terminal's width; unchanged if there is none.

    Args:
        text: The lines, each ending with a newline.
        error: Print to standard error.
    """
    from sfcred.text.wrapping import wrapped_text

    emit(wrapped_text(text, width_for(error=error)), error=error)


def warn(text: str) -> None:
    """Print a warning to standard error, masked and on one line, whatever it repeats."""
    from sfcred.text.redact import redact
    from sfcred.text.wrapping import wrapped

    told = wrapped(one_line(redact(text)), width_for(error=True), "warning: ", 2)
    emit(f"{told}\n", error=True)


def deliver(
    text: str,
    output: Path | None,
    *,
    is_utf8: bool = False,
    is_own: Callable[[str], bool] | None = None,
    line_end: str = "\n",
    quiet: bool = False,
) -> None:
    """Print a report or write it to a file, with nothing in it that acts as a command.

    Args:
        text: The report.
        output: The file; None to print.
        is_utf8: As for emit. A file is always UTF-8.
        is_own: As for emit.
        line_end: As for emit.
        quiet: Don't say that the file is written.

    Raises:
        WriteRefused: The file exists and is certainly not a report, or it can't be replaced.
        WriteError: It can't be written.
    """
    if output is None:
        emit(text, is_utf8=is_utf8, is_own=is_own, line_end=line_end)
        return
    from sfcred.cli.report_files import refuse_no_report
    from sfcred.files.writing import write_safely

    refuse_no_report(output)
    content = guarded(text, is_own).replace("\n", line_end)
    write_safely(output, content, force=True, secret=False)
    if not quiet:
        tell(f"wrote {one_line(str(output))}\n", error=True)


def deliver_report(report: "Report", name: str, look: "ReportStyle", output: Path | None) -> None:
    """Print a report in a format, or write it to a file."""
    from sfcred.report.api import find_format, is_utf8, line_end, own_commands

    deliver(
        find_format(name)(report, look),
        output,
        is_utf8=is_utf8(name),
        is_own=own_commands(name),
        line_end=line_end(name),
        quiet=look.quiet,
    )


def report_style(*, error: bool = False) -> "ReportStyle":
    """Return the appearance of what is printed: its colours, and the width to wrap it at.

    Args:
        error: Whether it goes to standard error.
    """
    from sfcred.report.api import ReportStyle

    return ReportStyle(style_for(error=error), width=width_for(error=error))


def show_findings(report: "Report") -> None:
    """Print to standard error why a command can't use some specs."""
    from sfcred.report.api import find_format

    emit(find_format("text")(report, report_style(error=True)), error=True)
