"""The state of pushes: what was pushed where, with n8n's ids and fingerprints to detect changes.

Secrets can't be read back over the API. A keyed fingerprint (HMAC-SHA-256) of what was pushed still
shows whether a spec has changed since. Without the key, it reveals nothing about the secrets.

The state also records which of n8n's credentials belong to the project. Whoever writes it decides
what push overwrites, so it must never come from a place that a pull request can write to.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sfcred.errors import ReadError, UsageError
from sfcred.exchange.fields import FieldMarks, public_values
from sfcred.exchange.lock import Busy, locked
from sfcred.exchange.seal import refuse_unsealed, seal_of
from sfcred.exchange.state_origin import (
    FILE,
    refuse_brought_along,
    refuse_linked,
    refuse_open_to_others,
)
from sfcred.files import read_regular
from sfcred.files.private_folder import make_private_folder
from sfcred.files.writing import WriteScope, refuse_unsafe_target, write_safely
from sfcred.n8n.credential_types import WRITTEN_BY_N8N
from sfcred.n8n.ids import ID_FORM
from sfcred.paths import is_there

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

    def unsealed(self) -> dict[str, object]:
        """Return what the seal covers."""
        return self.model_dump(exclude={"seal"})


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
            self._content.seal = seal_of(self._content.unsealed(), self._project)
        text = json.dumps(self._content.model_dump(), indent=1, sort_keys=True) + "\n"
        write_safely(self.path, text, force=True, scope=self._scope)

    def _load(self) -> _Content | None:
        refuse_linked(self.path, self._project)
        if not is_there(self.path):
            return None
        refuse_brought_along(self.path, self._project, self._scope.git)
        if self._is_own:
            refuse_open_to_others(self.path)
        content = self._read()
        if self._is_own:
            refuse_unsealed(content.seal, content.unsealed(), self.path, self._project)
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
