"""What was pushed where: n8n's ids, and fingerprints that tell changed from unchanged.

Over the API no secret can be read back. A keyed fingerprint (HMAC-SHA-256) of what was pushed tells
all the same whether a spec has changed since; without the key it says nothing of the secrets.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from sfcred.errors import ReadError, UsageError
from sfcred.files import WriteScope, make_folder, read_regular, refuse_unsafe_target, write_safely
from sfcred.n8n.credential_types import WRITTEN_BY_N8N
from sfcred.paths import is_there

FILE = Path(".sfcred/state.json")
_LIMIT = 16 * 1024 * 1024


class Pushed(BaseModel):
    """A credential that was pushed: n8n's id, what it was, and when n8n changed it last."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    fingerprint: str
    tokens: str = ""
    updated_at: str = ""


class _Content(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    version: int
    key: str
    instances: dict[str, dict[str, Pushed]] = {}


class Fingerprint(NamedTuple):
    """Of a credential's own fields, and of its tokens."""

    fields: str
    tokens: str


class State:
    """The state of a project, by n8n's address and the specs' ids.

    Args:
        project: The project's root.

    Raises:
        UsageError: The file is there and can't be used.
    """

    def __init__(self, project: Path) -> None:
        self.path = project / FILE
        self._scope = WriteScope(project, confined=True)
        self._content = _load(self.path)

    def pushed(self, instance: str, our_id: str) -> Pushed | None:
        """What was pushed last; None if nothing was, or it isn't known here."""
        return self._content.instances.get(instance, {}).get(our_id)

    def remember(self, instance: str, our_id: str, pushed: Pushed) -> None:
        """Notes it and writes the file: a crash later must not lose it.

        Raises:
            WriteRefused: Git would take the file.
            WriteError: The system refused.
        """
        self._content.instances.setdefault(instance, {})[our_id] = pushed
        text = json.dumps(self._content.model_dump(), indent=1, sort_keys=True) + "\n"
        write_safely(self.path, text, force=True, scope=self._scope)

    def prepare(self) -> None:
        """Asks before anything is pushed whether it can be remembered.

        Raises:
            WriteRefused: Git would take the file.
            WriteError: Its folder can't be made.
        """
        make_folder(self.path.parent, 0o700, self._scope)
        refuse_unsafe_target(self.path, force=is_there(self.path), secret=True, scope=self._scope)

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


def _load(path: Path) -> _Content:
    if not is_there(path):
        return _Content(version=1, key=secrets.token_hex(32))
    try:
        content = _Content.model_validate_json(read_regular(path, _LIMIT))
        bytes.fromhex(content.key)
    except ReadError as error:
        raise UsageError(error.message, hint=error.hint) from None
    except (ValidationError, ValueError):
        raise UsageError(
            f"{path}: is not sfcred's state of what was pushed",
            hint="Remove it: then the next push updates every credential once.",
        ) from None
    return content
