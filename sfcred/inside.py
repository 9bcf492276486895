"""Tell what lies in the project: a repository may choose no place outside of it."""

import os
from pathlib import Path


def is_inside(path: Path, root: Path) -> bool:
    """Return whether a path leads to a place below a folder, links followed.

    Args:
        path: It need not exist.
        root: The folder.
    """
    try:
        # On Windows a look at //host/share/x would log in at that host.
        if os.name == "nt" and not _lies_below(os.path.abspath(path), os.path.abspath(root)):  # noqa: PTH100
            return False
        return _lies_below(os.path.realpath(path), os.path.realpath(root))
    except (OSError, ValueError):  # a NUL character, a loop of links
        return False


def leads_out(path: Path, root: Path) -> bool:
    """Return whether a path that is written as one inside a folder leads out of it by a link."""
    is_written_inside = _lies_below(os.path.abspath(path), os.path.abspath(root))  # noqa: PTH100
    return is_written_inside and not is_inside(path, root)


def _lies_below(path: str, root: str) -> bool:
    return Path(path).is_relative_to(root)
