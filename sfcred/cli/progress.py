"""A bar on standard error while logins go on."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from sfcred.cli import streams

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


@contextmanager
def progress(wanted: bool) -> Iterator["LiveProgress"]:
    """A bar on standard error while logins go on; nothing where it is no terminal."""
    bar = LiveProgress(wanted and sys.stderr.isatty())
    try:
        yield bar
    finally:
        bar.end()


class LiveProgress:
    """click's progress bar, which begins when the number of logins is known."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._bar: ProgressBar[int] | None = None

    def begin(self, number: int) -> None:
        """Shows the bar."""
        if self._shown and number > 1:
            self._bar = click.progressbar(
                length=number,
                label="logging in",
                show_eta=False,
                show_pos=True,
                # The bar moves the cursor, which a guard would not let it.
                file=streams.real(sys.stderr),
            )
            self._draw(self._bar.render_progress)

    def tick(self) -> None:
        """One more is done."""
        if self._bar is not None:
            self._draw(partial(self._bar.update, 1))

    def end(self) -> None:
        """Leaves the terminal as the report expects it."""
        if self._bar is not None:
            self._draw(self._bar.render_finish)

    def _draw(self, step: Callable[[], object]) -> None:
        """A terminal that went away ends the bar, not the logins."""
        try:
            step()
        except OSError:
            self._bar = None
