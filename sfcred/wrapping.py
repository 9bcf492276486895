"""Wrap text for a terminal without breaking the commands, URLs and paths in it."""

import re
from shutil import get_terminal_size
from textwrap import fill

_WIDEST = 96
# A space that isn't a place to wrap: a character that no text of sfcred contains.
_SPACE = "\x00"


def terminal_width() -> int:
    """Return the width to wrap at: the terminal's, if it isn't too wide to read."""
    return min(_WIDEST, get_terminal_size((_WIDEST, 24)).columns)


def wrapped(text: str, width: int, head: str = "") -> str:
    """Return a text with line breaks. What is in backticks stays whole, so that you can copy it.

    Args:
        text: The text, on one line.
        width: The number of columns. A command or URL that is longer sticks out.
        head: What the first line starts with. The others are indented by as much.
    """
    whole = re.sub(r"`[^`]*`", lambda code: code[0].replace(" ", _SPACE), text)
    return fill(
        whole, width, initial_indent=head, subsequent_indent=" " * len(head),
        break_long_words=False, break_on_hyphens=False,
    ).replace(_SPACE, " ")  # fmt: skip
