"""Send a person's browser to Salesforce."""

import os
import sys
from pathlib import Path

from sfcred.cli.output import emit


class Inviter:
    """Tells a person where to go on, and opens the browser there.

    Args:
        opens: Open the browser, where there is one with a window.
        project: The project's root: no browser comes from there.
    """

    def __init__(self, *, opens: bool, project: Path) -> None:
        self._opens = opens
        self._project = project

    def __call__(self, url: str) -> None:
        """Shows the address first: the browser may not open, or open the wrong profile."""
        emit(f"open in your browser: {url}\nwaiting for Salesforce (Ctrl-C to end) …\n", error=True)
        if self._opens and _has_window():
            import webbrowser

            from sfcred.own_files import BROWSER, find_brought_along
            from sfcred.programs import fenced

            # A browser's own settings, and which one is the person's, are programs' names, too.
            if find_brought_along(BROWSER, self._project) is None:
                with fenced(self._project):  # browsers are looked for by their names
                    webbrowser.open(url)


def _has_window() -> bool:
    """Whether a browser would have a window: one that fills the terminal is of no use here."""
    variables = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in variables)
