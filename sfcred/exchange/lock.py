"""Keep two pushes from using the same state at the same time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sfcred.errors import SfcredError, WriteError, system_reason


class Busy(SfcredError):
    """Another push is using the same state, or has changed it since the plan was made."""

    exit_status = 1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file's lock. The system releases it when this process ends.

    Raises:
        Busy: Another process holds it.
        WriteError: The file can't be created.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise WriteError(
            f"{path}: {system_reason(error)}", hint="Check the permissions of its folder."
        ) from None
    try:
        if not _try_lock(descriptor):
            raise Busy(
                "another push is using the same state",
                hint="Nothing was sent. Wait until it is done, and run this again.",
            )
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
