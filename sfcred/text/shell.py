"""Write commands for the shell that people have, because they copy what messages suggest.

That is a POSIX shell, zsh or fish or, on Windows, PowerShell. A word of a shell that sfcred doesn't
expect is a wrong word there, but never a command.

Source: POSIX 2024, 2.2 (quoting); zsh's manual, "= expansion"; fish's manual, "Quotes"; and
about_Quoting_Rules and about_Parsing (Microsoft Learn). Tested with dash, bash, zsh, fish 3.6 and
busybox.
"""

import re
import sys
from pathlib import Path

# Words that these shells take as they are, and that don't end like a sentence: a line that does
# isn't recognized as a command, which must not be wrapped. zsh replaces `=ls` with that program's
# path.
_PLAIN_POSIX = re.compile(r"\.{1,2}|(?!=)[\w@%+=:,./-]*[\w@%+=/-]", re.ASCII)
# What a message may mask. Without quotes, the asterisks in its place would be a pattern.
_MAYBE_MASKED = re.compile(r"[0-9]{16}|[\w-]{40}|[\w+/-]{60}|00D|5Aep|eyJ|//[^/]*@", re.ASCII)
# In single quotes, a backslash before another one or a quote has a meaning in fish.
_IN_QUOTES = str.maketrans({"'": "'\"'\"'", "\\": "'\"\\\\\"'"})
# Words that PowerShell takes as they are, in any version. They don't end like a sentence, either.
_PLAIN = re.compile(r"\.{1,2}|[\w.:\\/+=-]*[\w\\/+=-]")
# PowerShell takes each of these for a single quote.
_QUOTES = re.compile("(['‘’‚‛])")
# The first number that .NET's char can't hold.
_BEYOND_CHAR = 0x10000


def for_shell(path: Path | str) -> str:
    """Return a path as one word of a command.

    Args:
        path: Any path. If it starts with a dash, it gets a leading `./`, so it isn't an option.

    Returns:
        The path on one line, in quotes if a shell would split or run anything in it.
    """
    return for_powershell(_no_option(path)) if sys.platform == "win32" else for_sh(path)


def for_sh(path: Path | str) -> str:
    """Return a path as `for_shell` does, for a file that sh reads, whatever this system is."""
    return for_posix(_no_option(path))


def _no_option(path: Path | str) -> str:
    text = str(path)
    return f"./{text}" if text.startswith("-") else text


def with_profile(chosen: str, profile: str | None) -> str:
    """Return the arguments that choose a credential: its name or file, and its profile."""
    return f"{chosen} --profile {profile}" if profile else chosen


def with_input(command: str, path: Path | str) -> str:
    """Return a command that reads a file as its standard input. PowerShell has no `<`, but cmd has.

    Args:
        command: The command, for any shell.
        path: The file.
    """
    if sys.platform == "win32":
        line = f'{command} < "{path}"'
        return f"cmd /c {for_powershell(line)}"
    return f"{command} < {for_shell(path)}"


def for_posix(text: str) -> str:
    """Return a text as one word for a POSIX shell, zsh or fish.

    With control characters, the quotes are `$'…'`, which bash, zsh and POSIX 2024 know. No quote is
    inside, because dash 0.5.12 takes them for ordinary quotes after a dollar sign. A backquote has
    this form, too: messages have commands in backquotes.
    """
    if not _is_printable(text):
        return f"$'{''.join(_escaped(sign) for sign in text)}'"
    if _PLAIN_POSIX.fullmatch(text) and not _MAYBE_MASKED.search(text):
        return text
    return f"'{text.translate(_IN_QUOTES)}'"


def _escaped(sign: str) -> str:
    if sign == "\\":
        return "\\\\"
    if _is_printable(sign) and sign != "'":
        return sign
    content = sign.encode("utf-8", "surrogateescape")  # as the name's bytes are
    return "".join(f"\\x{byte:02x}" for byte in content)


def _is_printable(text: str) -> bool:
    return text.isprintable() and "`" not in text


def for_powershell(text: str) -> str:
    """Return a text as one word for PowerShell. Control characters are written as numbers."""
    if _PLAIN.fullmatch(text):
        return text
    if _is_printable(text):
        return _quoted(text)
    return f"('' + {' + '.join(_as_value(sign) for sign in text)})"


def _as_value(sign: str) -> str:
    if _is_printable(sign):
        return _quoted(sign)
    number = ord(sign)
    return f"[char]{number}" if number < _BEYOND_CHAR else f"[char]::ConvertFromUtf32({number})"


def _quoted(text: str) -> str:
    return "'" + _QUOTES.sub(r"\1\1", text) + "'"


def program(path: str) -> str:
    """Return a program's path as the first word of a command."""
    word = for_shell(path)
    # To PowerShell, a text in quotes is a value, not a program.
    return f"& {word}" if sys.platform == "win32" and word != path else word


def then(first: str, second: str) -> str:
    """Return a command that runs another one after a first one that succeeded."""
    if sys.platform == "win32":  # PowerShell 5.1, which comes with Windows, has no &&
        return f"{first}; if ($?) {{ {second} }}"
    return f"{first} && {second}"


def remove(*files: Path | str) -> str:
    """Return the command that removes files. PowerShell takes a list, with commas."""
    return f"rm {(', ' if sys.platform == 'win32' else ' ').join(map(for_shell, files))}"


def untrack(path: Path | str) -> str:
    """Return the command that makes git forget a file, and no other.

    Git reads patterns in quotes, too, if no file has that name.
    """
    is_masked = _MAYBE_MASKED.search(str(path)) is not None
    return f"git {'--literal-pathspecs ' if is_masked else ''}rm --cached {for_shell(path)}"


def set_variable(name: str, value: str) -> str:
    """Return the command that sets an environment variable to a value, or to a placeholder."""
    return f"$env:{name} = '{value}'" if sys.platform == "win32" else f"export {name}={value}"


def create_folder(path: Path | str, *, private: bool = False) -> str:
    """Return the command that creates a folder and those above it.

    Args:
        path: The folder.
        private: Only its owner can enter it. On Windows, a folder has the rights of the one above.
    """
    if sys.platform == "win32":
        return f"mkdir {for_shell(path)}"
    return f"mkdir {'-m 700 ' if private else ''}-p {for_shell(path)}"
