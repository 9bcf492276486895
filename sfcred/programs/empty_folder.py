"""Temporary folders, and the empty one in which other programs start.

Whatever a program looks up where it runs (modules of Python, names and patterns of a shell, its own
configuration) would otherwise be found in the working folder, which is usually a checkout.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from sfcred.ending import started
from sfcred.paths import passes_through
from sfcred.repositories import untrusted_roots

if TYPE_CHECKING:
    import subprocess

#: To tell people what to do if there is none.
WHY_NONE = "no empty folder outside the project can be created, in which its programs could start"
HOW_TO_HAVE_ONE = "Set TMPDIR to a folder of your own outside the project and its repository."
# The position of `cwd` among the arguments of Popen.
_WHERE = 9
# A browser can outlive what started it, so the folder stays until sfcred ends.
_until_the_end = ExitStack()
atexit.register(_until_the_end.close)
_folders: list[Path] = []


def empty_folder(project: Path) -> Path:
    """Return an empty folder outside the project, which is removed when sfcred ends.

    Args:
        project: The project's root.

    Raises:
        OSError: There is none, because temporary files go into the project, or the disk is full.
    """
    from tempfile import gettempdir

    roots = untrusted_roots(project)
    for folder in _folders:
        if _is_empty(folder) and not passes_through(folder, roots):
            return folder
    for parent in (gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - a folder of its own is made there
        if os.path.isdir(parent) and not passes_through(Path(parent), roots):  # noqa: PTH112 - a string
            made = _until_the_end.enter_context(temporary_folder(parent))
            _folders.append(made)
            return made
    raise FileNotFoundError


@contextmanager
def temporary_folder(parent: str | None = None) -> Iterator[Path]:
    """Create a folder, and remove it after the block, even if a signal ends the process.

    Args:
        parent: Where. None for the usual place for temporary files.

    Yields:
        Its path, without links.

    Raises:
        OSError: It can't be created.
    """
    with started(partial(_make, parent), _remove) as folder:
        yield folder


def _make(parent: str | None) -> Path:
    from tempfile import mkdtemp

    return Path(os.path.realpath(mkdtemp(prefix="sfcred-", dir=parent)))


def _remove(folder: Path) -> None:
    rmtree(folder, ignore_errors=True)


def _is_empty(folder: Path) -> bool:
    try:
        return not os.listdir(folder)  # noqa: PTH208 - shorter than any(iterdir())
    except OSError:
        return False


@contextmanager
def starting_in(folder: Path) -> Iterator[None]:
    """Let every program that this process starts during a block begin in a folder.

    Those that are told where to run (sfcred's own are) run there. The process itself stays where it
    is, because other threads read and write files meanwhile.
    """
    import subprocess

    begin = subprocess.Popen.__init__

    def begin_there(self: "subprocess.Popen[bytes]", *given: Any, **named: Any) -> None:
        if len(given) <= _WHERE and named.get("cwd") is None:
            named["cwd"] = folder
        begin(self, *given, **named)

    subprocess.Popen.__init__ = begin_there  # type: ignore[assignment, method-assign]  # replaced for a moment
    try:
        yield
    finally:
        subprocess.Popen.__init__ = begin  # type: ignore[method-assign]  # put back
