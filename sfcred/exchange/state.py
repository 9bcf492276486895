"""What was pushed where: n8n's ids, and fingerprints that tell changed from unchanged.

Over the API no secret can be read back. A keyed fingerprint (HMAC-SHA-256) of what was pushed tells
all the same whether a spec has changed since; without the key it says nothing of the secrets.

The state also says which of n8n's credentials are the project's own. Whoever writes it decides what
push overwrites, so it must not come from where a pull request could put it.
"""

import hashlib
import hmac
import json
import os
import secrets
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sfcred.errors import (
    NotKnown,
    ReadError,
    SfcredError,
    UsageError,
    WriteError,
    WriteRefused,
    system_reason,
)
from sfcred.exchange.n8n_api import ID_FORM
from sfcred.files import WriteScope, make_folder, read_regular, refuse_unsafe_target, write_safely
from sfcred.git import Git, find_root
from sfcred.n8n.credential_types import WRITTEN_BY_N8N
from sfcred.paths import is_inside, is_there
from sfcred.shell import for_shell

FILE = Path(".sfcred/state.json")
_LIMIT = 16 * 1024 * 1024


class Pushed(BaseModel):
    """A credential that was pushed: n8n's id and type, what it was, when n8n changed it last."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[str, Field(pattern=f"^{ID_FORM}$")]
    fingerprint: str
    tokens: str = ""
    type: str = ""
    updated_at: str = ""


class _Content(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    version: int
    key: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    seal: str = ""
    instances: dict[str, dict[str, Pushed]] = {}


class Fingerprint(NamedTuple):
    """Of a credential's own fields, and of its tokens."""

    fields: str
    tokens: str


class Busy(SfcredError):
    """Another push works with the same state, or has done so since the plan was made."""

    exit_status = 1


class State:
    """The state of a project, by n8n's address and the specs' ids.

    Args:
        project: The project's root.
        given: The file that the person at the command line named; None: the project's own,
            `.sfcred/state.json`.

    Raises:
        UsageError: The file is there and can't be used, or is one that a pull request could have
            brought along.
    """

    def __init__(self, project: Path, given: Path | None = None) -> None:
        self.path = project / FILE if given is None else given.absolute()
        self._is_own = given is None
        self._project = project
        self._scope = WriteScope(project, confined=self._is_own)
        self._content = self._load() or _Content(version=1, key=secrets.token_hex(32))

    def pushed(self, instance: str, our_id: str) -> Pushed | None:
        """What was pushed last; None if nothing was, or it isn't known here."""
        return self._content.instances.get(instance, {}).get(our_id)

    def owns(self, instance: str, n8n_id: str) -> bool:
        """Whether a credential of n8n's was pushed from here, whichever spec it was for."""
        return any(one.id == n8n_id for one in self._content.instances.get(instance, {}).values())

    def remember(self, instance: str, our_id: str, pushed: Pushed) -> None:
        """Notes it and writes the file: a crash later must not lose it.

        Raises:
            WriteRefused: Git would take the file.
            WriteError: The system refused.
        """
        self._content.instances.setdefault(instance, {})[our_id] = pushed
        self._write()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keeps other pushes out, and makes sure that what is pushed can be remembered.

        Raises:
            Busy: Another push is under way, or has changed the state since it was read.
            WriteRefused: Git would take the file.
            WriteError: It can't be written.
        """
        make_folder(self.path.parent, 0o700, self._scope)
        refuse_unsafe_target(self.path, force=is_there(self.path), secret=True, scope=self._scope)
        with _locked(self.path.with_name(f"{self.path.name}.lock")):
            now = self._load()
            if now is not None and now != self._content:
                raise Busy(
                    "another push has changed the state since this plan was made",
                    hint="Nothing was sent. Run it again: the plan may be another one.",
                )
            self._write()
            yield

    def fingerprint(self, name: str, data: Mapping[str, object]) -> Fingerprint:
        """The fingerprint of what would be pushed."""
        own = {field: value for field, value in data.items() if field not in WRITTEN_BY_N8N}
        tokens = data.get("oauthTokenData")
        consent = tokens.get("refresh_token") if isinstance(tokens, dict) else None
        return Fingerprint(self._hmac([name, own]), self._hmac(consent) if consent else "")

    def _hmac(self, value: object) -> str:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"))
        key = bytes.fromhex(self._content.key)
        return hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()

    def _write(self) -> None:
        if self._is_own:
            self._content.seal = _seal_of(self._content, seal_key(self._project, make=True))
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
                f"{self.path}: is not sfcred's state of what was pushed",
                hint="Remove it. The next push then has to adopt (--adopt ID) what is in n8n.",
            ) from None


# -- where a state may come from

_WHY = "It decides what push overwrites in n8n, so a pull request must not be able to bring it. "
_ELSEWHERE = "keep the state outside of the repository: --state FILE or SFCRED_STATE."


def _refuse_linked(path: Path, project: Path) -> None:
    """Refuses a state that is a link, or that lies below a link within the project.

    Raises:
        UsageError: With the way out.
    """
    is_linked = path.is_symlink()
    below = _below(path, project)
    if below is not None:
        wanted = Path(os.path.realpath(project), below)
        is_linked = os.path.normcase(wanted) != os.path.normcase(os.path.realpath(path))
    if is_linked:
        raise UsageError(
            f"{path}: is a symbolic link, or its folder is one",
            hint=f"{_WHY}Remove the link, or {_ELSEWHERE}",
        )


def _refuse_brought_along(path: Path, project: Path, git: Git) -> None:
    """Refuses a state that git tracks, itself or through a repository within the project.

    Raises:
        UsageError: With the way out.
    """
    below = _below(path, project)
    if below is not None and below != FILE and find_root(Path(os.path.realpath(project))) is None:
        raise UsageError(
            f"{path}: lies in the project, and without git nothing tells who brought it",
            hint=f"{_WHY}Name a file outside of the project: --state FILE or SFCRED_STATE.",
        )
    parents = [] if below is None else list(below.parents)[:-1]
    folders = [project / folder for folder in parents]
    try:
        is_tracked = any(git.tracks(place) for place in (path, *folders))
    except NotKnown as reason:
        raise UsageError(
            f"{path}: whether git tracks it isn't known: {reason.message}",
            hint=f"{_WHY}{reason.hint} Or {_ELSEWHERE}",
        ) from None
    if is_tracked or any((folder / ".git").exists() for folder in folders):
        raise UsageError(
            f"{path}: is tracked by git",
            hint=f"{_WHY}Run: git rm --cached {for_shell(path)}; remove the file, unless you "
            f"know who wrote it, and ignore .sfcred/. Or {_ELSEWHERE}",
        )


def _refuse_open_to_others(path: Path) -> None:
    """Refuses a state that isn't for its owner only: sfcred didn't write it.

    A checkout or an unpacked archive leaves such a file; outside of git nothing else tells.

    Raises:
        UsageError: With the way out.
    """
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UsageError(
            f"{path}: others may read or write it, so sfcred didn't write it like that",
            hint=f"{_WHY}Remove it if you don't know where it comes from; else: chmod 600 "
            f"{for_shell(path)}",
        )


def _refuse_unsealed(content: _Content, path: Path, project: Path) -> None:
    """Refuse a state that this person's sfcred didn't write.

    An archive can keep owner and mode, but nobody else has the key of the seal.

    Raises:
        UsageError: With the way out.
    """
    key = seal_key(project, make=False)
    if not key or not hmac.compare_digest(content.seal, _seal_of(content, key)):
        raise UsageError(
            f"{path}: was not written by you on this machine",
            hint=f"{_WHY}Remove it; the next push then asks before it takes over what n8n has "
            f"(--adopt ID). For CI and for teams, {_ELSEWHERE}",
        )


def _seal_of(content: _Content, key: bytes) -> str:
    text = json.dumps(content.model_dump(exclude={"seal"}), sort_keys=True)
    return hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()


def seal_key(project: Path, *, make: bool) -> bytes:
    """Return the key that seals the states of a person's projects; it lies outside of them all.

    Args:
        project: A project's root.
        make: Make the key if there is none.

    Returns:
        The key; empty if there is none.

    Raises:
        WriteRefused, WriteError: It can't be made there.
    """
    file = _seal_file()
    if file is None or is_inside(file, project):
        raise WriteRefused(
            "there is no folder of yours outside of the project to keep a key in",
            hint=f"Set HOME to your home folder, or {_ELSEWHERE}",
        )
    scope = WriteScope(project)
    if make and not is_there(file):
        make_folder(file.parent, 0o700, scope)
        write_safely(file, f"{secrets.token_hex(32)}\n", force=True, scope=scope)
    return read_regular(file).strip() if is_there(file) else b""


def _seal_file() -> Path | None:
    """Where the key is: $XDG_STATE_HOME, else ~/.local/state; on Windows %LOCALAPPDATA%."""
    given = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME", "")
    folder = Path(given) if given else Path(os.path.expanduser("~"), ".local/state")  # noqa: PTH111 - Path.home() raises
    return folder / "sfcred/push.key" if folder.is_absolute() else None


def _below(path: Path, project: Path) -> Path | None:
    """The path from the project's root on; None for one outside of it."""
    for root in (project, Path(os.path.realpath(project))):
        # normpath: `project/../elsewhere` is outside, also where the folders don't exist yet.
        plain = Path(os.path.normpath(path))
        if plain.is_relative_to(root):
            return plain.relative_to(root)
    return None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Holds a lock as long as this process lives at most.

    Raises:
        Busy: Another process holds it.
        WriteError: The file can't be made.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise WriteError(
            f"{path}: {system_reason(error)}", hint="Check the permissions of its folder."
        ) from None
    try:
        if not _try_lock(descriptor):
            raise Busy(
                "another push works with the same state",
                hint="Nothing was sent. Wait for it to end, and run this again.",
            )
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
