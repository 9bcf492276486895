"""Wrap text for a terminal without breaking the commands, URLs and paths in it."""

import re
from itertools import count
from textwrap import fill

_WIDEST = 96
# The narrowest text that is worth wrapping.
_NARROWEST = 40
# A space and a hyphen that aren't places to wrap: characters that no text of sfcred contains.
_SPACE, _HYPHEN = "\x00", "\x01"
# A command in a sentence, with its options. Only backticks tell where one with a name ends.
_COMMAND = (
    r"(?:\bsfcred [a-z][a-z-]*|\bn8n (?:im|ex)port:[a-z]+)"
    r"(?: --?[a-z][\w-]*(?: (?:[A-Z]{2,}\w*|https?://\S+))?)*"
)
_WHOLE = re.compile(f"`[^`]*`|{_COMMAND}")
# What a line can start with: its number, a label, or a word in a column. More lines align after it.
_HEAD = r" *(?:\d+\. +|(?:hint|next|note|then|warning): +|[a-z_]+ {2,})?"
#: sfcred's commands: a sentence can start with `sfcred reads`.
OWN_COMMANDS = (
    "app", "completion", "diff", "doctor", "explain", "guide", "help", "import", "init", "keygen",
    "list", "local-org", "login", "needs", "push", "render", "resolve", "schema",
)  # fmt: skip
_PROGRAM = (
    rf"(?:sfcred (?:{'|'.join(OWN_COMMANDS)})|n8n (?:im|ex)port:[a-z]+|docker exec|sf project"
    r"|git [a-z]+|openssl [a-z0-9]+|cd|cp|mkdir|mv|rm|Copy-Item|export [A-Z0-9_]+=\S+"
    r"|\$env:[A-Z0-9_]+ =|(?:& )?\S+[\\/]python[\w.]*'? -\S+)"
)
# A line that consists of a command, perhaps with an explanation after two spaces. What ends like a
# sentence, or follows a label such as `note:`, is none.
_COMMAND_LINE = re.compile(
    rf"(?P<command> *(?:\d+\. +|(?:next|then): +)?{_PROGRAM}(?: \S+)*(?:(?<![.,:;!?])|(?<= \.)))"
    r"(?: {2,}(?P<what>.*))?"
)
# Colors and other styles. They take no space on the screen.
_STYLE, _RESET = re.compile(r"((?:\x1b\[[0-9;]*m)+)"), "\x1b[0m"


def terminal_width() -> int:
    """Return the columns to wrap at: the terminal's, if it isn't too wide or too narrow to read."""
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
    filled = broken(fill(
        unbroken("".join(pieces[::2])), width, initial_indent=head,
        subsequent_indent=" " * (len(head) if indent is None else indent),
        break_long_words=False, break_on_hyphens=False,
    ))  # fmt: skip
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


def wrapped_text(text: str, width: int | None) -> str:
    """Return lines with line breaks, each aligned after its number or label.

    A command on its own line stays whole, so that you can copy it. An explanation goes below.

    Args:
        text: The lines. They can have styles.
        width: The number of columns; None for no more line breaks.
    """
    if width is None:
        return text
    return "\n".join(_wrapped_line(line, width) for line in text.split("\n"))


def _wrapped_line(line: str, width: int) -> str:
    plain = _STYLE.sub("", line)
    if len(plain) <= width:
        return line
    rest = re.sub(_HEAD, "", line, count=1)
    head = line.removesuffix(rest)
    if found := _COMMAND_LINE.fullmatch(line):
        below = wrapped(found["what"] or "", width, " " * len(head)).rstrip()
        return found["command"] + (f"\n{below}" if below else "")
    indent = len(plain) - len(re.sub(_HEAD, "", plain, count=1))
    return wrapped(rest, width, head, indent)


def unbroken(text: str, longest: int | None = None) -> str:
    """Return the text with marks where wrapping mustn't break: in commands, and at hyphens.

    Args:
        text: The text.
        longest: The characters up to which a command is kept whole; None for any number.
    """

    def whole(code: re.Match[str]) -> str:
        fits = longest is None or len(code[0]) <= longest
        return code[0].replace(" ", _SPACE) if fits else code[0]

    return _WHOLE.sub(whole, text).replace("-", _HYPHEN)


def broken(text: str) -> str:
    """Return a text without the marks of `unbroken`."""
    return text.replace(_SPACE, " ").replace(_HYPHEN, "-")


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
        signs += len("".join(broken(plain).split()))
        (after if style.endswith(_RESET) else before)[signs] = style
    number = count(1)

    def put(sign: re.Match[str]) -> str:
        at = next(number)
        return before.get(at - 1, "") + sign[0] + after.get(at, "")

    return re.sub(r"\S", put, text)
