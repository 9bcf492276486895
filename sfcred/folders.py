"""Walk through folders without following links."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from sfcred.errors import SfcredError, UsageError, system_reason


def walk(
    folder: Path,
    is_left_out: Callable[[str], bool],
    unreadable: type[SfcredError] = UsageError,
) -> Iterator[tuple[Path, list[os.DirEntry[str]]]]:
    """Yield a folder and those below it, each with its entries by name.

    os.walk isn't used because it passes over folders that can't be read, and follows symbolic links
    to see whether they are folders.

    Args:
        folder: Where to begin.
        is_left_out: Returns whether a folder with this name is not searched.
        unreadable: What to raise for a folder that can't be read.

    Raises:
        SfcredError: A folder can't be read.
    """
    waiting = [folder]
    while waiting:
        parent = waiting.pop()
        entries = _entries(parent, unreadable)
        inner = [one.name for one in entries if is_real_folder(one) and not is_left_out(one.name)]
        waiting += [parent / name for name in reversed(inner)]
        yield parent, entries


def is_real_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder, and not a link to one."""
    return entry.is_dir(follow_symlinks=False)


def is_hidden(name: str) -> bool:
    """Return whether tools leave out what has this name."""
    return name.startswith(".")


def is_hidden_or_packages(name: str) -> bool:
    """Return whether a folder is hidden, or contains npm's packages."""
    return is_hidden(name) or name == "node_modules"


def _entries(folder: Path, unreadable: type[SfcredError]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        hint = "Check the folder's permissions."
        raise unreadable(f"{folder}: {system_reason(error)}", hint=hint) from None
