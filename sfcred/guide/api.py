"""What a guide is, and what a format needs of it."""

from collections.abc import Callable
from typing import NamedTuple

from sfcred.registry import load


class Entry(NamedTuple):
    """A field of a screen and what belongs into it. `literal`: to be pasted as it is."""

    field: str
    value: str
    literal: bool = False


class Step(NamedTuple):
    """Something to do, and the fields to fill in on the way."""

    text: str
    entries: tuple[Entry, ...] = ()


class Section(NamedTuple):
    """Steps in one place, such as Salesforce's Setup."""

    title: str
    steps: tuple[Step, ...]


class Guide(NamedTuple):
    """All of it. `notes` come before the first section."""

    title: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]


#: A format turns a guide into text that ends with a line end.
Format = Callable[[Guide], str]


def find_format(name: str) -> Format:
    """The function of a format.

    Args:
        name: One of `guide.format_names()`.
    """
    function: Format = load("sfcred.guide.formats", name).write
    return function
