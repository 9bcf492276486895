"""Seal a project's own state of pushes, so that only your own sfcred can have written it.

It is an HMAC-SHA-256 of the state and the project's folder. Its key is outside of all projects.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from sfcred.errors import ReadError, UsageError, WriteRefused
from sfcred.exchange.state_origin import ELSEWHERE, FILE, WHY
from sfcred.files import read_regular
from sfcred.files.writing import WriteScope, make_folder, write_safely
from sfcred.paths import is_there, passes_through
from sfcred.repositories import untrusted_roots

# The variable for programs' state, and the one for the home folder, which is used without it.
_STATE_FOLDER = "LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME"
_HOME = "USERPROFILE" if os.name == "nt" else "HOME"


def seal_of(content: Mapping[str, object], project: Path) -> str:
    """Return the seal of a state, in hexadecimal digits. The key is created if there is none.

    Args:
        content: The state without its seal, as JSON.
        project: The project's root.

    Raises:
        UsageError: The file of the key doesn't contain one, so that anybody could seal with it.
        WriteRefused: The key would be in a place where a repository could add one.
        WriteError: The key can't be created.
    """
    return _seal(content, project, _key(project, make=True))


def refuse_unsealed(seal: str, content: Mapping[str, object], path: Path, project: Path) -> None:
    """Refuse a state that wasn't written by your own sfcred for this project.

    An archive can keep owner and mode, but nobody else has the key of the seal. And a state that
    was copied from another project must not decide what this one owns in n8n.

    Args:
        seal: The seal that the state has.
        content: The state without its seal, as JSON.
        path: The state's file, for messages.
        project: The project's root.

    Raises:
        UsageError: The seal doesn't match, or the file of the key doesn't contain one.
        WriteRefused: The key is in a place where a repository could add one.
    """
    key = _key(project, make=False)
    if not key or not hmac.compare_digest(seal, _seal(content, project, key)):
        raise UsageError(
            f"{path}: not written by you, on this machine, for the project in this folder",
            hint=f"{WHY}If you moved the project, or don't know the file, delete it. The next "
            "push then asks before it overwrites what n8n has (--adopt ID). For CI and teams, "
            f"{ELSEWHERE}",
        )


def _seal(content: Mapping[str, object], project: Path, key: bytes) -> str:
    place = os.path.normcase(os.path.realpath(project))
    text = json.dumps([place, content], sort_keys=True)
    return hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()


def _key(project: Path, *, make: bool) -> bytes:
    """Return the key that seals the states of all your projects; empty if it doesn't exist.

    It is outside of all projects. `make` creates it if it doesn't exist.
    """
    file = _key_file()
    _refuse_key_brought_along(file, project)
    if make and not is_there(file):
        scope = WriteScope(project)
        make_folder(file.parent, 0o700, scope)
        write_safely(file, f"{secrets.token_hex(32)}\n", force=True, scope=scope)
    return _read_key(file) if is_there(file) else b""


def _read_key(file: Path) -> bytes:
    try:
        key = read_regular(file).strip()
    except ReadError as error:
        raise UsageError(error.message, hint=error.hint) from None
    if not re.fullmatch(rb"[0-9a-f]{64}", key):
        raise UsageError(
            f"{file}: is not a valid sfcred key (64 hexadecimal digits)",
            hint="Restore it from a backup, or remove it: the next push creates a new one, and "
            "then asks before it takes over what n8n has (--adopt ID).",
        )
    return key


def _refuse_key_brought_along(file: Path, project: Path) -> None:
    name = _STATE_FOLDER if os.environ.get(_STATE_FOLDER) else _HOME
    if not file.is_absolute():
        raise WriteRefused(
            f"{name} is not an absolute path, so sfcred can't store the key that seals "
            f"{FILE.as_posix()}",
            hint=f"Set it to an absolute path, or {ELSEWHERE}",
        )
    if passes_through(file, untrusted_roots(project)):
        raise WriteRefused(
            f"{file}: the key that seals {FILE.as_posix()} would be in the project, the working "
            f"directory or a repository that contains them, because {name} points there",
            hint="Anyone who can write to the repository could add a key. Set "
            f"{_STATE_FOLDER} to a folder outside of it, or {ELSEWHERE}",
        )


def _key_file() -> Path:
    """Return the key's path, in $XDG_STATE_HOME or ~/.local/state (Windows: %LOCALAPPDATA%)."""
    given = os.environ.get(_STATE_FOLDER, "")
    folder = Path(given) if given else Path(os.path.expanduser("~"), ".local/state")  # noqa: PTH111 - Path.home() raises
    return folder / "sfcred/push.key"
