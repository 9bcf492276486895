"""Create the folders that files with secrets go to, so that git never takes what is in them."""

from pathlib import Path

from sfcred.errors import WriteRefused
from sfcred.files.writing import WriteScope, make_folder, refuse_tracking, write_safely
from sfcred.paths import is_there

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
        write_safely(folder / ".gitignore", _IGNORE_ALL, force=False, secret=False, scope=scope)


def _would_be_taken(file: Path, scope: WriteScope | None) -> bool:
    try:
        refuse_tracking([file], scope)
    except WriteRefused:
        return True
    return False
