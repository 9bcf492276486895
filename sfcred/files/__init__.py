"""Read, safely, the files that a repository or a user names. `writing` writes them."""

import os
import stat
import sys
from pathlib import Path

from sfcred.errors import ReadError, SfcredError, system_reason
from sfcred.paths import is_folder, real_path

#: The maximum size of a referenced file (secret, certificate, environment file), in bytes.
REFERENCED_LIMIT = 64 * 1024

#: Why a path with a NUL character is refused.
BAD_CHARACTER = "the path contains a character that is not allowed in file names"


def read_regular(path: Path, limit: int = REFERENCED_LIMIT) -> bytes:
    """Read a whole regular file, following symbolic links.

    Args:
        path: The file. Paths from a spec or the configuration must come from `paths.join_local`.
        limit: The maximum size in bytes.

    Returns:
        The file's bytes.

    Raises:
        ReadError: The file is missing, unreadable, too large, or not a regular file.
    """
    try:
        return _read(path, limit)
    except OSError as error:
        raise ReadError(
            f"{path}: {system_reason(error)}",
            hint="Check the path."
            if isinstance(error, FileNotFoundError)
            else "Check the path and the file's permissions.",
        ) from None
    except ValueError:  # a NUL character in the path
        raise ReadError(BAD_CHARACTER, hint="Correct the path.") from None


def _read(path: Path, limit: int) -> bytes:
    real = real_path(path)  # which resolves all links
    try:
        descriptor = _open(real)
    except PermissionError:
        if is_folder(real):  # Windows doesn't open folders
            raise _irregular(path, "is a folder") from None
        raise
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        is_a_folder = stat.S_ISDIR(found.st_mode)
        raise _irregular(path, "is a folder" if is_a_folder else "not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        # Python allocates what it is asked for: not the limit, which can be 2 MB, for each file.
        content = file.read(min(found.st_size, limit) + 1)
        if len(content) > found.st_size:  # it has grown since
            content += file.read(limit + 1 - len(content))
    if content and not found.st_size:
        # Files that the kernel generates have no size, wherever they are mounted (proc(5)).
        raise _irregular(path, "leads to a system interface")
    if len(content) > limit:
        raise ReadError(
            f"{path}: larger than {limit // 1024} KB", hint="Check that this is the file you meant."
        )
    return content


def _irregular(path: Path, reason: str) -> ReadError:
    return ReadError(f"{path}: {reason}", hint="Use a regular file.")


def read_start(path: Path, size: int) -> bytes:
    """Read the beginning of a regular file; nothing if it is a link, or can't be read.

    Args:
        path: A file in a folder that was listed.
        size: How much to read, in bytes.
    """
    try:
        descriptor = _open(path)
    except OSError:
        return b""
    try:
        is_regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
        return os.read(descriptor, size) if is_regular else b""
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    # O_NONBLOCK: don't hang on a pipe without a writer. O_NOFOLLOW: not a link.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    return os.open(path, flags | getattr(os, "O_BINARY", 0))


def read_standard_input(limit: int, too_large: SfcredError) -> bytes:
    """Read all of standard input.

    Args:
        limit: The maximum size in bytes.
        too_large: What to raise for more than that.

    Raises:
        ReadError: It can't be read.
        SfcredError: `too_large`.
    """
    try:
        content = sys.stdin.buffer.read(limit + 1)
    except OSError as problem:
        raise ReadError(
            f"standard input can't be read: {system_reason(problem)}",
            hint="Name a file, or pipe the text in.",
        ) from None
    if len(content) > limit:
        raise too_large
    return content
