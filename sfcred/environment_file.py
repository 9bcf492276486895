"""Read environment files (`.env`) with python-dotenv's parser."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.errors import ReadError

if TYPE_CHECKING:
    from dotenv.parser import Binding

# When the parser looks for a comment after blanks, its time grows with the square of their number.
_MOST_BLANKS = 1000


def bindings(text: str) -> "Iterator[Binding]":
    """Return the lines of an environment file, including comments and malformed lines.

    Nothing is expanded: `${X}` inside a value stays as it is.

    Args:
        text: The file's text.

    Raises:
        ReadError: The text has too many blanks in a row, or NUL characters.
    """
    from dotenv.parser import parse_stream

    if "\0" in text:  # whatever it states, nothing would be found
        raise ReadError(
            "is not UTF-8 text; PowerShell's > may have written it as UTF-16",
            hint="Save the file as UTF-8.",
        )
    if any(len(run[0]) > _MOST_BLANKS for run in re.finditer(r"[^\S\r\n]+", text)):
        raise ReadError(
            f"has more than {_MOST_BLANKS} blanks in a row", hint="Remove them and try again."
        )
    return parse_stream(io.StringIO(text))
