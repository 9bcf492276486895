"""Quote text for a shell, because people copy the commands that messages suggest."""

import shlex
from pathlib import Path


def for_shell(path: Path | str) -> str:
    """Return a path as one word of a command for a POSIX shell.

    Args:
        path: Any path. If it starts with a dash, it gets a leading `./`, so it isn't an option.

    Returns:
        The path on one line. In quotes if a shell would split or run anything in it, and in `$'…'`
        (bash, zsh and POSIX 2024) if it has control characters.
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
