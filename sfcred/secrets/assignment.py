"""A value as a line of an environment file that every reader takes for the same text.

Such a file is read by python-dotenv (which sfcred and many others use), by node's dotenv, by Docker
Compose, and by shells: `set -a; . FILE`. Each has rules of its own, and a shell runs what it finds.
So only what all of them read alike is written. Run with dash, bash, zsh, busybox, python-dotenv
(with interpolation and without), node's dotenv 16 and 18, and node 20's --env-file:

- plain letters, digits and a few signs as they are, which `docker run --env-file` reads as well;
- else in single quotes. There a shell takes every character as it is, and the others do, too, but
  for a backslash before a backslash or before the closing quote, for `${…}`, which python-dotenv
  expands even there, and for `$(shell …)`, which make runs where a Makefile includes the file;
- else in double quotes, where there is a single quote and nothing that a shell or a reader of
  escapes would look at.
"""

import re

from pydantic import SecretStr

from sfcred.errors import WriteRefused

#: Names that a shell can set. `A.B=…` would be a command to it.
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
# No `~`, which shells expand at the beginning and after `:`; zsh expands `=ls` there.
_PLAIN = r"(?!=)(?:[A-Za-z0-9_./@%+,=-]|:(?!=))+"


def assignment(name: str, value: SecretStr) -> str:
    """The line, or lines, that set a variable.

    Args:
        name: The variable's name.
        value: Its value.

    Returns:
        `NAME=…` with a line end.

    Raises:
        WriteRefused: No notation means the same to all readers. The message has the name and what
            is in the way, never the value.
    """
    require_name(name)
    text = value.get_secret_value()
    if fault := _fault(text):
        raise WriteRefused(
            f"the value for {name} can't stand in an environment file: {fault}",
            hint="Shells and readers of .env files would read it differently. Keep it in a file of "
            "its own ({file: …}; for import: --secrets file) or in the keyring.",
        )
    return f"{name}={_notation(text)}\n"


def require_name(name: str) -> None:
    """Refuses a name that a shell can't set.

    Raises:
        WriteRefused: With the reason.
    """
    if not re.fullmatch(_NAME, name):
        raise WriteRefused(
            f"{name} is not a name that a shell can set: it would take the line for a command",
            hint="Use letters, digits and _ only, and no digit first.",
        )


def is_plain(line: str) -> bool:
    """Whether a line that assignment() gave has no quotes: it can't go wrong wherever it stands."""
    return re.fullmatch(f"{_NAME}={_PLAIN}\n", line) is not None


def _notation(text: str) -> str:
    if re.fullmatch(_PLAIN, text):
        return text
    quote = '"' if "'" in text else "'"
    return f"{quote}{text}{quote}"


def _fault(text: str) -> str:
    """What is in the way, in words; empty if nothing is."""
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
        return "it has a control character or a carriage return (a Windows line end)"
    if re.search(r"[\ud800-\udfff]", text):
        return "it isn't text in UTF-8"
    if re.search(r"\$[({]", text):
        return "it has $( or ${, which make and some readers of .env files expand"
    if "'" in text:
        signs = [sign for sign in ('"', "\\", "$", "`") if sign in text]
        return f"it has both ' and {signs[0]}" if signs else ""
    if "\\\\" in text or text.endswith("\\"):
        return "it has two backslashes in a row, or one at its end"
    return ""
