"""Write a file into a folder completely or not at all, even if the process is interrupted.

On systems that support it, the folder stays open during the work, so it can't be replaced with a
symbolic link, and the file has no name until it is complete, so the kernel removes it if the
process ends (O_TMPFILE in open(2)). On others, the temporary file has a name, and signals wait
until it is gone.
"""

import errno
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, Self

from sfcred.ending import cleaned_up

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_HAS_DIR_FD = os.open in os.supports_dir_fd and _NO_LINK != 0
# O_PATH needs only the permission to pass through a folder, as an ordinary path does.
_OPEN_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK
_BINARY = getattr(os, "O_BINARY", 0)  # otherwise Windows would change line breaks
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")


class Mode(NamedTuple):
    """A file's permissions and owner.

    Attributes:
        bits: The permissions. None for the default of a new file (0666 without the umask).
        owner: User and group. None for those of the process.
    """

    bits: int | None = None
    owner: tuple[int, int] | None = None


class Folder:
    """A folder to write in.

    Args:
        path: An absolute path without links.
        sealed: The folder, or one above it, below which no link may appear in the meantime. None
            if that doesn't matter.
        make: Create missing folders, the last one with this mode.

    Raises:
        OSError: The folder doesn't exist, can't be created, or became a link.
    """

    def __init__(self, path: Path, sealed: Path | None = None, make: int | None = None) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._written: int | None = None
        if not _HAS_DIR_FD:
            if make is not None:
                path.mkdir(mode=make, parents=True, exist_ok=True)
            if not path.is_dir():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            return
        base = sealed or (path if make is None else _existing(path))
        self._descriptor = os.open(base, _OPEN_FOLDER)
        try:
            parts = path.relative_to(base).parts
            for number, part in enumerate(parts, 1):
                self._enter(part, make if number == len(parts) or make is None else 0o777)
        except BaseException:
            self.close()
            raise

    def _enter(self, name: str, make: int | None) -> None:
        if make is not None:
            with suppress(FileExistsError):
                os.mkdir(name, make, dir_fd=self._descriptor)
        inner = os.open(name, _OPEN_FOLDER | _NO_LINK, dir_fd=self._descriptor)
        self.close()
        self._descriptor = inner

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def look(self, name: str) -> os.stat_result | None:
        """Return the status of an entry without following links, or None if it doesn't exist."""
        try:
            return os.stat(  # noqa: PTH116 - Path has no dir_fd
                self._at(name), follow_symlinks=False, **self._here()
            )
        except FileNotFoundError:
            return None

    def put(self, name: str, content: bytes, mode: Mode, *, replace: bool) -> tuple[int, int]:
        """Write a file completely, or change nothing.

        Args:
            name: The file's name.
            content: Its content.
            mode: Its permissions.
            replace: Replace an existing file.

        Returns:
            The file's identity: its device and inode.

        Raises:
            FileExistsError: The name exists, and `replace` isn't set.
            OSError: The system refused.
        """
        made = self._put_anonymous(name, content, mode, replace=replace)
        if made is None:
            with signals_held():
                made = self._put_named(name, content, mode, replace=replace)
        self._sync()
        return made

    def remove(self, name: str, made: tuple[int, int]) -> None:
        """Remove a file that `put` created, unless another file now has its name."""
        there = self.look(name)
        if there is not None and (there.st_dev, there.st_ino) == made:
            self._unlink(name)

    def remove_empty(self, name: str) -> None:
        """Remove a folder in this one.

        Raises:
            OSError: It isn't empty, or not a folder.
        """
        os.rmdir(self._at(name), **self._here())

    def _put_anonymous(
        self, name: str, content: bytes, mode: Mode, *, replace: bool
    ) -> tuple[int, int] | None:
        """Write to a file without a name. Return None if the file system doesn't support that."""
        kind = getattr(os, "O_TMPFILE", None)
        if kind is None or self._descriptor is None:
            return None
        try:
            file = os.open(".", kind | os.O_WRONLY, _first_bits(mode), dir_fd=self._descriptor)
        except OSError:
            return None
        try:
            made = _fill(file, content, mode)
            return made if self._name_it(file, name, replace=replace) else None
        finally:
            os.close(file)

    def _name_it(self, file: int, name: str, *, replace: bool) -> bool:
        # linkat(2) follows the links in /proc to open files. /proc may not be mounted.
        source = f"/proc/self/fd/{file}"
        try:
            if not replace:
                os.link(source, name, dst_dir_fd=self._descriptor, follow_symlinks=True)
                return True
            with signals_held():  # it has a temporary name for a moment
                temporary = _temporary_name()
                with cleaned_up(lambda: self._unlink(temporary)):
                    os.link(source, temporary, dst_dir_fd=self._descriptor, follow_symlinks=True)
                    self._move(temporary, name)
        except FileExistsError:
            raise
        except OSError:
            return False
        return True

    def _put_named(
        self, name: str, content: bytes, mode: Mode, *, replace: bool
    ) -> tuple[int, int]:
        temporary = _temporary_name()
        # A signal that is held here can still arrive in another thread.
        with cleaned_up(lambda: self._discard(temporary)):
            return self._put_over(temporary, name, content, mode, replace=replace)

    def _put_over(
        self, temporary: str, name: str, content: bytes, mode: Mode, *, replace: bool
    ) -> tuple[int, int]:
        try:
            made = self._create(temporary, content, mode)
            if replace:
                self._move(temporary, name)
                return made
            try:
                os.link(self._at(temporary), self._at(name), **self._both())
            except FileExistsError:
                raise
            except OSError:  # the file system has no hard links (FAT)
                return self._create(name, content, mode)
            return made
        finally:
            self._unlink(temporary)

    def _create(self, name: str, content: bytes, mode: Mode) -> tuple[int, int]:
        file = os.open(self._at(name), _NEW_FILE | _BINARY, _first_bits(mode), **self._here())
        self._written = file
        try:
            return _fill(file, content, mode)
        except BaseException:
            self._close_written()  # Windows removes no open file
            self._unlink(name)
            raise
        finally:
            self._close_written()

    def _close_written(self) -> None:
        file, self._written = self._written, None
        if file is not None:
            os.close(file)

    def _discard(self, temporary: str) -> None:
        """Remove a temporary file because the process ends, in the middle of a write, too."""
        if sys.platform == "win32":
            self._close_written()
        self._unlink(temporary)

    def _move(self, temporary: str, name: str) -> None:
        try:
            os.replace(  # noqa: PTH105 - Path has no dir_fd
                self._at(temporary), self._at(name), **self._both()
            )
        except OSError:
            self._unlink(temporary)
            raise

    def _unlink(self, name: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self._at(name), **self._here())

    def _sync(self) -> None:
        """Sync the folder, if possible, so that the name survives a power loss."""
        if self._descriptor is None:
            return
        with suppress(OSError):
            folder = os.open(".", os.O_RDONLY, dir_fd=self._descriptor)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _at(self, name: str) -> str:
        return name if self._descriptor is not None else str(self._path / name)

    def _here(self) -> dict[str, Any]:
        return {} if self._descriptor is None else {"dir_fd": self._descriptor}

    def _both(self) -> dict[str, Any]:
        if self._descriptor is None:
            return {}
        return {"src_dir_fd": self._descriptor, "dst_dir_fd": self._descriptor}


@contextmanager
def signals_held() -> Iterator[Callable[[], bool]]:
    """Delay signals that end the process until the block ends.

    Yields:
        A function that returns whether a signal is waiting.
    """
    if sys.platform == "win32":  # it ends a process without a signal
        yield lambda: False
        return
    known = {getattr(signal, name) for name in _ENDING}
    ending = {number for number in known if signal.getsignal(number) is not signal.SIG_IGN}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield lambda: bool(signal.sigpending() & ending)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


def _temporary_name() -> str:
    # Don't include the file's name, which can already have the maximum length.
    return f".sfcred-{os.urandom(8).hex()}.tmp"


def _first_bits(mode: Mode) -> int:
    # The umask reduces the default mode. A file with its own mode starts without permissions.
    return 0o666 if mode.bits is None else 0o600


def _fill(file: int, content: bytes, mode: Mode) -> tuple[int, int]:
    left = memoryview(content)
    while left:
        left = left[os.write(file, left) :]
    if mode.owner is not None and hasattr(os, "fchown"):
        with suppress(
            OSError
        ):  # only root can do this, and the content matters more than the owner
            os.fchown(file, *mode.owner)
    # On Windows, this could only make the file read-only, and then it can't be moved or removed.
    if mode.bits is not None and sys.platform != "win32":
        os.fchmod(file, stat.S_IMODE(mode.bits))
    os.fsync(file)
    made = os.fstat(file)
    return made.st_dev, made.st_ino
