"""Create the folders that files with secrets go to, so that git never takes what is in them."""

from contextlib import suppress
from pathlib import Path

from sfcred.errors import ReadError, WriteRefused
from sfcred.files import read_regular
from sfcred.files.atomic import Folder
from sfcred.files.writing import WriteScope, make_folder, refuse_tracking, write_safely
from sfcred.paths import is_there

_IGNORE_FILE = ".gitignore"
_IGNORE_ALL = "# sfcred: this folder is for secrets\n*\n"


def make_private_folder(folder: Path, scope: WriteScope | None = None) -> None:
    """Create a folder that only you can read and whose content git ignores, if it doesn't exist.

    Where no rule of the repository ignores it, it gets a .gitignore of its own. An existing folder
    stays as it is. Parents are created, too.

    Args:
        folder: The folder.
        scope: Where the command writes.

    Raises:
        WriteRefused: The path has a symbolic link, or a part of it is not a folder.
        WriteError: The system refused.
    """
    is_new = not is_there(folder)
    make_folder(folder, 0o700, scope)
    if is_new and _would_be_taken(folder / "x", scope):
        file = folder / _IGNORE_FILE
        write_safely(file, _IGNORE_ALL, force=False, secret=False, scope=scope)


def remove_own_ignore_rules(path: Path, folder: Folder) -> None:
    """Remove the .gitignore that `make_private_folder` wrote, if there is no other file.

    Args:
        path: The folder's path.
        folder: The open folder.
    """
    file = path / _IGNORE_FILE
    found = folder.look(_IGNORE_FILE)
    if found is None or any(one != file for one in path.iterdir()):
        return
    with suppress(ReadError):
        if read_regular(file) == _IGNORE_ALL.encode():
            folder.remove(_IGNORE_FILE, (found.st_dev, found.st_ino))


def _would_be_taken(file: Path, scope: WriteScope | None) -> bool:
    try:
        refuse_tracking([file], scope)
    except WriteRefused:
        return True
    return False
