"""Write, safely and without loss, the files that a repository or a user names."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import (
    NotKnown,
    ReadError,
    SfcredError,
    WriteError,
    WriteRefused,
    system_reason,
)
from sfcred.files import BAD_CHARACTER, read_regular
from sfcred.files.atomic import Folder, Mode, signals_held
from sfcred.files.write_rules import already_there, linked, refuse_chosen, refuse_present
from sfcred.git import Git
from sfcred.paths import display_path, is_device_here, is_there, real_path, working_folder
from sfcred.repositories import find_root
from sfcred.text.shell import create_folder

_SECRET = Mode(0o600)


class WriteScope:
    """Where a command writes. Inside a project, no symbolic link is followed, and git is asked.

    The same applies to the repository around the working folder, or to the working folder itself.

    Args:
        project: The project's root. None for the project of the working folder.
        confined: Refuse paths outside the project: a spec or the configuration chose the path, not
            the user.
        chosen: A spec or the configuration chose the path, and `--force` allows it to be outside
            the project. A file outside can be created, but not replaced.
    """

    def __init__(
        self, project: Path | None = None, *, confined: bool = False, chosen: bool = False
    ) -> None:
        self.chosen = confined or chosen
        here = working_folder() or Path("/")
        own = find_root(here) or here
        self.project = Path(os.path.realpath(project or own))
        # `/` is not a project: its symbolic links belong to the system, not to a pull request.
        self._roots = [root for root in (self.project, own) if root != root.parent]
        self.confined = confined

    def root_of(self, place: Path) -> Path | None:
        """Return the root above a path without links, or None if links don't matter there."""
        return next((root for root in self._roots if place.is_relative_to(root)), None)

    @cached_property
    def git(self) -> Git:
        """The repositories around the project and the working folder."""
        return Git(self.project)


class NewFile(NamedTuple):
    """A file to write.

    Attributes:
        path: Where.
        content: The text.
        secret: Its mode is 0600, and git must ignore its path.
        replaces: The content of a file that exists. This one contains it, and replaces it even
            without force, but not if somebody has changed it since.
    """

    path: Path
    content: str
    secret: bool
    replaces: str | None = None

    @property
    def is_update(self) -> bool:
        """Whether it replaces a file whose content is known, which needs no force."""
        return self.replaces is not None


def write_safely(
    path: Path,
    content: str,
    *,
    force: bool,
    secret: bool = True,
    scope: WriteScope | None = None,
) -> None:
    """Write a file completely or not at all. Only its owner can read a file with secrets.

    Args:
        path: The file. Its folder must exist.
        content: The text. It is written as UTF-8, and its line breaks stay.
        force: Replace an existing file, and write inside a git work tree that doesn't ignore it.
        secret: The content contains secrets: use mode 0600, and require that git ignores the path.
        scope: Where the command writes.

    Raises:
        WriteRefused: The path exists (without force), has a symbolic link, or is not a file; its
            folder is missing; or git doesn't ignore it.
        WriteError: The system refused.
    """
    scope = scope or WriteScope()
    refuse_unsafe_target(path, force=force, secret=secret, scope=scope)
    _put(NewFile(path, content, secret), scope, force=force)


def write_set(
    files: Sequence[NewFile], *, force: bool, scope: WriteScope, folders: int | None = None
) -> None:
    """Write files that belong together. On failure, remove those that are new.

    Args:
        files: The files to write.
        force: As for `write_safely`.
        scope: Where the command writes.
        folders: The mode for missing folders, which are created. None if they must exist.

    Raises:
        WriteRefused, WriteError: As for `write_safely`. The hint lists files already replaced.
    """
    write_sets([(files, scope)], force=force, folders=folders)


def write_sets(
    sets: Sequence[tuple[Sequence[NewFile], WriteScope]],
    *,
    force: bool,
    folders: int | None = None,
) -> None:
    """Write several sets of files, each with its own scope, as `write_set` writes one.

    Files that replace others come last, because that can't be taken back.
    """
    for files, scope in sets:
        _refuse(files, force=force, scope=scope)
    each = [(file, scope) for files, scope in sets for file in files]
    each.sort(key=lambda one: one[0].is_update)
    with signals_held() as is_ending:
        replaced: list[str] = []
        new: list[tuple[NewFile, WriteScope, tuple[int, int]]] = []
        try:
            for file, scope in each:
                # What was replaced can't be taken back, so the rest has to follow.
                _stop_if(is_ending() and not replaced)
                if folders is not None:
                    make_folder(file.path.parent, folders, scope)
                was_there = _there(file.path, scope) is not None
                identity = _put(file, scope, force=force)
                if was_there:
                    replaced.append(str(file.path))
                else:
                    new.append((file, scope, identity))
        except BaseException as error:
            _take_back(new)
            if replaced and isinstance(error, SfcredError):
                error.hint = f"Already replaced: {', '.join(replaced)}. {error.hint}"
            raise


def _stop_if(ending: bool) -> None:
    if ending:
        raise WriteError("interrupted", hint="Run the command again.")


def _take_back(made: Sequence[tuple[NewFile, WriteScope, tuple[int, int]]]) -> None:
    for file, scope, identity in made:
        with suppress(SfcredError, OSError), _open_folder(file.path, scope) as folder:
            folder.remove(file.path.name, identity)


def make_folder(folder: Path, mode: int = 0o777, scope: WriteScope | None = None) -> None:
    """Create a folder and its parents if they don't exist.

    Args:
        folder: The folder.
        mode: Its permissions, reduced by the umask.
        scope: Where the command writes.

    Raises:
        WriteRefused: The path has a symbolic link.
        WriteError: The system refused.
    """
    scope = scope or WriteScope()
    try:
        real = _real_folder(folder, folder, scope)
        Folder(real, scope.root_of(real), mode).close()
    except (FileExistsError, NotADirectoryError):
        raise WriteRefused(
            f"{folder}: a part of it is not a folder", hint="Choose another place."
        ) from None
    except OSError as error:
        raise WriteError(
            f"{folder}: could not be created: {system_reason(error)}",
            hint="Check the folder's permissions.",
        ) from None


def rewrite(path: Path, content: str, before: str) -> None:
    """Replace a file's content, completely or not at all. Its permissions stay.

    Args:
        path: The file.
        content: The text. It is written as UTF-8, and its line breaks stay.
        before: The text that the file had when it was read.

    Raises:
        WriteRefused: The path has a symbolic link, or somebody has changed the file.
        WriteError: The system refused.
    """
    file, scope = NewFile(path, content, secret=False, replaces=before), WriteScope()
    _refuse([file], force=True, scope=scope)
    _put(file, scope, force=True)


def _require_unchanged(file: NewFile) -> None:
    """Refuse to replace a file that somebody has changed since it was read."""
    if file.replaces is not None and not _has_content(file.path, file.replaces):
        raise WriteRefused(
            f"{file.path}: was changed in the meantime, so it isn't replaced",
            hint="Run the command again.",
        )


def _has_content(path: Path, text: str) -> bool:
    content = text.encode("utf-8", "surrogateescape")
    try:
        return read_regular(path, len(content)) == content
    except ReadError:  # it is gone, or longer
        return False


def refuse_unsafe_set(files: Sequence[NewFile], scope: WriteScope) -> None:
    """Raise WriteRefused if `write_set` would without force. Git is asked once for all files."""
    _refuse(files, force=False, scope=scope)


def refuse_unsafe_target(
    path: Path, *, force: bool, secret: bool, scope: WriteScope | None = None
) -> None:
    """Raise WriteRefused if `write_safely` would. Call it before work starts.

    Args:
        path: The file to be written.
        force: As for `write_safely`.
        secret: The content will contain secrets.
        scope: Where the command writes.
    """
    _refuse([NewFile(path, "", secret)], force=force, scope=scope or WriteScope())


def _refuse(files: Sequence[NewFile], *, force: bool, scope: WriteScope) -> None:
    for file in files:
        found = _there(file.path, scope)
        if found is not None:
            refuse_present(file.path, found, force=force or file.is_update)
    if not force:
        # A folder that is created later for secrets gets its own .gitignore.
        secret = [one.path for one in files if one.secret and is_there(one.path.parent)]
        refuse_tracking(secret, scope)


def _there(path: Path, scope: WriteScope) -> os.stat_result | None:
    """Return what exists at a path, or None if nothing does, or if its folder is missing.

    Raises:
        WriteRefused: The path can't be that of a file, or may not be written.
    """
    try:
        if path.name in ("", "..", "-") or is_device_here(path.name):
            raise WriteRefused(f"{path}: is not a file name", hint="Use the path of a file.")
        real = _real_folder(path, path.parent, scope)
        if scope.chosen:
            refuse_chosen(path, real, confined=scope.confined, project=scope.project)
        with Folder(real, scope.root_of(real)) as folder:
            return folder.look(path.name)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise WriteRefused(
            f"{path}: {system_reason(error)}",
            hint="Check the path and the permissions of its folder.",
        ) from None


def _put(file: NewFile, scope: WriteScope, *, force: bool) -> tuple[int, int]:
    content = file.content.encode("utf-8", "surrogateescape")
    _require_unchanged(file)
    try:
        with _open_folder(file.path, scope) as folder:
            found = folder.look(file.path.name)
            mode = _SECRET if file.secret else _mode_of(found)
            return folder.put(file.path.name, content, mode, replace=force or file.is_update)
    except FileExistsError:
        raise already_there(file.path) from None
    except OSError as error:
        raise WriteError(
            f"{file.path}: could not be written: {system_reason(error)}",
            hint=_NOT_PERMITTED if isinstance(error, PermissionError) else _NOT_WRITTEN,
        ) from None


#: Windows replaces no file that is read-only, or that a program has open without sharing it.
_NOT_PERMITTED = (
    "The file is as it was. It or its folder may be read-only, or another program "
    "has the file open."
)
_NOT_WRITTEN = "The file is as it was. Choose another place, or free some space."


def _mode_of(found: os.stat_result | None) -> Mode:
    """Keep the permissions and, if possible, the owner of a file that is replaced."""
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
            f"{path}: its folder does not exist",
            hint=f"Create it: `{create_folder(path.parent)}`",
        ) from None
    with folder:
        yield folder


def _real_folder(path: Path, folder: Path, scope: WriteScope) -> Path:
    """Return a folder without links, if there are none on the way to it inside the project.

    Raises:
        WriteRefused: There is a link, or the path can't be that of a folder for files.
    """

    def refuse_inside(link: Path) -> None:
        if scope.root_of(link):
            raise linked(path, link)

    try:
        os.fsencode(path)  # which a locale without UTF-8 can refuse
        return real_path(folder, refuse_inside)
    except ReadError as error:
        raise WriteRefused(f"{path}: {error.message.partition(': ')[2]}", hint=error.hint) from None
    except ValueError:
        raise WriteRefused(BAD_CHARACTER, hint="Correct the path.") from None


def refuse_tracking(paths: Sequence[Path], scope: WriteScope | None = None) -> None:
    """Raise WriteRefused if git doesn't ignore a file for secrets, or can't tell."""
    if not paths:
        return
    try:
        taken = (scope or WriteScope()).git.would_take(paths)
    except NotKnown as reason:
        raise WriteRefused(
            f"{paths[0]}: will contain secrets, and {reason.message}",
            hint=f"{reason.hint} Or write outside the repository, or pass --force.",
        ) from None
    except (OSError, ValueError, ReadError):
        return  # `_there` reported what is wrong with the path
    for path in taken:
        raise WriteRefused(
            f"{display_path(path)}: will contain secrets, and git does not ignore it",
            hint="Use a path that git ignores, such as one in rendered/ or secrets/ after `sfcred "
            "init`. Or add this one to .gitignore, write outside the repository, or pass --force.",
        )
