"""A progress bar on standard error during logins."""

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
    """Show a progress bar on standard error during logins, if that is a terminal."""
    bar = LiveProgress(wanted and sys.stderr.isatty())
    try:
        yield bar
    finally:
        bar.end()


class LiveProgress:
    """click's progress bar, started when the number of logins is known."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._bar: ProgressBar[int] | None = None

    def begin(self, number: int) -> None:
        """Show the bar, for this many logins."""
        if self._shown and number > 1:
            self._bar = click.progressbar(
                length=number,
                label="logging in",
                show_eta=False,
                show_pos=True,
                # The bar moves the cursor, which the guard would prevent.
                file=streams.real(sys.stderr),
            )
            self._draw(self._bar.render_progress)

    def tick(self) -> None:
        """Count one more login as done."""
        if self._bar is not None:
            self._draw(partial(self._bar.update, 1))

    def end(self) -> None:
        """Finish the bar, so that the report starts on its own line."""
        if self._bar is not None:
            self._draw(self._bar.render_finish)

    def _draw(self, step: Callable[[], object]) -> None:
        """Draw a step; if the terminal has gone away, drop the bar and let the logins go on."""
        try:
            step()
        except OSError:
            self._bar = None
