"""`{vault: path#field}`: a field of a secret in HashiCorp Vault or OpenBao (KV version 1 or 2)."""

import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.in_time import Overdue, in_time
from sfcred.own_files import VAULT
from sfcred.secrets.provider import Provider, Surroundings, read_secret_file
from sfcred.secrets.remote import (
    TIMEOUT,
    checked_value,
    fenced_client,
    field_of,
    quiet,
    raise_backend_down,
    require_extra,
)
from sfcred.text.shell import for_shell

if TYPE_CHECKING:
    from hvac import Client
    from requests import Response, Session

#: The time limit for all requests for a secret, in seconds, and the size limit of each answer.
_SECONDS, _LIMIT = 30, 1024 * 1024
_MALFORMED = (ValueError, TypeError, AttributeError, RecursionError)


def _read(locator: str, around: Surroundings) -> SecretStr:
    path, _, field = locator.partition("#")
    if {".", ".."} & set(path.split("/")):
        raise SecretUnavailable(
            f"the Vault secret {path}: is not a valid Vault path", hint="Write it without `..`."
        )
    address = around.environ.get("VAULT_ADDR", "").strip().rstrip("/")
    if not address:
        raise_backend_down(
            "Vault",
            "VAULT_ADDR is not set",
            "Set it where sfcred runs, for example https://vault.acme.com.",
        )
    fetch = fenced_client("Vault", VAULT, around)(lambda: _fetch(path, address, around.environ))
    text = around.cache.ask(("vault", address), path, fetch)
    shown = f"the Vault secret {path}"
    return checked_value(field_of(text, field, shown), f"the field {field} of {shown}")


def _fetch(path: str, address: str, environ: Mapping[str, str]) -> str:
    """Return all fields of a secret as JSON, so that one request serves all references to it."""
    with require_extra("Vault", "vault"):
        import hvac
        from hvac import exceptions as refused
        from requests import exceptions as broken
        from urllib3.exceptions import HTTPError
    where = f"Vault at {address}"
    client = hvac.Client(
        url=address,
        token=token_of(environ).get_secret_value(),
        namespace=environ.get("VAULT_NAMESPACE") or None,
        verify=environ.get("VAULT_CACERT") or True,
        timeout=TIMEOUT,
        # Send the token only to VAULT_ADDR.
        allow_redirects=False,
        session=_bounded_session(),
    )
    quiet("hvac", "urllib3")
    try:
        return in_time(lambda: _fields(client, path), _SECONDS)
    except Overdue:
        raise_backend_down(where, "timed out", "Check VAULT_ADDR and the network.")
    except refused.InvalidPath:
        raise _missing(path) from None
    except (refused.Forbidden, refused.Unauthorized):
        raise SecretUnavailable(
            f"the Vault secret {path}: the token may not read it, or is no longer valid",
            hint="Log in again (vault login), or add `read` on this path to the token's policy "
            "(KV version 2: on MOUNT/data/…).",
        ) from None
    except refused.VaultDown:
        raise_backend_down(where, "it is sealed", "Ask its administrator to unseal it.")
    except broken.SSLError:
        raise_backend_down(
            where, "its TLS certificate isn't trusted", "Set VAULT_CACERT to its CA's file."
        )
    except (broken.RequestException, HTTPError):
        raise_backend_down(where, "can't be reached", "Check VAULT_ADDR and the network.")
    except (refused.VaultError, LookupError, *_MALFORMED):
        raise_backend_down(
            where, "it does not answer like Vault", "Check VAULT_ADDR (without a path or /ui)."
        )


def _bounded_session() -> "Session":
    """Return a session that reads an answer only up to a limit, as sent: it could be a zip bomb."""
    import requests

    def read(response: "Response", **_options: object) -> "Response":
        body = response.raw.read(_LIMIT + 1)
        if len(body) > _LIMIT:
            raise ValueError
        response.raw = BytesIO(body)
        return response

    session = requests.Session()
    session.stream = True
    session.headers["Accept-Encoding"] = "identity"
    session.hooks["response"] = [read]
    return session


def _fields(client: "Client", path: str) -> str:
    import json

    mount, version = _mount_of(client, path)
    rest = path.removeprefix(mount).strip("/")
    kv = client.secrets.kv
    if version == "2":
        found = kv.v2.read_secret_version(
            rest, mount_point=mount.strip("/"), raise_on_deleted_version=True
        )
        return json.dumps(found["data"]["data"])
    return json.dumps(kv.v1.read_secret(rest, mount_point=mount.strip("/"))["data"])


def _mount_of(client: "Client", path: str) -> tuple[str, str]:
    """Return the mount of a path's secrets engine and its version, as the Vault CLI does."""
    from hvac import exceptions as refused

    try:
        found = client.adapter.get(f"/v1/sys/internal/ui/mounts/{path}")["data"]
    except (refused.Forbidden, refused.InvalidPath):
        # A token without the default policy can't ask, so assume the most common setup.
        return path.partition("/")[0] + "/", "2"
    if found["type"] not in ("kv", "generic"):  # reading from other engines can create something
        raise SecretUnavailable(
            f"the Vault secret {path}: is not in a KV secrets engine",
            hint="Use the path of a secret in a KV engine.",
        )
    return found["path"], str((found.get("options") or {}).get("version", "1"))


def _missing(path: str) -> SecretUnavailable:
    return SecretUnavailable(
        f"Vault has no secret {path}, or its current version is deleted",
        hint=f"Try `vault kv get {for_shell(path)}`. The path starts with the mount.",
    )


def token_of(environ: Mapping[str, str]) -> SecretStr:
    """Return the user's token from where the Vault CLI keeps it.

    Raises:
        BackendDown: No token was found.
    """
    given = environ.get("VAULT_TOKEN", "").strip()
    if given:
        return SecretStr(given)
    home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - the given environment's
    try:
        return read_secret_file(Path(home, ".vault-token"), "~/.vault-token")
    except SecretUnavailable:
        raise_backend_down("Vault", "no token found", "Log in (vault login), or set VAULT_TOKEN.")


PROVIDER = Provider(
    key="vault",
    title="a secret in HashiCorp Vault or OpenBao",
    description="A field of a secret in HashiCorp Vault or OpenBao: the path as for `vault kv "
    "get`, a #, and the field. VAULT_ADDR sets the server. Needs the extra "
    "`vault`.",
    pattern="[A-Za-z0-9_.@=+ -]+(/[A-Za-z0-9_.@=+ -]+)+#[^#\\n\\r]+",
    example="secret/acme/crm#client_secret",
    read=_read,
    is_remote=True,
    is_own=lambda _locator: True,
    where=lambda locator, _around: f"Vault secret {locator}",
)
