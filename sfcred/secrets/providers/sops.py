"""`{sops: file#key.path}`: a value of a file that SOPS encrypted.

The one provider that runs a program: SOPS has no library for Python. The program is `sops` of the
PATH, from outside of the project, with fixed arguments and no shell; a spec chooses the file, and
nothing else.

An encrypted file names the servers that are asked for its key. SOPS sends the user's Vault token to
whichever address stands there, and only from version 3.13 on it can be told which are right
(SOPS_HC_VAULT_ALLOWLIST). A pull request may bring such a file, so the default is to deny: the file
must be written as SOPS writes it (_sops_text.py), each of its keys must be on a server that is the
vendor's or the person's own (_sops_keys.py), and SOPS gets the logins for those (_sops_run.py).
"""

import json
import os
from pathlib import Path

from pydantic import SecretStr

from sfcred.errors import ReadError, SecretUnavailable
from sfcred.files import read_regular
from sfcred.paths import join_local
from sfcred.secrets.provider import Provider, Surroundings
from sfcred.secrets.remote import Memory, sound
from sfcred.shell import for_shell

_MEMORY = Memory()
_FILE_LIMIT = 1024 * 1024

# SOPS's exit statuses (cmd/sops/codes).
_NO_KEY, _MAC_MISMATCH, _BAD_VALUE = 128, 51, 25


def _read(locator: str, around: Surroundings) -> SecretStr:
    name, _, route = locator.partition("#")
    try:
        path = join_local(around.folder, name)
    except ReadError as error:
        raise SecretUnavailable(error.message, hint=error.hint) from None
    shown = f"the SOPS file {name}"
    text = _MEMORY.ask(
        "sops", f"{path}#{bool(route)}", lambda: _decrypt(path, shown, around, as_json=bool(route))
    )
    if not route:
        return sound(text.removesuffix("\n"), shown)
    return sound(_pick(text, route, shown), f"{route} of {shown}")


def _decrypt(path: Path, shown: str, around: Surroundings, *, as_json: bool) -> str:
    """The file's content: as JSON if it is to be looked into, else as it is."""
    from sfcred.secrets.sops_keys import ForeignServer, judge
    from sfcred.secrets.sops_run import decrypt
    from sfcred.secrets.sops_text import NotAsWritten, kind_of, read_encrypted

    try:
        content = read_regular(path, _FILE_LIMIT)
    except ReadError as error:
        reason = error.message.removeprefix(f"{path}: ")
        raise SecretUnavailable(f"{shown}: {reason}", hint=error.hint) from None
    # A link is what it leads to: the format goes by the name's end.
    kind = kind_of(os.path.realpath(path))
    try:
        file = read_encrypted(content, kind)
        keys = judge(file.metadata, around.environ)
    except NotAsWritten as fault:
        raise SecretUnavailable(
            f"{shown}: is not written as SOPS writes it: {fault}",
            hint="Write it again: sops decrypt, then sops encrypt.",
        ) from None
    except ForeignServer as server:
        raise SecretUnavailable(f"{shown}: names {server.what}", hint=server.hint) from None
    done = decrypt(file, keys, around.environ, around.project, as_json=as_json)
    if done.status:
        raise _refused(done.status, path, shown)
    return done.text.decode("utf-8", "surrogateescape")


def _refused(status: int, path: Path, shown: str) -> SecretUnavailable:
    """In words: what SOPS prints of it may hold values."""
    by_hand = f"Try it by hand: sops decrypt {for_shell(path.name)} (it prints the secrets)."
    if status == _NO_KEY:
        return SecretUnavailable(
            f"{shown}: no key that is here opens it",
            hint="Set SOPS_AGE_KEY_FILE, or log in to the cloud whose key it is encrypted with.",
        )
    if status in (_MAC_MISMATCH, _BAD_VALUE):
        return SecretUnavailable(
            f"{shown}: was changed by something else than SOPS", hint="Restore it from git."
        )
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
    what = "has no" if value is None else "has no text at"
    raise SecretUnavailable(
        f"{shown} {what} {route}", hint="Correct what stands behind the #; a list counts from 0."
    )


def _child(value: object, step: str) -> object:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return None


PROVIDER = Provider(
    key="sops",
    title="a value of a file that SOPS encrypted",
    description="A value of a file that SOPS encrypted, relative to the spec: behind a #, the keys "
    "that lead to it, with dots between; without them, the whole file. Needs the program `sops`.",
    pattern="[^#\\n\\r]+(#[^#\\n\\r]+)?",
    example="../secrets/acme.enc.yaml#crm.client_secret",
    read=_read,
    is_remote=True,
    where=lambda locator, _around: f"SOPS file {locator}",
    path_text=lambda locator: locator.partition("#")[0],
    # No `path`: the file is encrypted, and made to be committed and read.
)
