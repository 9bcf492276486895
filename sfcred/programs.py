"""Find programs to run, but never one inside the project."""

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sfcred.paths import passes_through, untrusted_roots

# With this, Windows (and Python 3.12 and later) doesn't search the working folder for programs.
_NOT_HERE = "NoDefaultCurrentDirectoryInExePath"
# By these, shells, interpreters and libraries load files into whatever is started. (Those of Python
# and of the linker have acted on sfcred itself by now, unless it runs as `python -I -m sfcred`.)
_LOADERS = re.compile(
    r"PYTHON(?!_|IOENCODING|UTF8|UNBUFFERED).*|VIRTUAL_ENV|BASH_ENV|ENV|ZDOTDIR|LD_.*|DYLD_.*"
    r"|GCONV_PATH|NODE_(?:OPTIONS|PATH)|PERL5?(?:LIB|OPT|DB)|RUBY(?:LIB|OPT)|CLASSPATH"
    r"|(?:JAVA_TOOL|JDK_JAVA|_JAVA)_OPTIONS|DOTNET_STARTUP_HOOKS|GIO_(?:EXTRA_MODULES|MODULE_DIR)"
    r"|GTK_(?:MODULES|PATH)|QT_PLUGIN_PATH"
)


def find_program(name: str, search: str | None, project: Path) -> Path | None:
    """Return the first program of that name on the search path that is outside the project.

    Relative entries are skipped, and so is everything inside the project or the working folder. A
    pull request can put a `git` or `git.exe` there, and Windows would prefer the one in the working
    folder.

    Args:
        name: The program's name, without a folder, and on Windows without `.exe`.
        search: The value of PATH. With None or an empty string, nothing is found.
        project: The project's root.

    Returns:
        An absolute path, or None if no such program exists outside the project.
    """
    roots = untrusted_roots(project)
    for folder in _outside_folders(search, roots):
        # With a folder in front, which() searches only there, with the file extensions of Windows.
        found = shutil.which(os.path.join(folder, name))  # noqa: PTH118 - which() wants a string
        if found and not passes_through(Path(found), roots):
            return Path(found)
    return None


def outside(search: str | None, roots: list[Path]) -> str:
    """Return a search path without relative entries and those below the roots.

    Use it for programs that start others by name. It is never empty, because an empty entry means
    the working folder.

    Args:
        search: The value of PATH.
        roots: The folders in which no program is trusted.
    """
    return os.pathsep.join(_outside_folders(search, roots)) or os.devnull


def _outside_folders(search: str | None, roots: list[Path]) -> list[str]:
    return [
        folder
        for folder in (search or "").split(os.pathsep)
        if Path(folder).is_absolute() and not passes_through(Path(folder), roots)
    ]


def without_programs_of(project: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which nothing in the project is found by name, or loaded.

    Args:
        project: The project's root.
        environ: The original variables.
    """
    roots = untrusted_roots(project)
    kept = {name: text for name, text in environ.items() if not _may_load(name, text, roots)}
    return {**kept, "PATH": outside(environ.get("PATH"), roots), _NOT_HERE: "1"}


def _may_load(name: str, text: str, roots: list[Path]) -> bool:
    """Whether a variable can make a program load what lies there.

    Only absolute paths certainly lead elsewhere: a relative or empty one means the working folder,
    and an option such as `--require=x` can mean anything.
    """
    if not _LOADERS.fullmatch(name.upper()):
        return False
    parts = [Path(part) for entry in text.split(os.pathsep) for part in entry.split(" ")]
    return any(not part.is_absolute() or passes_through(part, roots) for part in parts)


@contextmanager
def fenced(project: Path) -> Iterator[None]:
    """Keep libraries that start programs by name from finding one in the project.

    Cloud clients start `az`, `azd`, `pwsh`, `gcloud` or a `credential_process` with this process's
    environment. On Windows, the working folder would come before PATH.

    Args:
        project: The project's root.
    """
    before, inside = dict(os.environ), without_programs_of(project, os.environ)
    changed = {name for name in {*before, *inside} if before.get(name) != inside.get(name)}
    _set(inside, changed)
    try:
        yield
    finally:
        _set(before, changed)


def _set(variables: Mapping[str, str], names: Iterable[str]) -> None:
    for name in names:
        if name in variables:
            os.environ[name] = variables[name]
        else:
            os.environ.pop(name, None)
