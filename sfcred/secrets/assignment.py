"""Write a value as a line of an environment file that every program reads the same way.

Environment files are read by python-dotenv (sfcred and many others use it), node's dotenv, Docker
Compose, and shells (`set -a; . FILE`). Each has its own rules, and a shell runs commands that it
finds. So only what all of them read the same way is written. Tested with dash, bash, zsh, busybox,
python-dotenv (with and without interpolation), node's dotenv 16 and 18, and node 20's --env-file.
A value is written:

- without quotes, if it has only letters, digits and a few other characters.
  `docker run --env-file` reads this form too.
- otherwise in single quotes. Shells then take every character literally. So do the others, with
  these exceptions: a backslash before a backslash or the closing quote; `${…}`, which python-dotenv
  expands even there; and `$(shell …)`, which make runs if a Makefile includes the file.
- otherwise in double quotes, if it has a single quote and nothing that shells expand or unescape.
"""

import re

from pydantic import SecretStr

from sfcred.errors import WriteRefused

#: Names that a shell can set. It would run `A.B=…` as a command.
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
# Without `~`, which shells expand at the beginning and after `:`. zsh expands `=ls` there too.
_PLAIN = r"(?!=)(?:[A-Za-z0-9_./@%+,=-]|:(?!=))+"


def assignment(name: str, value: SecretStr) -> str:
    """Return the line or lines that set a variable.

    Args:
        name: The variable's name.
        value: Its value.

    Returns:
        `NAME=…` with a line break.

    Raises:
        WriteRefused: No notation means the same to all programs. The message has the name and the
            reason, never the value.
    """
    require_name(name)
    text = value.get_secret_value()
    if fault := _fault(text):
        raise WriteRefused(
            f"the value for {name} can't be written to an environment file: {fault}",
            hint="Shells and .env parsers would read it differently. Keep it in a separate file "
            "({file: …}; for import: --secrets file) or in the keyring.",
        )
    return f"{name}={_notation(text)}\n"


def require_name(name: str) -> None:
    """Reject a name that a shell can't set.

    Raises:
        WriteRefused: With the reason.
    """
    if not re.fullmatch(_NAME, name):
        raise WriteRefused(
            f"{name} is not a name that a shell can set: it would run the line as a command",
            hint="Use only letters, digits and _, and don't start with a digit.",
        )


def is_plain(line: str) -> bool:
    """Return whether a line from assignment() has no quotes. Such a line is safe anywhere."""
    return re.fullmatch(f"{_NAME}={_PLAIN}\n", line) is not None


def _notation(text: str) -> str:
    if re.fullmatch(_PLAIN, text):
        return text
    quote = '"' if "'" in text else "'"
    return f"{quote}{text}{quote}"


def _fault(text: str) -> str:
    """Return why a text can't be written, or an empty string if it can."""
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
        return "it contains a control character or a carriage return (a Windows line ending)"
    if re.search(r"[\ud800-\udfff]", text):
        return "it isn't UTF-8 text"
    if re.search(r"\$[({]", text):
        return "it contains $( or ${, which make and some .env parsers expand"
    if "'" in text:
        signs = [sign for sign in ('"', "\\", "$", "`") if sign in text]
        return f"it contains both ' and {signs[0]}" if signs else ""
    if "\\\\" in text or text.endswith("\\"):
        return "it contains two backslashes in a row, or ends with a backslash"
    return ""
