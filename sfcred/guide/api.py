"""The interface for guide formats. To add a format, write one file in `formats/`.

The file's name is the format's name. The file needs a function `write` of type Format: it takes the
guide and the width to wrap at, and returns the text. The guide decides what to do; the format only
decides how that looks. A guide's values are not escaped, so escape them as the format requires.
"""

from collections.abc import Callable
from typing import NamedTuple

from sfcred.registry import load


class GuideField(NamedTuple):
    """A field of a screen.

    Attributes:
        label: The field's name on the screen.
        value: What to enter; one line per value.
        literal: Paste the value exactly as it is.
    """

    label: str
    value: str
    literal: bool = False


class GuideStep(NamedTuple):
    """Something to do, and the fields to fill in on the way."""

    text: str
    fields: tuple[GuideField, ...] = ()


class GuideSection(NamedTuple):
    """The steps in one place, such as Salesforce's Setup."""

    title: str
    steps: tuple[GuideStep, ...]


class Guide(NamedTuple):
    """The guide for a credential. `notes` come before the first section."""

    title: str
    notes: tuple[str, ...]
    sections: tuple[GuideSection, ...]


#: Turns a guide into text that ends with a newline. The width is that of the terminal; None without
#: one, and then nothing is wrapped.
Format = Callable[[Guide, int | None], str]


def find_format(name: str) -> Format:
    """Return a format's function.

    Args:
        name: One of `guide.format_names()`.
    """
    function: Format = load("sfcred.guide.formats", name).write
    return function
