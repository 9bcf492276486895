"""Remove the folders that a command created, if it then fails to write into them."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sfcred.ending import cleaned_up
from sfcred.errors import ReadError
from sfcred.files.atomic import Folder
from sfcred.files.private_folder import remove_own_ignore_rules
from sfcred.files.writing import WriteScope
from sfcred.paths import real_path


@contextmanager
def removed_on_failure(folders: Iterable[Path], scope: WriteScope) -> Iterator[None]:
    """Remove folders that don't exist yet if the block fails, or if the process ends in it.

    A folder with files in it stays, unless its only file is the .gitignore of a private folder.

    Args:
        folders: Folders that the block creates. Their missing parents are included.
        scope: Where the command writes.
    """
    missing = {one for folder in folders for one in _missing(folder)}
    innermost_first = sorted(missing, key=lambda one: len(one.parts), reverse=True)

    def remove() -> None:
        for folder in innermost_first:
            _remove(folder, scope)

    with cleaned_up(remove):
        try:
            yield
        except BaseException:
            remove()
            raise


def _missing(folder: Path) -> list[Path]:
    try:
        real = real_path(folder)
        return [one for one in (real, *real.parents) if not os.path.lexists(one)]
    except (OSError, ValueError, ReadError):  # creating it fails, with the reason
        return []


def _remove(folder: Path, scope: WriteScope) -> None:
    sealed = scope.root_of(folder)
    with suppress(OSError), Folder(folder, sealed) as inner:
        remove_own_ignore_rules(folder, inner)
    parent = folder.parent
    with suppress(OSError), Folder(parent, scope.root_of(parent)) as outer:
        outer.remove_empty(folder.name)
