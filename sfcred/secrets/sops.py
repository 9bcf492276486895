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
from sfcred.paths import join_local
from sfcred.secrets._api import Provider, Surroundings
from sfcred.secrets._remote import Memory, down, sound

_MEMORY = Memory()
_FILE_LIMIT = 1024 * 1024
# Asking a key service takes a moment; a person with a passphrase is nobody's plan here. Seconds.
_LIMIT = 30

# SOPS's exit statuses (cmd/sops/codes).
_NO_KEY, _MAC_MISMATCH, _BAD_VALUE = 128, 51, 25
_NAMES = ("vault_address", "vault_url")
_AZURE = (".vault.azure.net", ".vault.azure.cn", ".vault.usgovcloudapi.net")


def _read(locator: str, around: Surroundings) -> SecretStr:
    name, _, route = locator.partition("#")
    try:
        path = join_local(around.folder, name)
    except ReadError as error:
        raise SecretUnavailable(error.message, hint=error.hint) from None
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
        if key == "vault_url" and not _is_azure(value):
            raise SecretUnavailable(
                f"{shown}: names a Key Vault that is not Microsoft's",
                hint="Look at vault_url in the file.",
            )


def _is_azure(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and (parts.hostname or "").endswith(_AZURE)
    except ValueError:
        return False


def _servers(path: Path, content: bytes, shown: str) -> Iterator[tuple[str, str]]:
    """Every vault_address and vault_url of a file, as SOPS would find it.

    SOPS goes by the name's end: what is neither YAML, .env nor .ini is JSON.

    Raises:
        SecretUnavailable: It can't be said what SOPS would find.
    """
    text = content.decode("utf-8", "replace")
    try:
        if path.name.endswith((".env", ".ini")):
            pairs = _line_pairs(text)
        else:
            is_yaml = path.name.endswith((".yaml", ".yml"))
            pairs = _yaml_pairs(text) if is_yaml else _json_pairs(text)
    except (ValueError, RecursionError):
        raise SecretUnavailable(
            f"{shown}: is neither encrypted by SOPS, nor understood by sfcred",
            hint="Write it anew: sops encrypt.",
        ) from None
    for key, value in pairs:
        # Go's JSON reader takes keys in any case, and some signs outside ASCII for letters.
        found = re.search("vault_address$|vault_url$", key.casefold())
        if found:
            yield found.group(), value


def _line_pairs(text: str) -> list[tuple[str, str]]:
    """The lines of a .env or .ini file that are about a vault.

    Raises:
        ValueError: A line is written otherwise than SOPS writes it: with quotes round its key,
            or over several lines.
    """
    found = []
    for line in text.split("\n"):
        if "vault" in line.casefold() and not line.lstrip().startswith(("#", ";")):
            pair = re.fullmatch(r"([A-Za-z0-9_]+) *= *([\x21-\x7e]*)\r?", line)
            if pair is None or pair[2].endswith("\\"):
                raise ValueError("not as SOPS writes it")
            found.append((pair[1], pair[2]))
    return found


def _json_pairs(text: str) -> list[tuple[str, str]]:
    """Every key and value, also of keys that stand twice: Go's reader merges what they hold."""
    found: list[tuple[str, str]] = []

    def take(pairs: list[tuple[str, object]]) -> None:
        found.extend((key, str(value)) for key, value in pairs)

    json.loads(text, object_pairs_hook=take)
    return found


def _yaml_pairs(text: str) -> list[tuple[str, str]]:
    """What stands behind each name of a server.

    Raises:
        ValueError: It is no YAML, or has what SOPS never writes: a tag (which may be another way to
            write a name), an anchor, an alias.
    """
    import yaml

    # Events instead of nodes: the composer recurses, and a deep file would end the process.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found, name = [], ""
    try:
        for event in yaml.parse(text, Loader=loader):
            if getattr(event, "tag", None) or getattr(event, "anchor", None):
                raise ValueError("not as SOPS writes it")
            value = event.value if isinstance(event, yaml.ScalarEvent) else ""
            if name:
                found.append((name, value))
            name = value if value.casefold() in _NAMES else ""
    except yaml.YAMLError:
        raise ValueError("no YAML") from None
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
    path_text=lambda locator: locator.partition("#")[0],
    # No `path`: the file is encrypted, and made to be committed and read.
)
