"""Refuse an environment by which the project would load code into sfcred itself."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sfcred.errors import UsageError
from sfcred.own_files import OPENSSL, find_openssl_brought_along
from sfcred.paths import is_folder
from sfcred.repositories import find_root, untrusted_roots

# As many letters as anybody puts together: -qvo.
_MOST_FLAGS = 6


def require_own_libraries(arguments: Sequence[str], *, completes: bool) -> None:
    """Make sure that OpenSSL loads nothing of the project's, before anything imports it.

    Args:
        arguments: The command line. Any argument may contain the path of a project.
        completes: The shell asks for completions. Nothing is sent or signed for that, so OpenSSL
            gets no settings at all: what somebody types may be any path.

    Raises:
        SfcredError: A variable leads into a project that is named, the working folder, or a
            repository around them; or what the project is can't be told.
    """
    if completes:
        for name in OPENSSL:
            os.environ.pop(name, None)
    if not any(os.environ.get(name) for name in OPENSSL):
        return
    roots = {root for project in _projects(arguments) for root in untrusted_roots(project)}
    brought = find_openssl_brought_along(roots)
    if brought is not None:
        raise UsageError(brought.why, hint=brought.hint)


def _projects(arguments: Sequence[str]) -> Iterator[Path]:
    """Yield the folder of every project that a command may come to work with."""
    from sfcred.settings.file import find_configuration

    yield find_configuration(Path.cwd())[0]
    settings = (text for name, text in os.environ.items() if name.upper().startswith("SFCRED_"))
    for argument in (*arguments, *settings):
        for text in _parts(argument):
            yield from _project_of(Path(text))


def _parts(argument: str) -> set[str]:
    """What can be a path in an argument: the whole, the values in it, or what follows `-qo`."""
    flags = range(2, _MOST_FLAGS) if argument.startswith("-") else ()
    attached = {argument[number:] for number in flags}
    return {argument, *attached, *re.split("[=,]", argument)} - {""}


def _project_of(path: Path) -> Iterator[Path]:
    """Yield the project that a path is in, or the nearest folder above it that exists.

    A folder without a configuration or a repository, such as the home folder, is the person's own.
    """
    from sfcred.settings.file import find_configuration

    places = (path.absolute(), *path.absolute().parents)
    folder = next((one for one in places if is_folder(one)), None)
    if folder is not None:
        project, configuration, _ = find_configuration(folder)
        if configuration is not None or find_root(Path(os.path.realpath(folder))) is not None:
            yield project
