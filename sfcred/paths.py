"""Rules for paths: which ones are files on this machine, and where they really lead.

Some paths make Windows contact other machines or devices: `//host/share` sends the user's password
hash to that host, `\\\\.\\pipe\\x` and `NUL` open a device, and `x:y` opens a second stream of a
file. The rules apply on every system, so that a project that works on one works on all.

Source: "Naming Files, Paths, and Namespaces" and "File path formats on Windows systems"
(Microsoft Learn).
"""

import errno
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from sfcred.errors import ReadError

# Kernel interfaces that look like files. /proc/self/environ contains all environment variables.
_PSEUDO_FILESYSTEMS = ("/proc", "/sys", "/dev")
# The limit on Linux (path_resolution(7)).
_MAX_LINKS = 40
#: More nested folders than any project has. Without this limit, a path could be as long as a spec.
MAX_PARTS = 256
_DEVICE = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|COM[0-9¹²³]|LPT[0-9¹²³]) *(?:[.:].*)?",
    re.IGNORECASE | re.DOTALL,
)

# Whether such names open devices and streams here.
_HAS_DEVICES = sys.platform == "win32"


def is_device(name: str) -> bool:
    """Return whether Windows takes a file name for that of a device, whatever its suffix."""
    return _DEVICE.fullmatch(name) is not None


def is_device_here(name: str) -> bool:
    """Return whether a file name opens a device or another stream of a file on this system.

    On other systems than Windows, `NUL` and `a:b` are files like all others.
    """
    return _HAS_DEVICES and (":" in name or is_device(name))


@lru_cache(maxsize=64)  # every check of a spec asks for the same few paths
def why_foreign(text: str) -> str | None:  # noqa: PLR0911 - a table of reasons
    """Return why a path can't be that of a file on this machine.

    Args:
        text: A path from a spec or the configuration.

    Returns:
        The reason, to follow the path in a message. None if the path is fine.
    """
    if "\0" in text:
        return "contains a character that is not allowed in file names"
    if re.match(r"[\\/]{2}", text):
        return "leads to another machine or a device (it starts with two slashes)"
    if re.match(r"[\\/]\?\?(?:[\\/]|$)", text):
        return r"leads to a device (it starts with \??)"
    drive = re.match(r"[A-Za-z]:(.?)", text, re.DOTALL)
    if drive and drive[1] not in ("\\", "/"):
        return "is relative to the current folder of a drive"
    rest = text[2:] if drive else text
    parts = re.split(r"[\\/]", rest)
    if any(is_device(part) for part in parts):
        return "contains a name that is a device on Windows"
    if ":" in rest:
        return "contains a colon, which opens another stream of a file on Windows"
    return None


def join_local(folder: Path, text: str) -> Path:
    """Join a path from a spec or the configuration to the folder that it is relative to.

    Raises:
        ReadError: The path can't be that of a file on this machine.
    """
    reason = why_foreign(text)
    if reason:
        raise ReadError(f"{text!a}: {reason}", hint="Use the path of a local file.")
    return folder / text


def real_path(path: Path, on_link: Callable[[Path], None] | None = None) -> Path:
    """Resolve all links in a path, one by one, without accessing forbidden targets.

    Unlike os.path.realpath, this checks where a link leads before it follows it. On Windows, a
    single access to `\\\\host\\share` would send a password hash there.

    Args:
        path: Any path. Parts that don't exist are kept as they are.
        on_link: A function that gets the path of each link on the way, and can raise an error.

    Returns:
        An absolute path without links, on Windows by its long name.

    Raises:
        ReadError: The path or one of its links leads to another machine or a system interface.
        OSError: The path is too long, has too many links, or the working folder is gone.
        ValueError: The path has a NUL character.
    """
    parts = _absolute_parts(path)
    current, pending, links = parts[0], list(parts[:0:-1]), 0
    while pending:
        name = pending.pop()
        step = os.path.dirname(current) if name == ".." else os.path.join(current, name)  # noqa: PTH118, PTH120 - strings are faster for many paths
        target = None if name == ".." else _target(step)
        if target is None:
            current = step
        else:
            _refuse_link(path, step, target)
            if on_link is not None:
                on_link(Path(_by_its_long_name(current), name))
            led = Path(target)
            current = led.anchor or current
            pending += [part for part in reversed(led.parts) if part != led.anchor]
            links += 1
        _refuse_labyrinth(links, len(pending))
    _refuse_interface(path, current)
    return Path(_by_its_long_name(current))


def _by_its_long_name(path: str) -> str:
    """Return the name of a path that all of its names on Windows lead to.

    `C:\\Users\\RUNNER~1` is `C:\\Users\\runneradmin`, and a letter can stand for a folder (subst).

    Args:
        path: A path without links.
    """
    return os.path.realpath(path) if os.name == "nt" else path


def _absolute_parts(path: Path) -> tuple[str, ...]:
    """Return the parts of a path, which begin with an anchor, as `Path.absolute` has them."""
    if path.anchor:
        return _with_one_slash(path.absolute()).parts
    return (*_folder_parts(os.getcwd()), *path.parts)  # noqa: PTH109 - a string is the cache's key


@lru_cache(maxsize=4)
def _folder_parts(folder: str) -> tuple[str, ...]:
    return _with_one_slash(Path(folder)).parts


def _with_one_slash(path: Path) -> Path:
    """On POSIX systems `//x` is another way to write `/x`, which Python keeps apart."""
    return Path(f"/{str(path).lstrip('/')}") if path.root == "//" else path


def _refuse_labyrinth(links: int, parts: int) -> None:
    reason = errno.ELOOP if links > _MAX_LINKS else errno.ENAMETOOLONG if parts > MAX_PARTS else 0
    if reason:
        raise OSError(reason, os.strerror(reason))


def _refuse_link(path: Path, step: str, target: str) -> None:
    # Check the link's own path too: /proc/self/fd/3 is a link to a regular file.
    _refuse_interface(path, step)
    if is_elsewhere(target):
        raise ReadError(
            f"{path}: is a symbolic link to another machine or a device",
            hint="Use a local file.",
        )


def is_elsewhere(target: str) -> bool:
    """Return whether a link leads to another machine or a device.

    Colons and device names are fine here, because Windows can't create such links.
    """
    return re.match(r"[\\/]{2}|[\\/]\?\?(?:[\\/]|$)", target) is not None


def _refuse_interface(path: Path, real: str) -> None:
    inside = tuple(f"{folder}/" for folder in _PSEUDO_FILESYSTEMS)
    # /dev/shm is memory that holds ordinary files.
    if f"{real}/".startswith(inside) and not f"{real}/".startswith("/dev/shm/"):  # noqa: S108 - see above
        raise ReadError(f"{path}: leads to a system interface", hint="Use a regular file.")


def _target(step: str) -> str | None:
    """Return a link's target, or None if the path is not a link."""
    try:
        target = os.readlink(step)  # noqa: PTH115 - strings are faster for many paths
    except OSError:
        return None
    except ValueError:
        if "\0" in step:
            raise
        return None  # no link, but special to Windows: OneDrive's, or stored without duplicates
    # Windows returns an ordinary absolute target as \\?\C:\…
    return re.sub(r"^\\\\\?\\(?=[A-Za-z]:)", "", target)


def place_of(path: Path) -> Path:
    """Return where a path leads, to compare it with others, however they are written.

    Use it instead of os.path.realpath, which follows links to other machines.

    Returns:
        The path without links. With its links, but absolute, if it leads nowhere or may not be
        followed.
    """
    return _where_allowed(path) or Path(os.path.abspath(path))  # noqa: PTH100 - no link is followed


def places_of(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield what `place_of` returns for each path. Paths in the same folder are faster."""
    folders: dict[Path, Path] = {}
    for path in paths:
        folder, name = path.parent, path.name
        if folder not in folders:
            folders[folder] = place_of(folder)
        place = folders[folder] / name
        yield place if name not in ("", "..") and is_plain_file(place) else place_of(path)


def is_plain_file(path: Path) -> bool:
    """Return whether a path certainly is a file, and not a link. Its folder has no links.

    On Windows, False: a file has several names there, and a look can go to another machine.
    """
    if os.name == "nt":
        return False
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def is_there(path: Path) -> bool:
    """Return whether a path exists. A path that can't exist gives False.

    Path.exists, is_dir and is_file raise an error for a name that is too long, and follow links to
    other machines.
    """
    real = _where_allowed(path)
    return real is not None and os.path.exists(real)  # noqa: PTH110 - see above


def is_folder(path: Path) -> bool:
    """Return whether a path leads to a folder."""
    real = _where_allowed(path)
    return real is not None and os.path.isdir(real)  # noqa: PTH112 - see is_there


def is_file(path: Path) -> bool:
    """Return whether a path leads to a regular file."""
    real = _where_allowed(path)
    return real is not None and os.path.isfile(real)  # noqa: PTH113 - see is_there


def _where_allowed(path: Path) -> Path | None:
    try:
        return real_path(path)
    except (ReadError, OSError, ValueError):
        return None


def relative_place(path: Path, folder: Path) -> str:
    """Return a path relative to a folder, with slashes and perhaps with `..`. No link is followed.

    On Windows there is no such path to another drive. The absolute path is returned then.

    Args:
        path: It doesn't have to exist.
        folder: The folder.
    """
    try:
        return Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    except ValueError:
        return path.absolute().as_posix()


# -- is a path inside a folder: by where it leads, how it is written, and who controls it


def is_inside(path: Path, root: Path) -> bool:
    """Return whether a path certainly leads to a place in a folder, following links.

    Args:
        path: It doesn't have to exist.
        root: The folder.
    """
    real, folder = _where_allowed(path), _where_allowed(root)
    return real is not None and folder is not None and real.is_relative_to(folder)


def lies_outside(path: Path, root: Path) -> bool:
    """Return whether a path certainly leads out of a folder, following links.

    A path that leads nowhere, such as a link to itself, doesn't. Reading it reports the error.
    """
    return _where_allowed(path) is not None and not is_inside(path, root)


def part_below(path: Path, root: Path) -> Path | None:
    """Return the part of a path after a folder, as it is written, or None if it isn't below.

    No link in the path is followed: `root/link` is below, wherever it leads. The folder can be
    written with or without its links. `root/../elsewhere` is not below.

    Args:
        path: It doesn't have to exist.
        root: The folder.
    """
    plain = _with_one_slash(Path(os.path.abspath(path)))  # noqa: PTH100 - no link is followed
    for folder in (Path(os.path.abspath(root)), Path(os.path.realpath(root))):  # noqa: PTH100 - as above
        if plain.is_relative_to(folder):
            return plain.relative_to(folder)
    return None


def passes_through(path: Path, roots: Iterable[Path]) -> bool:
    """Return whether the content of some folders can decide where a path leads.

    That is so if the path leads into one of the folders, or if one of its links is in one of them.
    A path that can't be followed counts too.

    Args:
        path: It doesn't have to exist.
        roots: Folders, without links.
    """
    places: list[Path] = []
    try:
        places.append(real_path(path, places.append))
    except (ReadError, OSError, ValueError):
        return True
    return any(place.is_relative_to(root) for place in places for root in roots)


def working_folder() -> Path | None:
    """Return the working folder, or None if it was deleted."""
    try:
        return Path.cwd()
    except OSError:
        return None


def display_path(path: Path) -> Path:
    """Return a path as people would write it: without `..`, and relative if it is below.

    Links on the way to its folder are followed. A link at its end stays.
    """
    return _from_here(path.parent, path.name) if path.name != ".." else _from_here(path, "")


def plain_join(folder: Path, text: str) -> Path:
    """Join like `join_local`, for paths to write and show: without `..`, relative if below.

    Links on the way to the folder are followed. Links after it stay, so the writer sees them.

    Raises:
        ReadError: The path can't be that of a file on this machine.
    """
    join_local(folder, text)
    return _from_here(folder, text)


def _from_here(folder: Path, rest: str) -> Path:
    try:
        path = Path(os.path.normpath(real_path(folder) / rest))
    except (OSError, ValueError, ReadError):
        return folder / rest
    here = working_folder()
    real_here = here and Path(_by_its_long_name(str(here)))
    return path.relative_to(real_here) if real_here and path.is_relative_to(real_here) else path
