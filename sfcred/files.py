"""Reading with care and writing without loss: the only module that touches the disk's content."""

import os
import stat
from functools import lru_cache
from pathlib import Path

from sfcred.errors import NotKnown, ReadError, WriteError, WriteRefused

#: The most that a referenced file (secret, certificate, environment file) may hold, in bytes.
REFERENCED_LIMIT = 64 * 1024

# Kernel interfaces that look like files; /proc/self/environ would hand over every variable.
_PSEUDO_FILESYSTEMS = ("/proc", "/sys", "/dev")


def read_regular(path: Path, limit: int = REFERENCED_LIMIT) -> bytes:
    """Reads a regular file whole, links followed.

    Args:
        path: The file.
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
            f"{path}: {_plain(error)}", hint="Check the path and the permissions of the file."
        ) from None
    except ValueError:  # a NUL character in the path
        raise ReadError(
            "the path holds a character that no file name can have", hint="Correct the path."
        ) from None


def _read(path: Path, limit: int) -> bytes:
    real = os.path.realpath(path)
    if real.startswith(tuple(folder + "/" for folder in _PSEUDO_FILESYSTEMS)):
        raise ReadError(f"{path}: leads to a system interface", hint="Name a regular file.")
    # O_NONBLOCK: opening a pipe that nobody writes to must not hang.
    descriptor = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ReadError(f"{path}: not a regular file", hint="Name a regular file.")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ReadError(
            f"{path}: larger than {limit // 1024} KB", hint="Check that this is the file you meant."
        )
    return content


def write_safely(path: Path, content: str, *, force: bool, secret: bool = True) -> None:
    """Writes a file whole or not at all, readable by its owner only.

    Args:
        path: Where to. Its folder must exist.
        content: The text, written as UTF-8 with the line ends it has.
        force: Write over an existing file, and inside a git work tree that doesn't ignore it.
        secret: The content holds secrets: mode 0600, and git must ignore the path.

    Raises:
        WriteRefused: The path exists (and no force), is a symbolic link, or git would take it.
        WriteError: The system said no.
    """
    refuse_unsafe_target(path, force=force, secret=secret)
    try:
        _write_atomically(path, content, 0o600 if secret else 0o644)
    except OSError as error:
        raise WriteError(
            f"{path}: could not be written: {_plain(error)}",
            hint="Nothing was changed. Choose another place with -o, or make room.",
        ) from None


def make_folder(folder: Path, mode: int = 0o755) -> None:
    """Makes a folder and those above it, where they don't exist.

    Raises:
        WriteError: The system said no.
    """
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(
            f"{folder}: could not be made: {_plain(error)}", hint="Check the folder's permissions."
        ) from None


def rewrite(path: Path, content: str) -> None:
    """Writes over a file, whole or not at all; its permissions stay.

    Args:
        path: The file.
        content: The text, written as UTF-8 with the line ends it has.

    Raises:
        WriteRefused: The path is a symbolic link, or no regular file.
        WriteError: The system said no.
    """
    refuse_unsafe_target(path, force=True, secret=False)
    try:
        _write_atomically(path, content, stat.S_IMODE(path.stat().st_mode))
    except OSError as error:
        raise WriteError(
            f"{path}: could not be written: {_plain(error)}",
            hint="The file is as it was. Check its permissions and those of its folder.",
        ) from None


def refuse_unsafe_target(path: Path, *, force: bool, secret: bool) -> None:
    """Raises WriteRefused where `write_safely` would: ask before work starts.

    Args:
        path: Where something shall be written.
        force: What may be overridden is.
        secret: The content will hold secrets.
    """
    if path.is_symlink():
        raise WriteRefused(
            f"{path}: is a symbolic link, and sfcred writes through none",
            hint="Name the real file, or remove the link.",
        )
    if path.exists() and not path.is_file():
        raise WriteRefused(f"{path}: is not a regular file", hint="Choose another name with -o.")
    if path.exists() and not force:
        raise WriteRefused(
            f"{path}: exists already", hint="Choose another name, or allow it with --force."
        )
    if secret and not force:
        refuse_tracking(path)


def tidy(path: Path) -> Path:
    """The same place as people would write it: without `..`, relative where it lies below."""
    real = _real_folder(path) / path.name
    try:
        return real.relative_to(Path.cwd())
    except ValueError:
        return real


def refuse_tracking(path: Path) -> None:
    """Raises WriteRefused where git would take a file that will hold secrets, or may do so."""
    try:
        taken = git_would_take(path)
    except NotKnown as reason:
        raise WriteRefused(
            f"{path}: will hold secrets, and {reason.message}",
            hint=f"{reason.hint} Or write outside the repository, or use --force.",
        ) from None
    if taken:
        raise WriteRefused(
            f"{path}: lies in a git work tree that does not ignore it, and it will hold secrets",
            hint=f"Add the path to .gitignore, write outside the repository, or use --force "
            f"(check: git check-ignore {path.name}).",
        )


def git_would_take(path: Path) -> bool:
    """Whether the path lies in a git work tree and no ignore rule covers it.

    Raises:
        NotKnown: There is a work tree, and git can't be asked.
    """
    folder, name = _real_folder(path), path.name
    if not _in_work_tree(folder):
        return False
    return _git(folder, "check-ignore", "--quiet", "--", name)[0] == 1


def git_tracks(path: Path) -> bool:
    """Whether git has this very file (or the link that leads to it) under version control.

    Raises:
        NotKnown: There is a work tree, and git can't be asked.
    """
    places = {(_real_folder(path), path.name)}
    real = Path(os.path.realpath(path))
    places.add((real.parent, real.name))
    return any(name in _tracked(folder) for folder, name in places)


def _real_folder(path: Path) -> Path:
    return Path(os.path.realpath(path.parent))


@lru_cache(maxsize=1024)
def _in_work_tree(folder: Path) -> bool:
    # Looking for .git saves starting git (3 ms each) for files outside any repository.
    return any((f / ".git").exists() for f in (folder, *folder.parents))


@lru_cache(maxsize=128)
def _tracked(folder: Path) -> frozenset[str]:
    """The names in one folder that git has: one start of git for all secrets of a folder."""
    if not _in_work_tree(folder):
        return frozenset()
    names = _git(folder, "ls-files", "-z", "--", ":(glob)*")[1]
    return frozenset(os.fsdecode(name) for name in names.split(b"\0") if name)


def _git(folder: Path, *command: str) -> tuple[int, bytes]:
    """Git's exit status (0 or 1) and output for a fixed command.

    Raises:
        NotKnown: There is no git, or it refuses.
    """
    import subprocess

    # An untrusted repository must not run programs through its own configuration.
    safe = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
    try:
        done = subprocess.run(  # noqa: S603 - fixed program and arguments, no shell
            ["git", *safe, *command],  # noqa: S607 - git is where PATH has it
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        raise NotKnown(
            f"git can't be asked about {folder}", hint="Install git where sfcred runs."
        ) from None
    if done.returncode not in (0, 1):
        # Mostly "dubious ownership": the folder is another user's, as in many containers.
        raise NotKnown(
            f"git can't be asked about {folder}",
            hint=f"Let git trust it: git config --global --add safe.directory {folder}.",
        )
    return done.returncode, done.stdout


def _write_atomically(path: Path, content: str, mode: int) -> None:
    import tempfile

    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(
            descriptor, "w", encoding="utf-8", errors="surrogateescape", newline=""
        ) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)  # noqa: PTH101 - mkstemp gives a string
        os.replace(temporary, path)  # noqa: PTH105 - as above
    except BaseException:
        # BaseException: Ctrl-C must not leave half a secret behind either.
        Path(temporary).unlink(missing_ok=True)
        raise


def _plain(error: OSError) -> str:
    """The system's words without numbers and Python names: `no such file or directory`."""
    return (error.strerror or type(error).__name__).lower()
