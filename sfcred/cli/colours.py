"""Colours: whether, and which."""

import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

import click

_COLOR = "sfcred.color"


def _set_color(context: click.Context, _parameter: click.Parameter, when: str) -> None:
    # The one nearest to the end of the line counts, and the default of a command none at all.
    if when != "auto" or context.parent is None:
        context.find_root().meta[_COLOR] = when


color_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    expose_value=False,
    is_eager=True,
    callback=_set_color,
    help="Colours; auto: on a terminal, without NO_COLOR.  [default: auto]",
)
_COLOURS = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "info": {"fg": "cyan"},
    "ok": {"fg": "green"},
    "dim": {"dim": True},
    "bold": {"bold": True},
}


def style_for(*, error: bool = False) -> Callable[[str, str], str]:
    """Colours for a terminal; none elsewhere. --color, NO_COLOR and FORCE_COLOR are honoured."""
    context = click.get_current_context(silent=True)
    when = context.find_root().meta.get(_COLOR, "auto") if context else "auto"
    if when == "never" or (
        when == "auto" and not _is_colourful(sys.stderr if error else sys.stdout)
    ):
        return lambda text, _style: text
    return lambda text, style: click.style(text, **_COLOURS.get(style, {}))  # type: ignore[arg-type]


def _is_colourful(stream: TextIO) -> bool:
    """Whether colours are wanted by the environment (no-color.org, force-color.org)."""
    wanted = bool(os.environ.get("FORCE_COLOR")) or stream.isatty()
    return wanted and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
