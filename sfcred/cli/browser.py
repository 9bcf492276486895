"""Open a login page in the person's browser."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from sfcred.cli.output import emit


class Inviter:
    """A callable that shows a login address and opens it in the browser.

    Args:
        opens: Open the browser, if there is one with a window.
        project: The project's root. A browser found in it is never run.
    """

    def __init__(self, *, opens: bool, project: Path) -> None:
        self._opens = opens
        self._project = project

    def __call__(self, url: str) -> None:
        """Show the address, then open it: the browser may not start, or open elsewhere."""
        emit(
            f"open in your browser: {url}\nwaiting for Salesforce (Ctrl-C to cancel) …\n",
            error=True,
        )
        if self._opens and _has_window():
            import webbrowser

            from sfcred.own_files import BROWSER, find_brought_along
            from sfcred.programs.trusted import fenced

            # A file that chooses the browser can name any program, so the project can't supply one.
            if find_brought_along(BROWSER, self._project) is None:
                # Without an empty folder to start it in, the address above has to do.
                with suppress(OSError), fenced(self._project):
                    webbrowser.open(url)


def _has_window() -> bool:
    """Return whether a browser would open a window: one in the terminal can't be used here."""
    variables = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in variables)
