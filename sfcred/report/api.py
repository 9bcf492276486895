"""What every report format shares."""

from collections.abc import Callable
from typing import NamedTuple

from sfcred.doctor import Report
from sfcred.registry import load


class Look(NamedTuple):
    """How a report may look.

    Attributes:
        style: Puts a text into a style's colours: error, warning, info, ok, dim or bold.
        verbose: Everything, not only what needs attention.
        quiet: Nothing but findings.
    """

    style: Callable[[str, str], str] = lambda text, _style: text
    verbose: bool = False
    quiet: bool = False


#: A format turns a report into text that ends with a line end.
Format = Callable[[Report, Look], str]


def find_format(name: str) -> Format:
    """The function of a format.

    Args:
        name: One of `report.format_names()`.
    """
    function: Format = load("sfcred.report.formats", name).report
    return function


def wants_details(name: str) -> bool:
    """Whether a format shows what was decided about each credential (its DETAILS)."""
    return bool(getattr(load("sfcred.report.formats", name), "DETAILS", False))


def is_utf8(name: str) -> bool:
    """Whether a format is for programs: UTF-8, whatever the console has (its UTF8)."""
    return bool(getattr(load("sfcred.report.formats", name), "UTF8", False))


def own_commands(name: str) -> Callable[[str], bool] | None:
    """What tells a format's own commands to a CI runner from its texts (its is_own), if any."""
    found: Callable[[str], bool] | None = getattr(
        load("sfcred.report.formats", name), "is_own", None
    )
    return found
