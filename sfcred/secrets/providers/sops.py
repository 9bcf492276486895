"""`{sops: file#key.path}`: a value in a file that SOPS encrypted.

This is the only provider that starts a program itself, because SOPS has no Python library. (Cloud
clients may start their own.) The program is the `sops` on PATH, from outside the project, with
fixed arguments and no shell. A spec chooses only the file.

An encrypted file names the servers that hold its key. SOPS sends your Vault token to whatever
address the file contains, and an allowlist for addresses exists only since version 3.13
(SOPS_HC_VAULT_ALLOWLIST). A pull request can add such a file, so the default is to deny. The file
must be written as SOPS writes it (sops_text.py), each of its keys must be on a server that is the
vendor's or your own (sops_keys.py), and SOPS gets only the logins for these (sops_run.py).
"""

import json
import os
import re
from pathlib import Path

from pydantic import SecretStr

from sfcred.errors import ReadError, SecretUnavailable
from sfcred.files import read_regular
from sfcred.secrets.provider import Provider, Surroundings, local_path
from sfcred.secrets.remote import checked_value
from sfcred.text.shell import for_shell

_FILE_LIMIT = 1024 * 1024

# SOPS's exit statuses (cmd/sops/codes).
_NO_KEY, _MAC_MISMATCH, _BAD_VALUE = 128, 51, 25


def _read(locator: str, around: Surroundings) -> SecretStr:
    name, _, route = locator.partition("#")
    path = local_path(name, around)
    shown = f"the SOPS file {name}"
    text = around.cache.ask(
        "sops", f"{path}#{bool(route)}", lambda: _decrypt(path, shown, around, as_json=bool(route))
    )
    if not route:
        return checked_value(text.removesuffix("\n"), shown)
    return checked_value(_pick(text, route, shown), f"{route} of {shown}")


def _decrypt(path: Path, shown: str, around: Surroundings, *, as_json: bool) -> str:
    """Return the decrypted file, as JSON if a value is needed and otherwise unchanged."""
    from sfcred.secrets.sops_keys import ForeignServer, judge
    from sfcred.secrets.sops_run import decrypt
    from sfcred.secrets.sops_text import NotAsWritten, kind_of, read_encrypted

    try:
        content = read_regular(path, _FILE_LIMIT)
    except ReadError as error:
        reason = error.message.removeprefix(f"{path}: ")
        raise SecretUnavailable(f"{shown}: {reason}", hint=error.hint) from None
    # SOPS takes the format from the suffix of the link's target.
    kind = kind_of(os.path.realpath(path))
    try:
        file = read_encrypted(content, kind)
        keys = judge(file.metadata, around.environ)
    except NotAsWritten as fault:
        raise SecretUnavailable(
            f"{shown}: is not written as SOPS writes it: {fault}",
            hint="Rewrite it with sops decrypt, then sops encrypt.",
        ) from None
    except ForeignServer as server:
        raise SecretUnavailable(f"{shown}: names {server.what}", hint=server.hint) from None
    done = decrypt(file, keys, around.environ, around.project, as_json=as_json)
    if done.status:
        raise _refused(done.status, path, shown)
    return done.output.decode("utf-8", "surrogateescape")


def _refused(status: int, path: Path, shown: str) -> SecretUnavailable:
    """Describe the failure in sfcred's words, because SOPS's own output can contain values."""
    by_hand = f"Try it yourself: `sops decrypt {for_shell(path.name)}` (this prints the secrets)."
    if status == _NO_KEY:
        return SecretUnavailable(
            f"{shown}: no available key can decrypt it",
            hint="Set SOPS_AGE_KEY_FILE, or log in to the cloud that holds its key.",
        )
    if status in (_MAC_MISMATCH, _BAD_VALUE):
        return SecretUnavailable(f"{shown}: was changed without SOPS", hint="Restore it from git.")
    return SecretUnavailable(f"{shown}: SOPS can't read it (exit status {status})", hint=by_hand)


def _pick(text: str, route: str, shown: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    for step in route.split("."):
        value = _child(value, step)
    if isinstance(value, str):
        return value
    what = "has no" if value is None else "has no string at"
    raise SecretUnavailable(
        f"{shown} {what} {route}", hint="Correct the keys after the #. List items count from 0."
    )


def _child(value: object, step: str) -> object:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and re.fullmatch("[0-9]{1,9}", step) and int(step) < len(value):
        return value[int(step)]
    return None


PROVIDER = Provider(
    key="sops",
    title="a value in a file that SOPS encrypted",
    description="A value in a file that SOPS encrypted: the path relative to the spec, a #, and "
    "the keys that lead to the value, separated by dots. To use the whole file, leave out the # "
    "and the keys. Needs the program `sops`.",
    pattern="[^#\\n\\r]+(#[^#\\n\\r]+)?",
    example="../secrets/acme.enc.yaml#crm.client_secret",
    read=_read,
    is_remote=True,
    where=lambda locator, _around: f"SOPS file {locator}",
    path_text=lambda locator: locator.partition("#")[0],
    # Without `path`: the file is encrypted, so it may be committed and read by others.
)
