"""Decide whether a text of the environment can name something in folders that you don't trust.

A variable such as BROWSER or SOPS_AGE_KEY_CMD holds a whole command: `sh /checkout/key.sh`,
`KEY=x sh -c '…'`, `env -S …`. The program alone says little, so every word counts. A text that
can't be judged counts as one that leads there.
"""

import os
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from sfcred.paths import is_file, passes_through, working_folder

# A colon separates the paths of a list, but follows a drive's letter on Windows.
_SEPARATORS = re.compile(r"[\s=,;@|&<>(){}\"'`]+" if os.name == "nt" else r"[\s=,;:@|&<>(){}\"'`]+")
_ABSOLUTE = re.compile(r"(?:[A-Za-z]:)?[\\/]" if os.name == "nt" else "/")
#: As many commands in a command's words as anybody writes.
_DEEPEST = 5
_HARMLESS = frozenset(
    f"/dev/{name}" for name in ("null", "tty", "stdin", "stdout", "stderr", "zero", "urandom")
)


def command_leads_into(text: str, roots: Iterable[Path]) -> bool:
    """Say whether a command, or an argument of one, may lead into some folders.

    A command that only a shell could take apart counts, too.

    Args:
        text: The command, as a variable holds it.
        roots: Folders, without links.
    """
    expanded = _expanded(text)
    if "\0" in text or _needs_shell(expanded):
        return True
    folders = list(roots)
    try:
        words = {word for form in {text, expanded} for word in _words(form)}
    except ValueError:
        return True
    return any(_leads_into(word, folders) for word in words) or _is_below_word(words, folders)


def value_leads_into(text: str, roots: Iterable[Path]) -> bool:
    """Say whether a value names a place in some folders: a path, a list of paths, a file's URL.

    Unlike in a command, a word without a slash is no file here: most values are names.

    Args:
        text: The value of a variable.
        roots: Folders, without links.
    """
    folders = list(roots)
    words = {word for form in {text, _expanded(text)} for word in _pieces(form)}
    return any(_leads_into(word, folders) for word in words if re.search(r"[\\/]", word))


def _needs_shell(text: str) -> bool:
    """Whether only a shell can tell: variables that aren't set, output of commands, patterns."""
    return re.search(r"[$`]", text) is not None or any(
        re.search(r"[\\/]", word) and re.search(r"[*?\[]", word) for word in text.split()
    )


def _expanded(text: str) -> str:
    """With the values of variables, and `~` at the beginning of a word."""
    with_values = os.path.expandvars(text)
    return re.sub(r"(?<![^\s=:\"'])~[\w.-]*", lambda m: os.path.expanduser(m[0]), with_values)  # noqa: PTH111 - Path raises


def _pieces(text: str) -> set[str]:
    """The words of a text, whatever separates them; also whole, for paths with spaces."""
    return {text, *_SEPARATORS.split(text)} - {""}


def _words(text: str, depth: int = 0) -> Iterator[str]:
    """Yield the words of a command, and those of the commands among them.

    Raises:
        ValueError: A quotation mark is missing, or commands lie in each other without an end.
    """
    if depth > _DEEPEST:
        raise ValueError
    yield from _pieces(text)
    for word in shlex.split(text, posix=os.name != "nt"):
        plain = word.strip("\"'")
        yield from (_pieces(plain) if plain == text else _words(plain, depth + 1))


def _leads_into(word: str, roots: list[Path]) -> bool:
    """Whether a word is a path there, or an option with one: `-I/lib`, `--key-file`."""
    if word in _HARMLESS:
        return False
    if start := _ABSOLUTE.match(word) or (word.startswith("-") and _ABSOLUTE.search(word)):
        return passes_through(Path(word[start.start() :]), roots)
    options = {word, word.lstrip("-"), word[2:] if word.startswith("-") else word}
    return any(_is_there(Path(name), roots) for name in options if name)


def _is_there(path: Path, roots: list[Path]) -> bool:
    """Whether a relative path leads to something there; a bare name must be a file's."""
    try:
        found = os.path.lexists(path) if len(path.parts) > 1 else is_file(path)
    except (OSError, ValueError):
        return True
    return found and passes_through(path, roots)


def _is_below_word(words: set[str], roots: list[Path]) -> bool:
    """Whether one word is a folder above, and another one leads on from it: `cd ~; sh work/x`."""
    here = working_folder()
    above = [
        folder
        for folder in (Path(word) for word in words if _ABSOLUTE.match(word))
        if any(root.is_relative_to(os.path.realpath(folder)) for root in roots) and folder != here
    ]
    relative = [word for word in words if not _ABSOLUTE.match(word)]
    return any(_is_there(folder / word, roots) for folder in above for word in relative)
