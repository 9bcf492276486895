"""Wrap text for a terminal without breaking the commands, URLs and paths in it."""

import re
from itertools import count
from textwrap import fill

_WIDEST = 96
# The narrowest text that is worth wrapping.
_NARROWEST = 40
# A space that isn't a place to wrap: a character that no text of sfcred contains.
_SPACE = "\x00"
# Colors and other styles. They take no space on the screen.
_STYLE, _RESET = re.compile(r"((?:\x1b\[[0-9;]*m)+)"), "\x1b[0m"


def terminal_width() -> int:
    """Return the width to wrap at: the terminal's, if it isn't too wide or too narrow to read."""
    from shutil import get_terminal_size

    return max(_NARROWEST, min(_WIDEST, get_terminal_size((_WIDEST, 24)).columns))


def wrapped(text: str, width: int | None, head: str = "", indent: int | None = None) -> str:
    """Return a text with line breaks. What is in backticks stays whole, so that you can copy it.

    Args:
        text: The text, on one line. It can have styles, each from one word to another.
        width: The number of columns; None for no line breaks. A command or URL that is longer
            sticks out.
        head: What the first line starts with, without styles.
        indent: The indentation of the other lines; None for as much as the head's length.
    """
    if width is None:
        return head + text
    pieces = _STYLE.split(text)
    whole = re.sub(r"`[^`]*`", lambda code: code[0].replace(" ", _SPACE), "".join(pieces[::2]))
    filled = fill(
        whole, width, initial_indent=head,
        subsequent_indent=" " * (len(head) if indent is None else indent),
        break_long_words=False, break_on_hyphens=False,
    ).replace(_SPACE, " ")  # fmt: skip
    return head + _styled(filled.removeprefix(head), pieces) if len(pieces) > 1 else filled


def wrapped_lines(text: str, width: int | None, head: str) -> str:
    """Return a text of several lines with line breaks, all of them aligned after the head.

    Args:
        text: The text.
        width: The number of columns; None for no more line breaks.
        head: What the first line starts with.
    """
    first, *others = text.split("\n")
    return "\n".join([
        wrapped(first, width, head), *(wrapped(line, width, " " * len(head)) for line in others)
    ])  # fmt: skip


def _styled(text: str, pieces: list[str]) -> str:
    """Put styles back where they were: wrapping changes only the spaces between the words.

    Args:
        text: The wrapped text, without its head.
        pieces: The text before it was wrapped, in turn with its styles.
    """
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    signs = 0
    for plain, style in zip(pieces[::2], pieces[1::2], strict=False):
        signs += len("".join(plain.split()))
        (after if style.endswith(_RESET) else before)[signs] = style
    number = count(1)

    def put(sign: re.Match[str]) -> str:
        at = next(number)
        return before.get(at - 1, "") + sign[0] + after.get(at, "")

    return re.sub(r"\S", put, text)
