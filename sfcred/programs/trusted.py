"""Find programs to run, but never one inside the project."""

import os
import re
import shutil
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sfcred.paths import passes_through
from sfcred.programs.empty_folder import empty_folder, starting_in
from sfcred.programs.places import SHELL_FOLDERS, value_leads_into
from sfcred.repositories import untrusted_roots

# With this, Windows (and Python 3.12 and later) doesn't search the working folder for programs.
_NOT_HERE = "NoDefaultCurrentDirectoryInExePath"
# Any variable may make a program load what lies at its value: each interpreter, driver and toolkit
# has its own. So no value may lead into the project, but for these. Those of clients are judged in
# own_files.py, which knows the logins that may be there, and those of git in git.py.
_JUDGED = re.compile(
    r"(?:AWS|CLOUDSDK|GOOGLE|GCLOUD|GCE|AZURE|AZD|AZ|ARM|MSI|IDENTITY|IMDS|VAULT|BAO|KEYRING"
    r"|PYTHON_KEYRING|HUAWEICLOUD|OP|SOPS|SFCRED)_.*|GIT_(?:CEILING_DIRECTORIES|CONFIG_.*)"
    r"|HOME|HOMEPATH|USERPROFILE|APPDATA|LOCALAPPDATA|TMPDIR|TEMP|TMP"
    r"|(?:HTTPS?|ALL|NO)_PROXY"  # addresses, and a file with such a name must not take one away
)
# By these, many load what a relative path, an option or an empty value names. (Those of Python
# and of the linker have acted on sfcred itself by now, unless it runs as `python -I -m sfcred`.)
_LOADERS = re.compile(
    r"PYTHON(?!_|IOENCODING|UTF8|UNBUFFERED).*|VIRTUAL_ENV|BASH_ENV|ENV|ZDOTDIR|LD_.*|DYLD_.*"
    r"|.*PATH(?:_[0-9_]+)?|.*_(?:OPTIONS|OPTS?)|PERL5(?:LIB|OPT|DB)|RUBY(?:LIB|OPT)|GEM_HOME"
    r"|BUNDLE_.*|CLASSPATH|LUA_INIT.*|DOTNET_(?:ROOT|STARTUP|ADDITIONAL|SHARED).*|COR(?:ECLR)?_.*"
    r"|VK_.*|LIBGL_DRIVERS.*|(?:GTK|GDK|GIO|QT|GST)_.*(?:MODULE|PLUGIN).*"
)

_one_fence = threading.RLock()


def find_program(name: str, search: str | None, project: Path) -> Path | None:
    """Return the first program of that name on the search path that is outside the project.

    Relative entries are skipped, and so is everything inside the project or the working folder. A
    pull request can put a `git` or `git.exe` there, and Windows would prefer the one in the working
    folder.

    Args:
        name: The program's name, without a folder, on Windows with or without `.exe`.
        search: The value of PATH. With None or an empty string, nothing is found.
        project: The project's root.

    Returns:
        An absolute path, or None if no such program exists outside the project.
    """
    roots = untrusted_roots(project)
    # Not .cmd and .bat: cmd.exe runs these, and takes some characters of arguments for commands.
    is_complete = sys.platform != "win32" or name.lower().endswith(".exe")
    file = name if is_complete else f"{name}.exe"
    for folder in _outside_folders(search, roots):
        # With a folder in front, which() searches only there. Until Python 3.11, it then adds no
        # file extension.
        found = shutil.which(os.path.join(folder, file))  # noqa: PTH118 - which() wants a string
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


def without_programs_of(project: Path, environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return an environment in which nothing in the project is found by name, or loaded.

    Args:
        project: The project's root.
        environ: The original variables.
        folder: Where the program runs.
    """
    roots = untrusted_roots(project)
    kept = {name: text for name, text in environ.items() if not _may_load(name, text, roots)}
    for name in SHELL_FOLDERS:
        kept.pop(name, None)
    path = outside(environ.get("PATH"), roots)
    return {**kept, "PATH": path, "PWD": str(folder), _NOT_HERE: "1"}


def _may_load(name: str, text: str, roots: list[Path]) -> bool:
    """Return whether a variable can make a program load what lies in the project.

    Most variables lead there only by a path that is there. Of loaders, only absolute paths surely
    lead elsewhere: a relative or empty one means the working folder, and an option such as
    `--require=x` can mean anything.
    """
    if _JUDGED.fullmatch(name.upper()):
        return False
    if not _LOADERS.fullmatch(name.upper()):
        return value_leads_into(text, roots)
    parts = [Path(part) for entry in text.split(os.pathsep) for part in entry.split(" ")]
    return any(not part.is_absolute() or passes_through(part, roots) for part in parts)


@contextmanager
def fenced(project: Path, logins: Iterable[str] = ()) -> Iterator[None]:
    """Keep libraries that start programs from finding or loading anything in the project.

    Cloud clients start `az`, `azd`, `pwsh`, `gcloud` or a `credential_process` with this process's
    environment, and in its working folder. Both are replaced during the block. Your own relative
    paths still lead where they did. One block runs at a time.

    Args:
        project: The project's root.
        logins: Variables with paths that may be relative, even if they lead into the project.

    Raises:
        OSError: There is no empty folder for the programs to start in.
    """
    with _one_fence:
        folder = empty_folder(project)
        before, inside = dict(os.environ), without_programs_of(project, os.environ, folder)
        inside.update(_made_absolute(inside, untrusted_roots(project), set(logins)))
        changed = {name for name in {*before, *inside} if before.get(name) != inside.get(name)}
        with starting_in(folder):
            _set(inside, changed)
            try:
                yield
            finally:
                _set(before, changed)


def _made_absolute(
    environ: Mapping[str, str], roots: list[Path], logins: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield the variables that hold relative paths: those of logins, and those to the outside."""
    for name, text in environ.items():
        parts = text.split(os.pathsep)
        made = [
            os.path.abspath(part)  # noqa: PTH100 - links stay
            if _is_relative_path(part) and (name in logins or not passes_through(Path(part), roots))
            else part
            for part in parts
        ]
        if made != parts:
            yield name, os.pathsep.join(made)


def _is_relative_path(text: str) -> bool:
    return bool(text) and not os.path.isabs(text) and "\0" not in text and os.path.lexists(text)  # noqa: PTH117 - a string


def _set(variables: Mapping[str, str], names: Iterable[str]) -> None:
    for name in names:
        if name in variables:
            os.environ[name] = variables[name]
        else:
            os.environ.pop(name, None)
