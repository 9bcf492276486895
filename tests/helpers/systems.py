"""What a test needs of the system that it runs on. Without it, the test is skipped."""

import stat
import sys
from pathlib import Path

import pytest

needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
needs_any_name = pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids such names")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX system")


def skip_without_posix(what: str) -> None:
    """Skip the running test, because of what Windows lacks."""
    if sys.platform == "win32":
        pytest.skip(f"needs {what}")


def make_executable(script: Path) -> None:
    """Make a shell script a program, which Windows can't start."""
    skip_without_posix("shell scripts as programs")
    script.chmod(0o755)


def has_mode(path: Path, mode: int) -> bool:
    """Tell whether a file has these permissions. On Windows, it has those of its folder instead."""
    return sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == mode
