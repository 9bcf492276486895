"""The interface for guide formats. To add a format, write one file in `formats/`.

The file's name is the format's. The file needs a function `write`, which is a Format: it gets the
guide and returns the text. It decides nothing: what to do is in the guide, and how it looks is the
format's. The values in a guide are shown as they are, so escape them as the format demands.
"""

from collections.abc import Callable
from typing import NamedTuple

from sfcred.registry import load


class GuideField(NamedTuple):
    """A field of a screen.

    Attributes:
        label: The field's name on the screen.
        value: What to enter; several lines for several values.
        literal: The value is to be pasted as it is.
    """

    label: str
    value: str
    literal: bool = False


class GuideStep(NamedTuple):
    """Something to do, and the fields to fill in on the way."""

    text: str
    fields: tuple[GuideField, ...] = ()


class Section(NamedTuple):
    """Steps in one place, such as Salesforce's Setup."""

    title: str
    steps: tuple[GuideStep, ...]


class Guide(NamedTuple):
    """A credential's guide. `notes` come before the first section."""

    title: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]


#: A format turns a guide into text that ends with a line end.
Format = Callable[[Guide], str]


def find_format(name: str) -> Format:
    """Return the function of a format.

    Args:
        name: One of `guide.format_names()`.
    """
    function: Format = load("sfcred.guide.formats", name).write
    return function
