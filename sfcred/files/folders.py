"""Walk through folders without following links."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from sfcred.errors import SfcredError, UsageError, system_reason

# What marks a folder that leads to another one: IO_REPARSE_TAG_MOUNT_POINT in "Reparse Point Tags"
# (Microsoft Learn).
_JUNCTION = 0xA0000003


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
    return entry.is_dir(follow_symlinks=False) and not _is_junction(entry)


def is_link(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry leads to something else."""
    return entry.is_symlink() or _is_junction(entry)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a junction, which Windows counts as a folder."""
    if sys.platform == "win32":
        return entry.stat(follow_symlinks=False).st_reparse_tag == _JUNCTION
    return False


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
