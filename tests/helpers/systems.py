"""What a test needs of the system that it runs on. Without it, the test is skipped."""

import sys
from pathlib import Path

import pytest

needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
needs_posix_shell = pytest.mark.skipif(sys.platform == "win32", reason="has no POSIX shell")


def make_executable(script: Path) -> None:
    """Make a shell script a program, which Windows can't start."""
    if sys.platform == "win32":
        pytest.skip("Windows doesn't start shell scripts")
    script.chmod(0o755)
