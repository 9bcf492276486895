"""Texts for a shell: a command that a message suggests is copied, and must do only what it says."""

import shlex
from pathlib import Path


def for_shell(path: Path | str) -> str:
    """A path as one word of a command for a POSIX shell.

    Args:
        path: Any path. One that begins with a dash gets `./` in front, or it would be an option.

    Returns:
        The path; in quotes where it holds anything that a shell would take apart or run.
    """
    text = str(path)
    return shlex.quote(f"./{text}" if text.startswith("-") else text)
