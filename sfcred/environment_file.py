"""Read environment files (`.env`) with python-dotenv's parser."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.errors import ReadError

if TYPE_CHECKING:
    from dotenv.parser import Binding

# Where Docker Compose takes a colon for the sign between name and value (compose-go, dotenv).
_COLON = re.compile(r"\s*(?:export[^\S\r\n]+)?[\w.\[\]-]+[^\S\r\n]*:")
# When the parser looks for a comment after blanks, its time grows with the square of their number.
_MOST_BLANKS = 1000


def bindings(text: str, *, colons: bool = False) -> "Iterator[Binding]":
    """Return the lines of an environment file, including comments and malformed lines.

    Nothing is expanded: `${X}` inside a value stays as it is.

    Args:
        text: The file's text.
        colons: Accept `NAME: value`, as Docker Compose does.

    Raises:
        ReadError: The text has too many blanks in a row, or NUL characters.
    """
    if "\0" in text:  # whatever it states, nothing would be found
        raise ReadError(
            "is not UTF-8 text; PowerShell's > may have written it as UTF-16",
            hint="Save the file as UTF-8.",
        )
    if any(len(run[0]) > _MOST_BLANKS for run in re.finditer(r"[^\S\r\n]+", text)):
        raise ReadError(
            f"has more than {_MOST_BLANKS} blanks in a row", hint="Remove them and try again."
        )
    return _parsed(text, colons=colons)


def _parsed(text: str, *, colons: bool) -> "Iterator[Binding]":
    from dotenv.parser import Reader, parse_binding

    reader = Reader(io.StringIO(text))
    while reader.has_next():
        if colons and (found := _COLON.match(reader.string, reader.position.chars)):
            at = found.end()
            reader.string = f"{reader.string[: at - 1]}={reader.string[at:]}"
        yield parse_binding(reader)
