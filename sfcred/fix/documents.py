"""Parse the texts of spec files with doctor's own reader."""

from pathlib import Path

from sfcred.spec.reader import parse_text
from sfcred.spec.source import Source


def source_of(text: str) -> Source:
    """Parse a file's text (without a byte order mark) as doctor does."""
    return parse_text(text, Path(), "")


def data_of(text: str) -> list[object] | None:
    """Return the data of a text's documents; None if doctor can't read all of it."""
    return source_data(source_of(text))


def source_data(source: Source) -> list[object] | None:
    """Return the data of a source's documents; None if not all of it could be read."""
    return None if source.faults else [node.data() for node in source.documents]
