"""Run sfcred on an imitation of Windows: `python tests/helpers/windows.py ARGUMENTS`.

What is imitated, on any POSIX system:

- paths: `ntpath` and `WindowsPath`, with the file system as drive C:. Any access to another
  machine or to a device ends the run.
- second names: `RUNNER~1` is the short name of a folder `runneradmin`, and the one by which programs
  know where they run. Only `realpath` returns the long one.
- folders of OneDrive, which are neither links nor like others: `readlink` raises ValueError.
- junctions: a link whose name is `junction` counts as a folder with a mark.
- the names that Windows lacks in `os`, `signal` and `socket`, and the modules that it lacks. Only
  sfcred misses them: the standard library here is that of a POSIX system.
- links: whatever follows one to another machine ends the run.
- text mode: a file that sfcred opens without O_BINARY ends the run. A folder can't be opened.
- files that are read-only, which can't be removed or replaced. `os.fchmod` is there since Python 3.13.
- standard output: `\\r\\n` at the ends of lines, and in the encoding of $PYTHONIOENCODING.

It isn't Windows: names here differ by case, and permissions, locks, links, signals and processes are
those of the system below.
"""

import builtins
import contextlib
import errno
import importlib
import io
import ntpath
import os
import posixpath
import re
import signal
import socket
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

# What Windows has of the names that come from the system (the module `nt`).
_OS = """
DirEntry F_OK O_APPEND O_BINARY O_CREAT O_EXCL O_NOINHERIT O_RANDOM O_RDONLY O_RDWR O_SEQUENTIAL
O_SHORT_LIVED O_TEMPORARY O_TEXT O_TRUNC O_WRONLY R_OK W_OK X_OK abort access chdir chmod close
closerange cpu_count device_encoding dup dup2 error execv execve fspath fstat fsync ftruncate
get_handle_inheritable get_inheritable get_terminal_size getcwd getcwdb getlogin getpid getppid
isatty kill link listdir lseek lstat mkdir open pipe putenv read readlink remove rename replace
rmdir scandir set_inheritable stat stat_result strerror symlink system terminal_size times
times_result truncate umask uname_result unlink unsetenv urandom utime waitpid
waitstatus_to_exitcode write environ _exit
"""
_SIGNALS = """
SIGABRT SIGBREAK SIGFPE SIGILL SIGINT SIGSEGV SIGTERM SIG_DFL SIG_IGN NSIG Signals Handlers
default_int_handler getsignal raise_signal set_wakeup_fd signal strsignal valid_signals
"""
_NO_SOCKETS = re.compile("AF_UNIX|SO_REUSEPORT|SCM_.*|socketpair|sethostname|AF_NETLINK")
_NO_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
_O_BINARY = 0x8000  # which means nothing on Linux (O_LARGEFILE)

# Functions of the system that take paths, and those that don't follow a link at a path's end.
_PATHS = """
access chdir chmod link listdir lstat mkdir open readlink remove rename replace rmdir scandir stat
symlink truncate unlink utime
"""
_NOT_FOLLOWING = {"link", "lstat", "readlink", "remove", "rename", "replace", "rmdir", "symlink"}
_NOT_FOLLOWING |= {"unlink"}


_LIBRARIES = """
asyncio click.shell_completion cryptography.x509 httpx importlib.metadata importlib.resources jinja2
jwt pathlib pathspec pydantic pydantic_settings shutil ssl subprocess tempfile uuid yaml
"""


_LONG, _SHORT = "runneradmin", "RUNNER~1"
_ONEDRIVE = "OneDrive"


_JUNCTION, _MARK = "junction", 0xA0000003

_REAL_CWD, _REAL_LINK = os.getcwd, os.readlink


class OutsideError(BaseException):
    """sfcred did what must not happen on Windows. No handler of sfcred catches it."""


def to_posix(path: Any) -> Any:
    """Return where a path of Windows is on this system."""
    if isinstance(path, int):
        return path
    text = os.fsdecode(path)
    if re.match(r"[\\/]{2}", text):
        raise OutsideError(f"another machine, or a device: {text}")
    drive, rest = ntpath.splitdrive(text)
    if drive.upper() not in ("", "C:"):
        raise FileNotFoundError(2, "there is only drive C:")
    return rest.replace("\\", "/").replace(_SHORT, _LONG)


def to_windows(path: str) -> str:
    """Return a path of this system as Windows would write it."""
    return ("C:" if path.startswith("/") else "") + path.replace("/", "\\")


def translated(function: Callable[..., Any], *, follows: bool = True) -> Callable[..., Any]:
    """Let a function of the system take paths of Windows."""

    def call(*given: Any, **named: Any) -> Any:
        paths = [to_posix(one) if isinstance(one, str | os.PathLike) else one for one in given]
        for path in (one for one in paths if isinstance(one, str)):
            _refuse_links_elsewhere(path, follows=follows and named.get("follow_symlinks", True))
        return function(*paths, **named)

    return call


def _refuse_links_elsewhere(path: str, *, follows: bool) -> None:
    """End the run if a path leads to another machine by one of its links."""
    parts = _REAL_CWD().split("/") + path.split("/") if path[:1] != "/" else path.split("/")
    for end in range(1, len(parts) + follows):
        with contextlib.suppress(OSError, ValueError):
            target = _REAL_LINK("/".join(parts[:end]))
            if re.match(r"[\\/]{2}", target):
                raise OutsideError(f"another machine, by a link: {path}")


def imitate() -> None:
    """Turn this process into the imitation. Nothing of sfcred may be imported before."""
    _load_the_libraries()
    real_path = posixpath.realpath

    def read_link(path: Any, **named: Any) -> str:
        if ntpath.basename(path) == _ONEDRIVE:
            raise ValueError("not a symbolic link")
        return to_windows(_REAL_LINK(to_posix(path), **named))

    def find_real(path: Any, **_named: Any) -> str:
        absolute = to_posix(ntpath.abspath(path))
        _refuse_links_elsewhere(absolute, follows=True)
        return to_windows(real_path(absolute))

    own = {
        name: translated(getattr(os, name), follows=name not in _NOT_FOLLOWING)
        for name in _PATHS.split()
    }
    own["getcwd"] = lambda: to_windows(_REAL_CWD()).replace(_LONG, _SHORT)
    own["readlink"] = read_link
    separators = {"sep": "\\", "altsep": "/", "pathsep": ";"}
    vars(os).update(own, path=ntpath, name="nt", **separators)
    vars(ntpath)["realpath"] = find_real
    builtins.open = io.open = translated(io.open)
    sys.modules["os.path"] = ntpath
    os.supports_dir_fd.clear()
    _allow_windows_paths()
    _translate_programs()
    sys.platform = "win32"
    _give_sfcred(os=_windows_os(), signal=_only(signal, _SIGNALS.split()), socket=_windows_socket())
    sys.modules["msvcrt"] = _msvcrt()
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(newline="\r\n")


def _load_the_libraries() -> None:
    """Import what decides by the system while it is imported, and isn't under test."""
    for name in _LIBRARIES.split():
        importlib.import_module(name)


def _allow_windows_paths() -> None:
    import pathlib

    flavour = getattr(pathlib, "_windows_flavour", None)  # Python 3.11
    if flavour is not None:
        flavour.is_supported = True
    elif "__new__" in vars(pathlib.WindowsPath):
        del pathlib.WindowsPath.__new__


def _translate_programs() -> None:
    import subprocess

    begin = subprocess.Popen.__init__

    def begin_there(self: Any, arguments: list[str], *given: Any, **named: Any) -> None:
        if named.get("cwd") is not None:
            named["cwd"] = to_posix(named["cwd"])
        begin(self, [to_posix(arguments[0]), *arguments[1:]], *given, **named)

    subprocess.Popen.__init__ = begin_there  # type: ignore[assignment, method-assign]


def _only(module: types.ModuleType, names: Iterable[str]) -> types.ModuleType:
    """Return a module that lacks all other names."""
    made = types.ModuleType(module.__name__)
    vars(made).update({name: getattr(module, name) for name in names if hasattr(module, name)})
    return made


def _windows_os() -> types.ModuleType:
    import posix

    own = set(dir(os)) - set(dir(posix))
    made = _only(os, [*own, *_OS.split()])

    def opened(path: Any, flags: int, *given: Any, **named: Any) -> int:
        if not flags & _O_BINARY:
            raise OutsideError(f"opened as text: {path}")
        if os.path.isdir(path):  # noqa: PTH112 - what sfcred passes
            raise PermissionError(errno.EACCES, "Permission denied")
        return os.open(path, flags, *given, **named)

    def change_mode(descriptor: int, mode: int) -> None:
        os.fchmod(descriptor, 0o666 if mode & 0o200 else 0o444)

    own_names = {name: _not_read_only(getattr(os, name)) for name in ("replace", "unlink")}
    vars(made).update(O_BINARY=_O_BINARY, open=opened, path=ntpath, name="nt", scandir=_scanned)
    vars(made).update(own_names, fchmod=change_mode)
    return made


def _not_read_only(function: Callable[..., None]) -> Callable[..., None]:
    def call(*paths: Any) -> None:
        with contextlib.suppress(FileNotFoundError):
            if not os.stat(paths[-1]).st_mode & 0o200:  # noqa: PTH116 - what sfcred passes
                raise PermissionError(errno.EACCES, "Access is denied")
        function(*paths)

    return call


class _Entry:
    """An entry of a folder, as Windows tells it."""

    def __init__(self, entry: "os.DirEntry[str]") -> None:
        self._entry = entry
        self._is_junction = entry.name == _JUNCTION and entry.is_symlink()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entry, name)

    def is_symlink(self) -> bool:
        return not self._is_junction and self._entry.is_symlink()

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return self._entry.is_dir(follow_symlinks=follow_symlinks or self._is_junction)

    def stat(self, **how: bool) -> types.SimpleNamespace:
        found = self._entry.stat(**how)
        own = {name: getattr(found, name) for name in dir(found) if name.startswith("st_")}
        return types.SimpleNamespace(**own, st_reparse_tag=_MARK if self._is_junction else 0)


@contextlib.contextmanager
def _scanned(path: Any) -> Iterator[list[_Entry]]:
    with os.scandir(path) as entries:
        yield [_Entry(entry) for entry in entries]


def _windows_socket() -> types.ModuleType:
    made = _only(socket, [name for name in dir(socket) if not _NO_SOCKETS.fullmatch(name)])
    made.SO_EXCLUSIVEADDRUSE = socket.SO_REUSEADDR  # type: ignore[attr-defined]
    return made


def _msvcrt() -> types.ModuleType:
    import fcntl

    def locking(descriptor: int, _mode: int, _size: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    made = types.ModuleType("msvcrt")
    vars(made).update(LK_NBLCK=2, locking=locking)
    return made


def _give_sfcred(**modules: types.ModuleType) -> None:
    """Let sfcred, and nothing else, import these modules, and none that Windows lacks."""
    begin = builtins.__import__

    def importing(name: str, scope: Any = None, *given: Any, **named: Any) -> Any:
        if ((scope or {}).get("__name__") or "").partition(".")[0] == "sfcred":
            if name in _NO_MODULES:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            if name in modules:
                return modules[name]
        return begin(name, scope, *given, **named)

    builtins.__import__ = importing  # type: ignore[assignment]


if __name__ == "__main__":
    del sys.path[0]
    imitate()
    from sfcred.cli import main

    sys.exit(main(sys.argv[1:]))
