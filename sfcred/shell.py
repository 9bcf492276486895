"""Texts for a shell: a command that a message suggests is copied, and must do only what it says."""

import shlex
from pathlib import Path


def for_shell(path: Path | str) -> str:
    """A path as one word of a command for a POSIX shell.

    Args:
        path: Any path. One that begins with a dash gets `./` in front, or it would be an option.

    Returns:
        The path in one line; in quotes where it holds anything that a shell would take apart or
        run, in `$'…'` (bash, zsh and POSIX of 2024) where it holds control characters.
    """
    text = str(path)
    text = f"./{text}" if text.startswith("-") else text
    if text.isprintable():
        return shlex.quote(text)
    return f"$'{''.join(_escaped(sign) for sign in text)}'"


def _escaped(sign: str) -> str:
    if sign in "\\'":
        return f"\\{sign}"
    if sign.isprintable():
        return sign
    content = sign.encode("utf-8", "surrogateescape")  # as the name's bytes are
    return "".join(f"\\x{byte:02x}" for byte in content)
