"""A file's text as its documents' data."""

from pathlib import Path

from sfcred.spec.source import Source, parse_text


def source_of(text: str) -> Source:
    """Read a file's text, as doctor does."""
    return parse_text(text, Path(), "")


def data_of(text: str) -> list[object] | None:
    """The data of a text's documents; None where doctor couldn't read it whole."""
    source = source_of(text)
    return None if source.faults else [node.data() for node in source.documents]
