"""Read with care, and write without loss, the files that a repository or a person names."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from sfcred.atomic import Folder, Mode, signals_held
from sfcred.errors import NotKnown, ReadError, SfcredError, WriteError, WriteRefused, system_reason
from sfcred.git import Git
from sfcred.paths import find_root, real_path, working_folder
from sfcred.shell import for_shell

#: The most that a referenced file (secret, certificate, environment file) may hold, in bytes.
REFERENCED_LIMIT = 64 * 1024

_SECRET = Mode(0o600)


def read_regular(path: Path, limit: int = REFERENCED_LIMIT) -> bytes:
    """Reads a regular file whole, links followed.

    Args:
        path: The file. One that a spec or a configuration names comes from `paths.join_local`.
        limit: The most it may hold, in bytes.

    Returns:
        The file's bytes.

    Raises:
        ReadError: It is missing, unreadable, too large, or a folder, device, pipe or socket.
    """
    try:
        return _read(path, limit)
    except OSError as error:
        raise ReadError(
            f"{path}: {system_reason(error)}",
            hint="Check the path and the permissions of the file.",
        ) from None
    except ValueError:  # a NUL character in the path
        raise ReadError(
            "the path holds a character that no file name can have", hint="Correct the path."
        ) from None


def _read(path: Path, limit: int) -> bytes:
    real = real_path(path)
    # O_NONBLOCK: opening a pipe that nobody writes to must not hang. O_NOFOLLOW: it was no link.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(real, flags | getattr(os, "O_BINARY", 0))
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        reason = "is a directory" if stat.S_ISDIR(found.st_mode) else "not a regular file"
        raise ReadError(f"{path}: {reason}", hint="Name a regular file.")
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(limit + 1)
    if content and not found.st_size:
        # What the kernel makes up has no size, wherever it is mounted (proc(5)).
        raise ReadError(f"{path}: leads to a system interface", hint="Name a regular file.")
    if len(content) > limit:
        raise ReadError(
            f"{path}: larger than {limit // 1024} KB", hint="Check that this is the file you meant."
        )
    return content


class WriteScope:
    """Where a command writes: inside a project no link is followed, and git is asked.

    The same holds for the repository around the working folder, or else the working folder.

    Args:
        project: The project's root; None: that of the working folder.
        confined: Refuse what lies outside of the project: a spec or the configuration chose the
            path, not the person at the command line.
        chosen: Such a path, where `--force` lifted the confinement: a file outside can be made, but
            none is replaced.
    """

    def __init__(
        self, project: Path | None = None, *, confined: bool = False, chosen: bool = False
    ) -> None:
        self.chosen = confined or chosen
        here = working_folder() or Path("/")
        own = find_root(here) or here
        self.project = Path(os.path.realpath(project or own))
        # Whoever works in / has no project there: the system's links are no pull request's.
        self._roots = [root for root in (self.project, own) if root != root.parent]
        self.confined = confined

    def root_of(self, place: Path) -> Path | None:
        """Return the root that a path without links lies below; None: no link there matters."""
        return next((root for root in self._roots if place.is_relative_to(root)), None)

    @cached_property
    def git(self) -> Git:
        """The repositories around the project and the working folder."""
        return Git(self.project)


class NewFile(NamedTuple):
    """A file to write; `secret`: mode 0600, and git must ignore the path."""

    path: Path
    content: str
    secret: bool


def write_safely(
    path: Path,
    content: str,
    *,
    force: bool,
    secret: bool = True,
    scope: WriteScope | None = None,
) -> None:
    """Writes a file whole or not at all; one with secrets for its owner only.

    Args:
        path: Where to. Its folder must exist.
        content: The text, written as UTF-8 with the line ends it has.
        force: Write over an existing file, and inside a git work tree that doesn't ignore it.
        secret: The content holds secrets: mode 0600, and git must ignore the path.
        scope: The project that this is about.

    Raises:
        WriteRefused: The path exists (and no force), a link is in the way, it is not a file, its
            folder is missing, or git would take it.
        WriteError: The system said no.
    """
    scope = scope or WriteScope()
    refuse_unsafe_target(path, force=force, secret=secret, scope=scope)
    _put(NewFile(path, content, secret), scope, force=force)


def write_set(
    files: Sequence[NewFile], *, force: bool, scope: WriteScope, folders: int | None = None
) -> None:
    """Writes files that belong together: all of them, or none where none was there before.

    Args:
        files: What to write.
        force: As for `write_safely`.
        scope: The project that this is about.
        folders: Make missing folders with this mode; None: they must exist.

    Raises:
        WriteRefused, WriteError: As for `write_safely`. The message says what was replaced.
    """
    _refuse(files, force=force, scope=scope)
    with signals_held() as is_ending:
        made: list[tuple[NewFile, tuple[int, int], bool]] = []
        try:
            for file in files:
                _stop_if(is_ending())
                if folders is not None:
                    make_folder(file.path.parent, folders, scope)
                was_there = _there(file.path, scope) is not None
                made.append((file, _put(file, scope, force=force), was_there))
        except BaseException as error:
            _take_back([(f, identity) for f, identity, was_there in made if not was_there], scope)
            replaced = ", ".join(str(file.path) for file, _, was_there in made if was_there)
            if replaced and isinstance(error, SfcredError):
                error.hint = f"Already replaced: {replaced}. {error.hint}"
            raise


def _stop_if(ending: bool) -> None:
    if ending:
        raise WriteError("interrupted", hint="Run the command again.")


def _take_back(made: Sequence[tuple[NewFile, tuple[int, int]]], scope: WriteScope) -> None:
    for file, identity in made:
        with suppress(SfcredError, OSError), _open_folder(file.path, scope) as folder:
            folder.remove(file.path.name, identity)


def make_folder(folder: Path, mode: int = 0o777, scope: WriteScope | None = None) -> None:
    """Makes a folder and those above it, where they don't exist.

    Args:
        folder: The folder.
        mode: Its permissions, which the umask narrows.
        scope: The project that this is about.

    Raises:
        WriteRefused: A link is in the way.
        WriteError: The system said no.
    """
    scope = scope or WriteScope()
    try:
        real = _real_folder(folder, folder, scope)
        Folder(real, scope.root_of(real), mode).close()
    except OSError as error:
        raise WriteError(
            f"{folder}: could not be made: {system_reason(error)}",
            hint="Check the folder's permissions.",
        ) from None


def rewrite(path: Path, content: str, scope: WriteScope | None = None) -> None:
    """Writes over a file, whole or not at all; its permissions stay.

    Args:
        path: The file.
        content: The text, written as UTF-8 with the line ends it has.
        scope: The project that this is about.

    Raises:
        WriteRefused: A link is in the way, or it is no regular file.
        WriteError: The system said no.
    """
    write_safely(path, content, force=True, secret=False, scope=scope)


def refuse_unsafe_target(
    path: Path, *, force: bool, secret: bool, scope: WriteScope | None = None
) -> None:
    """Raises WriteRefused where `write_safely` would: ask before work starts.

    Args:
        path: Where something shall be written.
        force: What may be overridden is.
        secret: The content will hold secrets.
        scope: The project that this is about.
    """
    _refuse([NewFile(path, "", secret)], force=force, scope=scope or WriteScope())


def _refuse(files: Sequence[NewFile], *, force: bool, scope: WriteScope) -> None:
    for file in files:
        found = _there(file.path, scope)
        if found is not None:
            _refuse_present(file.path, found, force=force)
    if not force:
        refuse_tracking([file.path for file in files if file.secret], scope)


def _refuse_present(path: Path, found: os.stat_result, *, force: bool) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise _linked(path, path)
    if stat.S_ISDIR(found.st_mode):
        raise WriteRefused(f"{path}: is a folder", hint="Name a file.")
    if not stat.S_ISREG(found.st_mode):
        raise WriteRefused(f"{path}: is not a regular file", hint="Choose another name.")
    if not force:
        raise WriteRefused(
            f"{path}: exists already", hint="Choose another name, or allow it with --force."
        )


def _there(path: Path, scope: WriteScope) -> os.stat_result | None:
    """What lies at a path; None: nothing, or not even its folder.

    Raises:
        WriteRefused: There can be no such file, or nothing may be written there.
    """
    try:
        if path.name in ("", "..", "-"):
            raise WriteRefused(f"{path}: is not the name of a file", hint="Name a file.")
        real = _real_folder(path, path.parent, scope)
        if scope.chosen:
            _refuse_chosen(path, real, confined=scope.confined, project=scope.project)
        with Folder(real, scope.root_of(real)) as folder:
            return folder.look(path.name)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise WriteRefused(
            f"{path}: {system_reason(error)}",
            hint="Check the path, and the permissions of its folder.",
        ) from None


def _refuse_chosen(path: Path, real: Path, *, confined: bool, project: Path) -> None:
    """Refuse a place that only a repository would choose.

    Args:
        path: Where something shall be written; a spec or the configuration chose it.
        real: Its folder, without links.
        confined: Refuse everything outside of the project.
        project: The project's root.

    Raises:
        WriteRefused: With the way out.
    """
    # On Windows a name's dots and blanks at its end don't count, and the last is a short name.
    names = {part.casefold().rstrip(". ") for part in (*real.parts, path.name)}
    if names & {".git", "git~1"}:
        raise WriteRefused(
            f"{path}: lies in git's own folder", hint="Choose another place in the spec."
        )
    if real.is_relative_to(project):
        return
    if confined:
        raise WriteRefused(
            f"{path}: lies outside of the project",
            hint="The spec or the configuration chose this place. Choose one in the project, "
            "or, where the command has --force, allow it.",
        )
    if os.path.lexists(real / path.name):
        raise WriteRefused(
            f"{path}: exists already, outside of the project",
            hint="The spec chose this place, so --force replaces nothing there. Remove the file "
            "yourself, or choose another place in the spec.",
        )


def _put(file: NewFile, scope: WriteScope, *, force: bool) -> tuple[int, int]:
    content = file.content.encode("utf-8", "surrogateescape")
    try:
        with _open_folder(file.path, scope) as folder:
            found = folder.look(file.path.name)
            mode = _SECRET if file.secret else _mode_of(found)
            return folder.put(file.path.name, content, mode, replace=force)
    except FileExistsError:
        raise WriteRefused(
            f"{file.path}: exists already", hint="Choose another name, or allow it with --force."
        ) from None
    except OSError as error:
        raise WriteError(
            f"{file.path}: could not be written: {system_reason(error)}",
            hint="Nothing was changed. Choose another place, or make room.",
        ) from None


def _mode_of(found: os.stat_result | None) -> Mode:
    """A file that is replaced keeps its permissions and, as far as possible, its owner."""
    if found is None:
        return Mode()
    return Mode(found.st_mode & 0o777, (found.st_uid, found.st_gid))


@contextmanager
def _open_folder(path: Path, scope: WriteScope) -> Iterator[Folder]:
    real = _real_folder(path, path.parent, scope)
    try:
        folder = Folder(real, scope.root_of(real))
    except (FileNotFoundError, NotADirectoryError):
        raise WriteRefused(
            f"{path}: its folder does not exist", hint=f"Make it: mkdir -p {for_shell(path.parent)}"
        ) from None
    with folder:
        yield folder


def _real_folder(path: Path, folder: Path, scope: WriteScope) -> Path:
    """A folder without links on the way to it inside the project.

    Raises:
        WriteRefused: There is one, or it leads to what is no folder for files.
    """

    def refuse_inside(link: Path) -> None:
        if scope.root_of(link):
            raise _linked(path, link)

    try:
        return real_path(folder, refuse_inside)
    except ReadError as error:
        raise WriteRefused(f"{path}: {error.message.partition(': ')[2]}", hint=error.hint) from None
    except ValueError:
        raise WriteRefused(
            "the path holds a character that no file name can have", hint="Correct the path."
        ) from None


def _linked(path: Path, link: Path) -> WriteRefused:
    where = "is" if link == path else f"{link} is"
    return WriteRefused(
        f"{path}: {where} a symbolic link, and sfcred writes through none",
        hint="Name the real file (in the spec, if the path stands there), or remove the link.",
    )


def refuse_tracking(paths: Sequence[Path], scope: WriteScope | None = None) -> None:
    """Raises WriteRefused where git would take a file that will hold secrets, or may do so."""
    if not paths:
        return
    try:
        taken = (scope or WriteScope()).git.would_take(paths)
    except NotKnown as reason:
        raise WriteRefused(
            f"{paths[0]}: will hold secrets, and {reason.message}",
            hint=f"{reason.hint} Or write outside the repository, or use --force.",
        ) from None
    except (OSError, ValueError, ReadError):
        return  # `_there` said what is wrong with the path
    for path in taken:
        raise WriteRefused(
            f"{path}: lies in a git work tree that does not ignore it, and it will hold secrets",
            hint=f"Add the path to .gitignore, write outside the repository, or use --force "
            f"(check: git check-ignore {for_shell(path)}).",
        )
