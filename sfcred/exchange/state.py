"""The state of pushes: what was pushed where, with n8n's ids and fingerprints to detect changes.

Secrets can't be read back over the API. A keyed fingerprint (HMAC-SHA-256) of what was pushed still
shows whether a spec has changed since. Without the key, it reveals nothing about the secrets.

The state also records which of n8n's credentials belong to the project. Whoever writes it decides
what push overwrites, so it must never come from a place that a pull request can write to.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sfcred.errors import NotKnown, ReadError, UsageError, WriteRefused
from sfcred.exchange.fields import FieldMarks, public_values
from sfcred.exchange.lock import Busy, locked
from sfcred.files import read_regular
from sfcred.files.private_folder import make_private_folder
from sfcred.files.writing import WriteScope, make_folder, refuse_unsafe_target, write_safely
from sfcred.git import Git
from sfcred.n8n.credential_types import WRITTEN_BY_N8N
from sfcred.n8n.ids import ID_FORM
from sfcred.paths import is_there, part_below, passes_through, real_path
from sfcred.repositories import find_root, untrusted_roots
from sfcred.shell import for_shell, untrack

FILE = Path(".sfcred/state.json")
_LIMIT = 16 * 1024 * 1024
#: A field's digest in hexadecimal digits. The key is in the same file: more could confirm a guess.
_DIGEST = 4


class Pushed(BaseModel):
    """A credential that was pushed: its id and type in n8n, fingerprints, and last change.

    `digests` and `values` are FieldMarks, empty if an older sfcred pushed it. `failed` is whether
    it failed n8n's test after that. `login` is where it logs in, empty if that doesn't matter or
    isn't known; `reconnect`, whether n8n has kept the token of another org.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[str, Field(pattern=f"^{ID_FORM}$")]
    fingerprint: str
    tokens: str = ""
    type: str = ""
    updated_at: str = ""
    digests: dict[str, str] = {}
    values: dict[str, str] = {}
    failed: bool = False
    login: str = ""
    reconnect: bool = False

    @property
    def marks(self) -> FieldMarks:
        """What is remembered of its fields."""
        return FieldMarks(self.digests, self.values)


class _Content(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    version: int
    key: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    seal: Annotated[str, Field(pattern="^(?:[0-9a-f]{64})?$")] = ""
    instances: dict[str, dict[str, Pushed]] = {}


class Fingerprint(NamedTuple):
    """The fingerprints of a credential's own fields and its tokens; `marks` names the fields."""

    fields: str
    tokens: str
    marks: FieldMarks


class State:
    """The state of a project's pushes, by n8n's URL and the specs' ids.

    Args:
        project: The project's root.
        given: The file from the command line or SFCRED_STATE; None for the project's own,
            `.sfcred/state.json`.

    Raises:
        UsageError: The file can't be used, or could come from a pull request.
    """

    def __init__(self, project: Path, given: Path | None = None) -> None:
        self.path = project / FILE if given is None else given.absolute()
        self._is_own = given is None
        self._project = project
        self._scope = WriteScope(project, confined=self._is_own)
        self._content = self._load() or _Content(version=1, key=secrets.token_hex(32))

    def pushed(self, instance: str, our_id: str) -> Pushed | None:
        """Return the last push of a credential; None if this state has none."""
        return self._content.instances.get(instance, {}).get(our_id)

    def owns(self, instance: str, n8n_id: str) -> bool:
        """Return whether a credential in n8n was pushed from here, for any spec."""
        return any(one.id == n8n_id for one in self._content.instances.get(instance, {}).values())

    def pushed_ids(self, instance: str) -> dict[str, str]:
        """Return the ids that pushed credentials have in n8n, by those of their specs."""
        return {ours: one.id for ours, one in self._content.instances.get(instance, {}).items()}

    def remember(self, instance: str, our_id: str, pushed: Pushed) -> None:
        """Record a push and write the file, so that a later crash can't lose it.

        Raises:
            WriteRefused: The file would be committed.
            WriteError: The operating system refused.
        """
        self._content.instances.setdefault(instance, {})[our_id] = pushed
        self._write()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Lock out other pushes, and make sure that the state can be written.

        Raises:
            Busy: Another push is running, or has changed the state since it was read.
            WriteRefused: The file would be committed.
            WriteError: The file can't be written.
        """
        make_private_folder(self.path.parent, self._scope)
        refuse_unsafe_target(self.path, force=is_there(self.path), secret=True, scope=self._scope)
        with locked(self.path.with_name(f"{self.path.name}.lock")):
            now = self._load()
            if now is not None and now != self._content:
                raise Busy(
                    "another push has changed the state since this plan was made",
                    hint="Nothing was sent. Run it again, because the plan may have changed.",
                )
            self._write()
            yield

    def fingerprint(self, name: str, data: Mapping[str, object]) -> Fingerprint:
        """Return the fingerprints of a credential as it would be pushed."""
        own = {field: value for field, value in data.items() if field not in WRITTEN_BY_N8N}
        tokens = data.get("oauthTokenData")
        consent = tokens.get("refresh_token") if isinstance(tokens, dict) else None
        named = {"name": name, **own}
        digests = {f: self._hmac([f, value])[:_DIGEST] for f, value in named.items()}
        marks = FieldMarks(digests, public_values(named))
        return Fingerprint(self._hmac([name, own]), self._hmac(consent) if consent else "", marks)

    def _hmac(self, value: object) -> str:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"))
        key = bytes.fromhex(self._content.key)
        return hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()

    def _write(self) -> None:
        if self._is_own:
            key = seal_key(self._project, make=True)
            self._content.seal = _seal_of(self._content, self._project, key)
        text = json.dumps(self._content.model_dump(), indent=1, sort_keys=True) + "\n"
        write_safely(self.path, text, force=True, scope=self._scope)

    def _load(self) -> _Content | None:
        _refuse_linked(self.path, self._project)
        if not is_there(self.path):
            return None
        _refuse_brought_along(self.path, self._project, self._scope.git)
        if self._is_own:
            _refuse_open_to_others(self.path)
        content = self._read()
        if self._is_own:
            _refuse_unsealed(content, self.path, self._project)
        return content

    def _read(self) -> _Content:
        try:
            return _Content.model_validate_json(read_regular(self.path, _LIMIT))
        except ReadError as error:
            raise UsageError(error.message, hint=error.hint) from None
        except (ValidationError, ValueError):
            raise UsageError(
                f"{self.path}: not a state file written by sfcred push",
                hint="Delete it. The next push then needs --adopt ID for what is in n8n.",
            ) from None


# -- where a state may come from

_WHY = "It decides what push overwrites in n8n, so a pull request must not be able to add it. "
_ELSEWHERE = "keep the state outside the repository with --state FILE or SFCRED_STATE."


def _refuse_linked(path: Path, project: Path) -> None:
    """Refuse a state that is a symbolic link, or below one inside the project.

    Raises:
        UsageError: It is; the hint says what to do.
    """
    below = part_below(path, project)
    try:
        real = real_path(path)
        is_linked = path.is_symlink()
        if below is not None:
            wanted = Path(os.path.realpath(project), below)
            is_linked = os.path.normcase(wanted) != os.path.normcase(real)
    except (ReadError, OSError):  # a link to another machine, or to itself
        is_linked = True
    if is_linked:
        raise UsageError(
            f"{path}: this file or its folder is a symbolic link",
            hint=f"{_WHY}Remove the link, or {_ELSEWHERE}",
        )


def _refuse_brought_along(path: Path, project: Path, git: Git) -> None:
    """Refuse a state that git tracks, directly or in a nested repository in the project.

    Raises:
        UsageError: It is tracked, or that isn't known; the hint says what to do.
    """
    below = part_below(path, project)
    if below is not None and below != FILE and find_root(Path(os.path.realpath(project))) is None:
        raise UsageError(
            f"{path}: it is inside the project, and without git sfcred can't tell who added it",
            hint=f"{_WHY}Use a file outside the project, with --state FILE or SFCRED_STATE.",
        )
    parents = [] if below is None else list(below.parents)[:-1]
    folders = [project / folder for folder in parents]
    try:
        is_tracked = any(git.tracks(place) for place in (path, *folders))
    except NotKnown as reason:
        raise UsageError(
            f"{path}: can't tell whether git tracks it: {reason.message}",
            hint=f"{_WHY}{reason.hint} Or {_ELSEWHERE}",
        ) from None
    if is_tracked or any((folder / ".git").exists() for folder in folders):
        raise UsageError(
            f"{path}: this file is tracked by git",
            hint=f"{_WHY}Run `{untrack(path)}`, add .sfcred/ to .gitignore, and delete the file "
            f"unless you know who wrote it. Or {_ELSEWHERE}",
        )


def _refuse_open_to_others(path: Path) -> None:
    """Refuse a state that others can access, because sfcred doesn't write it like that.

    A checkout or an unpacked archive leaves such a file. Without git, nothing else reveals that.

    Raises:
        UsageError: Others can access it; the hint says what to do.
    """
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UsageError(
            f"{path}: others can read or write it, which sfcred never allows",
            hint=f"{_WHY}Delete it if you don't know where it comes from. Otherwise run `chmod "
            f"600 {for_shell(path)}`.",
        )


def _refuse_unsealed(content: _Content, path: Path, project: Path) -> None:
    """Refuse a state that wasn't written by your own sfcred for this project.

    An archive can keep owner and mode, but nobody else has the key of the seal. And a state that
    was copied from another project must not decide what this one owns in n8n.

    Raises:
        UsageError: The seal doesn't match; the hint says what to do.
    """
    key = seal_key(project, make=False)
    if not key or not hmac.compare_digest(content.seal, _seal_of(content, project, key)):
        raise UsageError(
            f"{path}: not written by you, on this machine, for the project in this folder",
            hint=f"{_WHY}If you moved the project, or don't know the file, delete it. The next "
            "push then asks before it overwrites what n8n has (--adopt ID). For CI and teams, "
            f"{_ELSEWHERE}",
        )


def _seal_of(content: _Content, project: Path, key: bytes) -> str:
    place = os.path.normcase(os.path.realpath(project))
    text = json.dumps([place, content.model_dump(exclude={"seal"})], sort_keys=True)
    return hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()


def seal_key(project: Path, *, make: bool) -> bytes:
    """Return the key that seals the states of all your projects. It is outside of all of them.

    Args:
        project: A project's root.
        make: Create the key if it doesn't exist.

    Returns:
        The key; empty if it doesn't exist.

    Raises:
        UsageError: The file doesn't contain a key, so that anybody could seal with it.
        WriteRefused: It would be in a place where a repository could add one.
        WriteError: It can't be created.
    """
    file = _seal_file()
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
            hint=f"Set it to an absolute path, or {_ELSEWHERE}",
        )
    if passes_through(file, untrusted_roots(project)):
        raise WriteRefused(
            f"{file}: the key that seals {FILE.as_posix()} would be in the project, the working "
            f"directory or a repository that contains them, because {name} points there",
            hint="Anyone who can write to the repository could add a key. Set "
            f"{_STATE_FOLDER} to a folder outside of it, or {_ELSEWHERE}",
        )


# The variable for programs' state, and the one for the home folder, which is used without it.
_STATE_FOLDER = "LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME"
_HOME = "USERPROFILE" if os.name == "nt" else "HOME"


def _seal_file() -> Path:
    """Return the key's path, in $XDG_STATE_HOME or ~/.local/state (Windows: %LOCALAPPDATA%)."""
    given = os.environ.get(_STATE_FOLDER, "")
    folder = Path(given) if given else Path(os.path.expanduser("~"), ".local/state")  # noqa: PTH111 - Path.home() raises
    return folder / "sfcred/push.key"
