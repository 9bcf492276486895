"""Rules for paths: which ones name a file of this machine, and where they really lead.

Windows reaches out when it is handed some paths: `//host/share` offers the user's password hash to
that host, `\\\\.\\pipe\\x` and `NUL` talk to a device, `x:y` opens a second stream of a file. The
rules hold on every system, so that a project that works on one works on all.

Source: "Naming Files, Paths, and Namespaces" and "File path formats on Windows systems"
(Microsoft Learn).
"""

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sfcred.errors import ReadError

# Kernel interfaces that look like files; /proc/self/environ would hand over every variable.
_PSEUDO_FILESYSTEMS = ("/proc", "/sys", "/dev")
# As many as Linux follows (path_resolution(7)).
_MAX_LINKS = 40
#: More folders in each other than any project has: a path of a spec may be as long as a spec.
MAX_PARTS = 256
_DEVICE = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|COM[0-9¹²³]|LPT[0-9¹²³]) *(?:[.:].*)?",
    re.IGNORECASE | re.DOTALL,
)


def why_foreign(text: str) -> str | None:  # noqa: PLR0911 - a table of reasons
    """Say why a path can't be the path of a file on this machine.

    Args:
        text: A path as a spec or a configuration has it.

    Returns:
        The reason, to follow the path's name in a message; None for a path that is fine.
    """
    if "\0" in text:
        return "holds a character that no file name can have"
    if re.match(r"[\\/]{2}", text):
        return "names another machine or a device (it begins with two slashes)"
    if re.match(r"[\\/]\?\?(?:[\\/]|$)", text):
        return r"names a device (it begins with \??)"
    drive = re.match(r"[A-Za-z]:(.?)", text, re.DOTALL)
    if drive and drive[1] not in ("\\", "/"):
        return "is relative to a drive's current folder"
    rest = text[2:] if drive else text
    parts = re.split(r"[\\/]", rest)
    if any(_DEVICE.fullmatch(part) for part in parts):
        return "holds a name that is a device on Windows"
    if ":" in rest:
        return "holds a colon, which on Windows opens another stream of a file"
    return None


def join_local(folder: Path, text: str) -> Path:
    """Join a path of a spec or configuration to the folder that it is relative to.

    Raises:
        ReadError: The path isn't that of a file on this machine.
    """
    reason = why_foreign(text)
    if reason:
        raise ReadError(
            f"{text!a}: {reason}", hint="Name a file of this machine, with a name of its own."
        )
    return folder / text


def real_path(path: Path, on_link: Callable[[Path], None] | None = None) -> Path:
    """Follow all links of a path, one by one, without touching what they must not lead to.

    Unlike os.path.realpath, no link is followed before it is clear where it leads: on Windows a
    look at `\\\\host\\share` would be enough to send a password hash there.

    Args:
        path: Any path. What doesn't exist is kept as it is.
        on_link: Is handed the place of each link on the way, and may raise.

    Returns:
        An absolute path without links.

    Raises:
        ReadError: A link, or the path itself, leads to another machine or a system interface.
        OSError: It is too long, there are too many links, or the working folder is gone.
        ValueError: A NUL character.
    """
    absolute = path.absolute()
    current, pending, links = absolute.anchor, list(absolute.parts[:0:-1]), 0
    while pending:
        name = pending.pop()
        step = os.path.dirname(current) if name == ".." else os.path.join(current, name)  # noqa: PTH118, PTH120 - strings: many paths are walked
        target = None if name == ".." else _target(step)
        if target is None:
            current = step
        else:
            _refuse_link(path, step, target)
            if on_link is not None:
                on_link(Path(step))
            led = Path(target)
            current = led.anchor or current
            pending += [part for part in reversed(led.parts) if part != led.anchor]
            links += 1
        _refuse_labyrinth(links, len(pending))
    _refuse_interface(path, current)
    return Path(current)


def _refuse_labyrinth(links: int, parts: int) -> None:
    reason = errno.ELOOP if links > _MAX_LINKS else errno.ENAMETOOLONG if parts > MAX_PARTS else 0
    if reason:
        raise OSError(reason, os.strerror(reason))


def _refuse_link(path: Path, step: str, target: str) -> None:
    # Where it stands, too: /proc/self/fd/3 is a link to a regular file.
    _refuse_interface(path, step)
    if is_elsewhere(target):
        raise ReadError(
            f"{path}: is a link that leads to another machine or a device",
            hint="Name a file of this machine.",
        )


def is_elsewhere(target: str) -> bool:
    """Say whether a link leads to another machine or a device.

    A name with a colon or of a device is fine here: such a link can't be made on Windows.
    """
    return re.match(r"[\\/]{2}|[\\/]\?\?(?:[\\/]|$)", target) is not None


def _refuse_interface(path: Path, real: str) -> None:
    inside = tuple(f"{folder}/" for folder in _PSEUDO_FILESYSTEMS)
    # /dev/shm is memory that holds ordinary files.
    if f"{real}/".startswith(inside) and not real.startswith("/dev/shm"):  # noqa: S108 - see above
        raise ReadError(f"{path}: leads to a system interface", hint="Name a regular file.")


def _target(step: str) -> str | None:
    """What a link says; None for everything that is no link."""
    try:
        target = os.readlink(step)  # noqa: PTH115 - strings: many paths are walked
    except OSError:
        return None
    # Windows gives an ordinary absolute target as \\?\C:\…
    return re.sub(r"^\\\\\?\\(?=[A-Za-z]:)", "", target)


def is_there(path: Path) -> bool:
    """Say whether a path leads to something. Where it can't lead, nothing is there.

    Path.exists raises for a name that is too long, as do is_dir and is_file; and they follow links
    to other machines.
    """
    real = _where_allowed(path)
    return real is not None and os.path.exists(real)  # noqa: PTH110 - see above


def is_folder(path: Path) -> bool:
    """Say whether a path leads to a folder."""
    real = _where_allowed(path)
    return real is not None and os.path.isdir(real)  # noqa: PTH112 - see is_there


def is_file(path: Path) -> bool:
    """Say whether a path leads to a regular file."""
    real = _where_allowed(path)
    return real is not None and os.path.isfile(real)  # noqa: PTH113 - see is_there


def _where_allowed(path: Path) -> Path | None:
    try:
        return real_path(path)
    except (ReadError, OSError, ValueError):
        return None


# -- is it inside: what a path leads to, how it is written, and who can decide about it


def is_inside(path: Path, root: Path) -> bool:
    """Say whether a path certainly leads to a place in a folder, links followed.

    Args:
        path: It need not exist.
        root: The folder.
    """
    real, folder = _where_allowed(path), _where_allowed(root)
    return real is not None and folder is not None and real.is_relative_to(folder)


def lies_outside(path: Path, root: Path) -> bool:
    """Say whether a path certainly leads out of a folder, links followed.

    A path that leads nowhere, such as a link to itself, doesn't: reading it says what is wrong.
    """
    return _where_allowed(path) is not None and not is_inside(path, root)


def part_below(path: Path, root: Path) -> Path | None:
    """Return how a path goes on from a folder as it is written, or None if it doesn't lie below.

    No link of the path is followed: `root/link` lies below, wherever it leads. The folder may be
    written with or without its links. `root/../elsewhere` doesn't lie below.

    Args:
        path: It need not exist.
        root: The folder.
    """
    plain = Path(os.path.abspath(path))  # noqa: PTH100 - no link is followed
    for folder in (Path(os.path.abspath(root)), Path(os.path.realpath(root))):  # noqa: PTH100
        if plain.is_relative_to(folder):
            return plain.relative_to(folder)
    return None


def passes_through(path: Path, roots: Iterable[Path]) -> bool:
    """Say whether what lies in some folders can decide what a path leads to.

    So it is where the path leads into one of them, and where one of the links on its way lies
    there, whatever that leads to. A path that can't be followed counts, too.

    Args:
        path: It need not exist.
        roots: Folders, without links.
    """
    places: list[Path] = []
    try:
        places.append(real_path(path, places.append))
    except (ReadError, OSError, ValueError):
        return True
    return any(place.is_relative_to(root) for place in places for root in roots)


def repositories_around(folder: Path) -> Iterator[Path]:
    """Yield the roots of the git repositories that a folder lies in, the innermost first.

    Args:
        folder: An absolute path without links, which need not exist.
    """
    return (f for f in (folder, *folder.parents) if os.path.lexists(f / ".git"))


def find_root(folder: Path) -> Path | None:
    """Return the root of the innermost repository that a folder lies in, or None.

    Args:
        folder: As above.
    """
    return next(repositories_around(folder), None)


def untrusted_roots(project: Path) -> list[Path]:
    """Return the project, the working folder, and the repositories around them, links followed.

    Whoever writes the project decides what is in these folders. Not the root of the file system,
    which holds everything, nor a home folder that is a repository for the sake of its settings.

    Args:
        project: The project's root.
    """
    start = {Path(os.path.realpath(folder)) for folder in (project, working_folder()) if folder}
    around = {root for folder in start for root in _repositories_but_home(folder)}
    return [folder for folder in start | around if folder != folder.parent]


def _repositories_but_home(folder: Path) -> list[Path]:
    home = Path(os.path.realpath(os.path.expanduser("~")))  # noqa: PTH111 - Path.home() may raise
    # The innermost counts in any case: some CI systems make a checkout the home folder.
    found = enumerate(repositories_around(folder))
    return [root for number, root in found if number == 0 or root != home]


def working_folder() -> Path | None:
    """Return the working folder, or None if it was deleted."""
    try:
        return Path.cwd()
    except OSError:
        return None


def display_path(path: Path) -> Path:
    """Return a path as people would write it: without `..`, relative where it lies below.

    The links on the way to its folder are followed; a link at its end stays.
    """
    return _from_here(path.parent, path.name) if path.name != ".." else _from_here(path, "")


def plain_join(folder: Path, text: str) -> Path:
    """Join as `join_local` does, for a path to write and to show: without `..`, relative to here.

    The links on the way to the folder are followed; those after it are left for the writer to see.

    Raises:
        ReadError: The path isn't that of a file on this machine.
    """
    join_local(folder, text)
    return _from_here(folder, text)


def _from_here(folder: Path, rest: str) -> Path:
    try:
        path = Path(os.path.normpath(real_path(folder) / rest))
    except (OSError, ValueError, ReadError):
        return folder / rest
    here = working_folder()
    return path.relative_to(here) if here and path.is_relative_to(here) else path
