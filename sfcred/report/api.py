"""The interface for report formats. To add a format, write one file in `formats/`.

The file's name is the format's name. The file needs a function `report` of type Format: it takes
doctor's report and a ReportStyle, and returns the text. It reads no files and prints nothing. The
file can also define:

- `DETAILS = True`: results include what was decided about each credential;
- `UTF8 = True`: the format is for programs and always UTF-8, whatever the console's encoding;
- `LINE_END`: what ends each line, if the format requires something else than a line feed;
- `is_own`: a function that recognizes the format's own commands to a CI runner. Without it, no line
  can become a command.

Findings and reasons are already masked. Escape them as the format requires.
"""

from collections.abc import Callable
from typing import NamedTuple

from sfcred.findings import Report
from sfcred.registry import load


class ReportStyle(NamedTuple):
    """The appearance of a report.

    Attributes:
        style: Colours a text in one of these styles: error, warning, info, ok, dim or bold.
        verbose: Show everything, not only what needs attention.
        quiet: Show only findings, and what could not be read, reached or compared.
        width: The width to wrap text at; None for no line breaks, as in a file.
    """

    style: Callable[[str, str], str] = lambda text, _style: text
    verbose: bool = False
    quiet: bool = False
    width: int | None = None


#: What a file's suffix tells about the format that it is to have. Other formats share a suffix.
SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".ics": "ics",
    ".prom": "openmetrics",
}

#: Turns a report into text that ends with a newline.
Format = Callable[[Report, ReportStyle], str]


def find_format(name: str) -> Format:
    """Return a format's function.

    Args:
        name: One of `report.format_names()`.
    """
    function: Format = load("sfcred.report.formats", name).report
    return function


def wants_details(name: str) -> bool:
    """Return whether a format shows what was decided about each credential (its DETAILS)."""
    return bool(getattr(load("sfcred.report.formats", name), "DETAILS", False))


def is_utf8(name: str) -> bool:
    """Return whether a format is always UTF-8, whatever the console's encoding (its UTF8)."""
    return bool(getattr(load("sfcred.report.formats", name), "UTF8", False))


def line_end(name: str) -> str:
    """Return what ends each line of a format (its LINE_END)."""
    return str(getattr(load("sfcred.report.formats", name), "LINE_END", "\n"))


def own_commands(name: str) -> Callable[[str], bool] | None:
    """Return the function that recognizes a format's own CI commands (its is_own), if any."""
    found: Callable[[str], bool] | None = getattr(
        load("sfcred.report.formats", name), "is_own", None
    )
    return found
