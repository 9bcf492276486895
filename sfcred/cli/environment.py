"""Refuse an environment by which the project would load code into sfcred itself."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from sfcred.errors import UsageError
from sfcred.own_files import OPENSSL, find_openssl_brought_along
from sfcred.paths import is_folder, is_there, untrusted_roots
from sfcred.settings_file import find_configuration


def require_own_libraries(arguments: Sequence[str]) -> None:
    """Make sure that OpenSSL loads nothing of the project's, before anything imports it.

    Args:
        arguments: The command line. Any argument may be the path of a project.

    Raises:
        SfcredError: A variable leads into a project that is named, the working folder, or a
            repository around them; or what the project is can't be told.
    """
    if not any(os.environ.get(name) for name in OPENSSL):
        return
    roots = {root for project in _projects(arguments) for root in untrusted_roots(project)}
    brought = find_openssl_brought_along(roots)
    if brought is not None:
        raise UsageError(brought.why, hint=brought.hint)


def _projects(arguments: Sequence[str]) -> Iterator[Path]:
    """Yield the folder of every project that a command may come to work with."""
    yield find_configuration(Path.cwd())[0]
    for argument in arguments:
        for text in {argument, argument.partition("=")[2]} - {""}:
            path = Path(text)
            if is_there(path):
                yield find_configuration((path if is_folder(path) else path.parent).absolute())[0]
