"""Decide whether output is coloured, and with which colours."""

import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

import click

_COLOR = "sfcred.color"


def _set_color(context: click.Context, _parameter: click.Parameter, when: str) -> None:
    # The last --color wins. A command's default doesn't override an option before the command.
    if when != "auto" or context.parent is None:
        context.find_root().meta[_COLOR] = when


color_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    expose_value=False,
    is_eager=True,
    callback=_set_color,
    help="Color the output; auto: on a terminal, unless NO_COLOR is set.  [default: auto]",
)
#: How doctor styles each word of its reports; for click.style.
COLOURS = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "info": {"fg": "cyan"},
    "ok": {"fg": "green"},
    "dim": {"dim": True},
    "bold": {"bold": True},
}


def style_for(*, error: bool = False) -> Callable[[str, str], str]:
    """Return a function that styles a text, or returns it unchanged where colours are off.

    --color decides, then NO_COLOR and FORCE_COLOR, then whether the stream is a terminal.

    Args:
        error: Whether the text goes to standard error.
    """
    context = click.get_current_context(silent=True)
    when = context.find_root().meta.get(_COLOR, "auto") if context else "auto"
    if when == "never" or (
        when == "auto" and not _is_colourful(sys.stderr if error else sys.stdout)
    ):
        return lambda text, _style: text
    return lambda text, style: click.style(text, **COLOURS.get(style, {}))  # type: ignore[arg-type]  # keywords from a table


def width_for(*, error: bool = False) -> int | None:
    """Return the columns to wrap text at; None if the text doesn't go to a terminal.

    Args:
        error: Whether the text goes to standard error.
    """
    from sfcred.text.wrapping import terminal_width

    return terminal_width() if (sys.stderr if error else sys.stdout).isatty() else None


def _is_colourful(stream: TextIO) -> bool:
    """Return whether the environment asks for colours (no-color.org, force-color.org)."""
    wanted = bool(os.environ.get("FORCE_COLOR")) or stream.isatty()
    return wanted and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
