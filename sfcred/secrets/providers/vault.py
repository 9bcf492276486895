"""`{vault: path#field}`: a field of a secret in HashiCorp Vault or OpenBao (KV, version 1 or 2)."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.secrets.provider import Provider, Surroundings, read_secret_file
from sfcred.secrets.remote import TIMEOUT, Memory, down, field_of, library, quiet, sound

if TYPE_CHECKING:
    from hvac import Client

_MEMORY = Memory()


def _read(locator: str, around: Surroundings) -> SecretStr:
    path, _, field = locator.partition("#")
    if {".", ".."} & set(path.split("/")):
        raise SecretUnavailable(
            f"the Vault secret {path}: is no path of Vault's", hint="Write it without `..`."
        )
    address = around.environ.get("VAULT_ADDR", "").strip().rstrip("/")
    if not address:
        down("Vault", "VAULT_ADDR is not set", "Set it where sfcred runs: https://vault.acme.com.")
    text = _MEMORY.ask(address, path, lambda: _fetch(path, address, around.environ))
    shown = f"the Vault secret {path}"
    return sound(field_of(text, field, shown), f"the field {field} of {shown}")


def _fetch(path: str, address: str, environ: Mapping[str, str]) -> str:
    """All fields of a secret, as JSON: one request for all that specs take of it."""
    with library("Vault", "vault"):
        import hvac
        from hvac import exceptions as refused
        from requests import exceptions as broken
    where = f"Vault at {address}"
    client = hvac.Client(
        url=address,
        token=token_of(environ).get_secret_value(),
        namespace=environ.get("VAULT_NAMESPACE") or None,
        verify=environ.get("VAULT_CACERT") or True,
        timeout=TIMEOUT,
        # The token goes to VAULT_ADDR and nowhere else.
        allow_redirects=False,
    )
    quiet("hvac", "urllib3")
    try:
        return _fields(client, path)
    except refused.InvalidPath:
        raise _missing(path) from None
    except (refused.Forbidden, refused.Unauthorized):
        raise SecretUnavailable(
            f"the Vault secret {path}: the token may not read it, or is no longer valid",
            hint="Log in anew (vault login), or give the token's policy `read` on this path "
            "(version 2 of KV: on MOUNT/data/…).",
        ) from None
    except refused.VaultDown:
        down(where, "is sealed", "Ask those who run it to unseal it.")
    except broken.SSLError:
        down(where, "its TLS certificate isn't trusted", "Name its authority's file: VAULT_CACERT.")
    except broken.RequestException:
        down(where, "is out of reach", "Check VAULT_ADDR and the network.")
    except (refused.VaultError, ValueError, KeyError, TypeError, AttributeError):
        down(where, "answers, but not as Vault does", "Check VAULT_ADDR (no path, no /ui).")


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
    """Where the path's secrets engine is mounted, and its version, as Vault's own tool asks."""
    from hvac import exceptions as refused

    try:
        found = client.adapter.get(f"/v1/sys/internal/ui/mounts/{path}")["data"]
    except (refused.Forbidden, refused.InvalidPath):
        # A token without the default policy may not ask. Then it is as most have it.
        return path.partition("/")[0] + "/", "2"
    if found["type"] not in ("kv", "generic"):  # reading others may make something
        raise SecretUnavailable(
            f"the Vault secret {path}: is in a secrets engine of another type than kv",
            hint="Refer to a secret that is stored in KV.",
        )
    return found["path"], str((found.get("options") or {}).get("version", "1"))


def _missing(path: str) -> SecretUnavailable:
    return SecretUnavailable(
        f"Vault has no secret {path}, or its current version is deleted",
        hint=f"Look at it with `vault kv get {path}`; the path begins with the mount.",
    )


def token_of(environ: Mapping[str, str]) -> SecretStr:
    """Return the person's token, from where Vault's own tool has it.

    Raises:
        BackendDown: There is none.
    """
    given = environ.get("VAULT_TOKEN", "").strip()
    if given:
        return SecretStr(given)
    home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - the given environment's
    try:
        return read_secret_file(Path(home, ".vault-token"), "~/.vault-token")
    except SecretUnavailable:
        down("Vault", "there is no token", "Log in (vault login), or set VAULT_TOKEN.")


PROVIDER = Provider(
    key="vault",
    title="a secret in HashiCorp Vault or OpenBao",
    description="A field of a secret in HashiCorp Vault or OpenBao: the path as `vault kv get` "
    "takes it, a #, the field. The server is that of VAULT_ADDR. Needs an extra: "
    "pip install 'sfcred[vault]'.",
    pattern="[A-Za-z0-9_.@=+ -]+(/[A-Za-z0-9_.@=+ -]+)+#[^#\\n\\r]+",
    example="secret/acme/crm#client_secret",
    read=_read,
    is_remote=True,
    is_own=lambda _locator: True,
    where=lambda locator, _around: f"Vault secret {locator}",
)
