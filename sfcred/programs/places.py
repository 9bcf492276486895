"""Decide whether an environment variable points into an untrusted folder.

A variable such as BROWSER or SOPS_AGE_KEY_CMD holds a whole command: `sh /checkout/key.sh`,
`KEY=x sh -c '…'`, `env -C /folder …`. What such a command starts runs in an empty folder
(empty_folder.py), so names and patterns without a folder find nothing. What is left are paths:
those that lead into the folders, and those that lead above them, from where another word can go on.
A text that can't be judged counts as one that leads there.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from sfcred.paths import is_file, passes_through, working_folder

_IS_WINDOWS = os.name == "nt"
# A colon separates the paths of a list, but follows a drive's letter on Windows.
_BETWEEN = r"\s=,;@|&<>(){}\"'`" + ("" if _IS_WINDOWS else ":")
_SEPARATORS = re.compile(f"[{_BETWEEN}]+")
_ABSOLUTE = r"(?:[A-Za-z]:)?[\\/]" if _IS_WINDOWS else "/"
# A path that begins a word, or follows the letters of an option: `-C/folder`.
_FIRST = re.compile(rf"(?:^|[{_BETWEEN}])(?:--?\w*)?(?=({_ABSOLUTE}))")
_SLASH = re.compile(r"(?<![\\/])[\\/]" if _IS_WINDOWS else r"(?<!/)/")
_HOME = re.compile(rf"(?:(?<=[{_BETWEEN}])|^)~[\w.-]*")
# What only a shell can take apart: its variables and the output of commands, patterns in a path,
# and the signs that printf and others decode.
_SHELL = re.compile(r"[$`]" if _IS_WINDOWS else r"[$`]|\\\w")
_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})", re.ASCII)
#: Folders to which shells go without a path: `cd -`, `~-`, `cd name`. Programs that sfcred starts
#: don't get them.
SHELL_FOLDERS = frozenset({"OLDPWD", "CDPATH"})
_PATTERN = re.compile(r"[*?\[{]")
# Ways up, or to the home folder, without naming a folder.
_UPWARDS = re.compile(
    rf"(?<!\.)\.\.(?=[\\/{_BETWEEN}]|$)"
    r"|(?<![\w./-])(?:cd|chdir|pushd)(?![\w./-])(?![ \t]+(?:[/~]|[A-Za-z]:))"
)
#: In characters and in pairs of a path's beginning and end. Nobody writes more.
_LONGEST, _MOST_PATHS = 8192, 4096
# Interfaces of the system that contain nothing.
_HARMLESS = re.compile(
    rf"(?:(?<=[{_BETWEEN}])|^)/dev/(?:null|tty|std(?:in|out|err)|zero|urandom)(?=[{_BETWEEN}]|$)"
)


def command_leads_into(text: str, roots: Iterable[Path]) -> bool:
    """Return whether a command, or an argument of one, may lead into some folders.

    A command that only a shell could take apart counts, too.

    Args:
        text: The command, as a variable holds it. It starts in an empty folder.
        roots: Folders, without links.
    """
    folders = list(roots)
    return any(
        _is_unclear(form)
        or any(_leads_into(path, folders) for path in _paths(form))
        or any(_is_above(path, folders) for path in _first_paths(form))
        for form in _forms(text)
    )


def value_leads_into(text: str, roots: Iterable[Path]) -> bool:
    """Return whether a value is a path, a list of paths or a file's URL inside some folders.

    Most values without a slash are names, so such a value only counts if it is that of a file here.
    A folder can be named like a team or a namespace.

    Args:
        text: The value of a variable.
        roots: Folders, without links.
    """
    folders = list(roots)
    if text in (".", "..") or _is_file_here(text, folders):
        return True
    return any(
        len(form) > _LONGEST or any(_leads_into(path, folders) for path in _paths(form))
        for form in _forms(text)
    )


def _forms(text: str) -> set[str]:
    """The text as it reads with variables and escapes filled in, and without quotes."""
    filled = _filled(text)
    if filled is None:  # the signs of a variable stay, so a command is unclear
        filled = text
    expanded = _HOME.sub(lambda m: os.path.expanduser(m[0]), filled)  # noqa: PTH111 - Path raises
    decoded = {_HARMLESS.sub("", one) for one in (filled, expanded, unquote(expanded))}
    return decoded | {re.sub("[\"']" if _IS_WINDOWS else r"[\"'\\]", "", one) for one in decoded}


def _filled(text: str) -> str | None:
    """Fill in variables as a shell does; None if one isn't known when the command starts.

    That is one that isn't set or isn't passed on, or that the command itself may set.
    """
    names = {match[1] or match[2] for match in _VARIABLE.finditer(text)}
    for name in names:
        if name in SHELL_FOLDERS or name not in os.environ or _is_set_in(text, name):
            return None
    filled = _VARIABLE.sub(lambda match: os.environ[match[1] or match[2]], text)
    return os.path.expandvars(filled) if _IS_WINDOWS else filled


def _is_set_in(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w$]){name}\b", _VARIABLE.sub("$", text)) is not None


def _is_unclear(text: str) -> bool:
    return (
        len(text) > _LONGEST
        or "\0" in text
        or _SHELL.search(text) is not None
        or _UPWARDS.search(text) is not None
        or any(_SLASH.search(word) and _PATTERN.search(word) for word in text.split())
    )


def _paths(text: str) -> Iterator[str]:
    """Yield everything in a text that could be a path: from any slash, up to any separator.

    Only the whole of a relative path counts, and an empty text if there are too many.
    """
    begins = [match.start() for match in _SLASH.finditer(text)]
    if _IS_WINDOWS:
        begins += [match.start() for match in re.finditer(r"[A-Za-z]:[\\/]", text)]
    ends = [*(match.start() for match in _SEPARATORS.finditer(text)), len(text)]
    if len(begins) * len(ends) > _MOST_PATHS:
        yield ""
        return
    yield from (text[begin:end] for begin in begins for end in ends if begin < end)
    yield from (word for word in _SEPARATORS.split(text) if _SLASH.search(word))


def _first_paths(text: str) -> Iterator[str]:
    """Yield the absolute paths that begin a word, up to any separator after it."""
    ends = [*(match.start() for match in _SEPARATORS.finditer(text)), len(text)]
    for match in _FIRST.finditer(text):
        yield from (text[match.start(1) : end] for end in ends if end > match.start(1))


def _leads_into(path: str, roots: list[Path]) -> bool:
    """Return whether a path leads there.

    A relative one has to lead to something, from here or above.
    """
    if not path:
        return True
    if _is_absolute(path):
        return passes_through(Path(path), roots)
    here = working_folder()
    starts = {here, *roots, *(above for root in roots for above in root.parents)} - {None}
    return any(_is_there(start / path, roots) for start in starts if start)


def _is_absolute(path: str) -> bool:
    return re.match(_ABSOLUTE, path) is not None


def _is_there(path: Path, roots: list[Path]) -> bool:
    try:
        return os.path.lexists(path) and passes_through(path, roots)
    except (OSError, ValueError):
        return True


def _is_file_here(name: str, roots: list[Path]) -> bool:
    path = Path(name)
    return len(path.parts) == 1 and is_file(path) and passes_through(path, roots)


def _is_above(path: str, roots: list[Path]) -> bool:
    """Return whether a path is that of a folder in which one of the folders is."""
    try:
        real = os.path.realpath(path)
    except (OSError, ValueError):
        return True
    return any(root.is_relative_to(real) for root in roots)
