"""`{sops: file#key.path}`: a value of a file that SOPS encrypted.

The one provider that runs a program: SOPS has no library for Python. The program is `sops` of the
PATH, with fixed arguments and no shell; a spec chooses the file, and nothing else.

An encrypted file names the servers that are asked for its key. SOPS sends the user's Vault token to
whichever address stands there, and only from version 3.13 on it can be told which are right
(SOPS_HC_VAULT_ALLOWLIST). A pull request may bring such a file, so sfcred looks first: a file that
names another Vault than VAULT_ADDR, or a Key Vault that isn't Microsoft's, is never given to SOPS.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from sfcred.errors import ReadError, SecretUnavailable
from sfcred.files import read_regular
from sfcred.secrets._api import Provider, Surroundings
from sfcred.secrets._remote import Memory, down, sound

_MEMORY = Memory()
_FILE_LIMIT = 1024 * 1024
# Asking a key service takes a moment; a person with a passphrase is nobody's plan here. Seconds.
_LIMIT = 30

# SOPS's exit statuses (cmd/sops/codes).
_NO_KEY, _MAC_MISMATCH, _BAD_VALUE = 128, 51, 25
_AZURE = (".vault.azure.net", ".vault.azure.cn", ".vault.usgovcloudapi.net")


def _read(locator: str, around: Surroundings) -> SecretStr:
    name, _, route = locator.partition("#")
    path = around.folder / name
    shown = f"the SOPS file {name}"
    text = _MEMORY.ask(
        "sops", f"{path}#{bool(route)}", lambda: _decrypt(path, shown, around.environ, bool(route))
    )
    if not route:
        return sound(text.removesuffix("\n"), shown)
    return sound(_pick(text, route, shown), f"{route} of {shown}")


def _decrypt(path: Path, shown: str, environ: Mapping[str, str], structured: bool) -> str:
    """The file's content: as JSON if it is to be looked into, else as it is."""
    import shutil
    import subprocess

    try:
        content = read_regular(path, _FILE_LIMIT)
    except ReadError as error:
        reason = error.message.removeprefix(f"{path}: ")
        raise SecretUnavailable(f"{shown}: {reason}", hint=error.hint) from None
    real = Path(os.path.realpath(path))  # SOPS goes by the suffix: of what it is handed
    _refuse_foreign_servers(real, content, shown, environ.get("VAULT_ADDR", ""))
    program = shutil.which("sops", path=environ.get("PATH"))
    if program is None:
        down("SOPS", "there is no program `sops`", "Install it: https://getsops.io.")
    kind = ["--output-type", "json"] if structured else []
    try:
        done = subprocess.run(  # noqa: S603 - see the module's docstring
            [program, "decrypt", *kind, str(real)],
            env={**environ, "SOPS_HC_VAULT_ALLOWLIST": environ.get("VAULT_ADDR") or "none"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        down("SOPS", "doesn't come to an end", "A key service may be out of reach; try it by hand.")
    except OSError:
        down("SOPS", "the program `sops` can't be started", f"Look at {program}.")
    if done.returncode:
        raise _refused(done.returncode, path, shown)
    return done.stdout.decode("utf-8", "surrogateescape")


def _refused(status: int, path: Path, shown: str) -> SecretUnavailable:
    """In words: what SOPS prints of it may hold values."""
    by_hand = f"Try it by hand: sops decrypt {path.name} (it prints the secrets)."
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


def _refuse_foreign_servers(path: Path, content: bytes, shown: str, vault: str) -> None:
    """Raises SecretUnavailable for a file that would send a token elsewhere."""
    for key, value in _servers(path, content, shown):
        if key == "vault_address" and (not vault or _address(value) != _address(vault)):
            raise SecretUnavailable(
                f"{shown}: names a Vault that is not the one in VAULT_ADDR, and would be sent "
                "your token",
                hint="Look at vault_address in the file. If it is right, set VAULT_ADDR to it.",
            )
        host = urlsplit(value).hostname or ""
        if key == "vault_url" and not (value.startswith("https://") and host.endswith(_AZURE)):
            raise SecretUnavailable(
                f"{shown}: names a Key Vault that is not Microsoft's",
                hint="Look at vault_url in the file.",
            )


def _servers(path: Path, content: bytes, shown: str) -> Iterator[tuple[str, str]]:
    """Every vault_address and vault_url of a file, as SOPS would find it.

    SOPS goes by the suffix: what is neither YAML, .env nor .ini is JSON.

    Raises:
        SecretUnavailable: It can't be said what SOPS would find.
    """
    text = content.decode("utf-8", "replace")
    if path.suffix in (".env", ".ini"):
        # `sops_hc_vault__list_0__map_vault_address=…`
        yield from re.findall(r"(?im)(vault_address|vault_url)[ \t]*[=:][ \t]*(\S*)", text)
        return
    try:
        pairs = _yaml_pairs(text) if path.suffix in (".yaml", ".yml") else _json_pairs(text)
    except (ValueError, RecursionError):
        raise SecretUnavailable(
            f"{shown}: is neither encrypted by SOPS, nor understood by sfcred",
            hint="Write it anew: sops encrypt.",
        ) from None
    for key, value in pairs:
        # Go's JSON reader takes keys in any case, and some signs outside ASCII for letters.
        if key.casefold() in ("vault_address", "vault_url"):
            yield key.casefold(), value


def _json_pairs(text: str) -> list[tuple[str, str]]:
    """Every key and value, also of keys that stand twice: Go's reader merges what they hold."""
    found: list[tuple[str, str]] = []

    def take(pairs: list[tuple[str, object]]) -> None:
        found.extend((key, str(value)) for key, value in pairs)

    json.loads(text, object_pairs_hook=take)
    return found


def _yaml_pairs(text: str) -> list[tuple[str, str]]:
    """Every key and value of a scalar, whatever tags and aliases there are.

    Raises:
        ValueError: It is no YAML.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        waiting = list(yaml.compose_all(text, Loader=loader))
    except yaml.YAMLError:
        raise ValueError("no YAML") from None
    found: list[tuple[str, str]] = []
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:  # an alias may repeat a part without end
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            found += [(str(key.value), str(value.value)) for key, value in node.value]
            waiting += [part for pair in node.value for part in pair]
    return found


def _address(url: str) -> str:
    return url.strip().rstrip("/").lower()


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
    # No `path`: the file is encrypted, and made to be committed and read.
)
