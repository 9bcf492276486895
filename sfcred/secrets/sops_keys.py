"""Decide which keys of an encrypted file SOPS may use, and therefore which services it may ask.

The file comes with the repository. It names the servers that hold its key, and SOPS logs in there
with your tokens. So every field is checked: a server must be one of the vendor's own, or the Vault
at VAULT_ADDR. Everything else is refused.

Source: `ToInternal` in SOPS's stores.go (3.11, 3.13), and the key sources of each kind.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from sfcred.secrets.sops_text import NotAsWritten, Tree

_TEXT = r"[\x20-\x7e]*"
_MOMENT = r"[0-9TZ:.+-]*"
_BASE64 = r"[A-Za-z0-9+/=_-]+"
_ARMOR = r"-----BEGIN [A-Z ]+-----\n[\x20-\x7e\n]*-----END [A-Z ]+-----\n?"
# Segments between slashes, without `..`: SOPS joins and normalizes them, so `../../sys/seal` would
# become a request to Vault.
_PATH = r"(?!.*(?:^|/)\.{1,2}(?:/|$))/?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*/?"
_REGION = r"[a-z]{2,8}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}"

#: The fields of each kind of key, and the format of each field.
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "age": {"recipient": _TEXT, "enc": _ARMOR},
    "pgp": {"fp": r"[0-9A-Fa-f]{8,64}!?", "created_at": _MOMENT, "enc": _ARMOR},
    "kms": {
        "arn": rf"arn:aws(?:-[a-z]+)*:kms:{_REGION}:[0-9]{{12}}:(?:key|alias)/[A-Za-z0-9/_-]+",
        "role": r"(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+)?",
        "created_at": _MOMENT,
        "enc": _BASE64,
        "aws_profile": _TEXT,
    },
    "gcp_kms": {
        "resource_id": r"projects/[a-z0-9:.-]+/locations/[a-z0-9-]+/keyRings/[A-Za-z0-9_-]+"
        r"/cryptoKeys/[A-Za-z0-9_-]+",
        "created_at": _MOMENT,
        "enc": _BASE64,
    },
    "hckms": {"key_id": rf"{_REGION}:[A-Za-z0-9-]+", "created_at": _MOMENT, "enc": _BASE64},
    "azure_kv": {
        "vault_url": _TEXT,
        "name": r"[A-Za-z0-9-]+",
        "version": r"[A-Za-z0-9]*",
        "created_at": _MOMENT,
        "enc": _BASE64,
    },
    "hc_vault": {
        "vault_address": _TEXT,
        "engine_path": _PATH,
        "key_name": r"(?!\.{1,2}$)[A-Za-z0-9_.-]+",
        "created_at": _MOMENT,
        "enc": r"vault:v[0-9]+:[A-Za-z0-9+/=_-]+",
    },
}
_SETTINGS: Mapping[str, str] = {
    "shamir_threshold": r"[0-9]{1,4}",
    "lastmodified": _MOMENT,
    "mac": _TEXT,
    "version": r"[0-9A-Za-z.+-]*",
    "mac_only_encrypted": r"true|false",
    "unencrypted_suffix": _TEXT,
    "encrypted_suffix": _TEXT,
    "unencrypted_regex": _TEXT,
    "encrypted_regex": _TEXT,
    "unencrypted_comment_regex": _TEXT,
    "encrypted_comment_regex": _TEXT,
}
_KEY_VAULTS = re.compile(
    r"https://[a-z][a-z0-9-]{1,22}[a-z0-9]\.(?:vault\.azure\.net|vault\.azure\.cn|"
    r"vault\.usgovcloudapi\.net)/?",
    re.IGNORECASE | re.ASCII,
)
_ADDRESS = re.compile(
    r"(https?)://([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?/?"
)
_PORTS = {"https": 443, "http": 80}


class ForeignServer(Exception):
    """The file names a server that isn't known to be yours.

    Attributes:
        what: The server, in words that fit after "names".
        hint: What to do next.
    """

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class Keys(NamedTuple):
    """The keys that decrypt a file.

    Attributes:
        kinds: The kinds of its keys, as SOPS names them: `age`, `kms`, ….
        vaults: The addresses of Vault servers in the file. All are the server at VAULT_ADDR.
    """

    kinds: frozenset[str]
    vaults: tuple[str, ...]


def judge(metadata: Mapping[str, Tree], environ: Mapping[str, str]) -> Keys:
    """Return the keys of a file, if SOPS may use all of them.

    Args:
        metadata: The content of the file's `sops` section.
        environ: The user's environment.

    Raises:
        NotAsWritten: A field is unknown, or its value is not in the right format.
        ForeignServer: A key is on a server that must not get a token.
    """
    kinds: set[str] = set()
    vaults: list[str] = []
    for kind, key in _keys_of(metadata):
        _require_form(key, _FIELDS[kind], kind)
        _require_own_server(kind, key, environ)
        kinds.add(kind)
        if kind == "hc_vault":
            vaults.append(str(key["vault_address"]))
    if not kinds:
        raise NotAsWritten("its `sops` section has no keys")
    return Keys(frozenset(kinds), tuple(dict.fromkeys(vaults)))


def _keys_of(metadata: Mapping[str, Tree]) -> list[tuple[str, Mapping[str, Tree]]]:
    settings = {key: v for key, v in metadata.items() if key not in {*_FIELDS, "key_groups"}}
    _require_form(settings, _SETTINGS, "sops")
    groups = metadata.get("key_groups") or []
    if not isinstance(groups, list):
        raise NotAsWritten("`key_groups` is not a list")
    found = _keys_in_group({kind: keys for kind, keys in metadata.items() if kind in _FIELDS})
    for group in groups:
        if not isinstance(group, Mapping):
            raise NotAsWritten("`key_groups` is not a list of groups")
        found += _keys_in_group(group)
    return found


def _keys_in_group(group: Mapping[str, Tree]) -> list[tuple[str, Mapping[str, Tree]]]:
    found: list[tuple[str, Mapping[str, Tree]]] = []
    for kind, keys in group.items():
        if kind not in _FIELDS:
            raise NotAsWritten("a group of keys has an unknown field")
        if keys and not isinstance(keys, list):
            raise NotAsWritten(f"`{kind}` is not a list of keys")
        for key in keys:
            if not isinstance(key, Mapping):
                raise NotAsWritten(f"`{kind}` is not a list of keys")
            found.append((kind, key))
    return found


def _require_form(fields: Mapping[str, Tree], forms: Mapping[str, str], where: str) -> None:
    for name, value in fields.items():
        if where == "kms" and name == "context":
            _require_context(value)
        elif name not in forms:
            raise NotAsWritten(f"`{where}` has an unknown field")
        elif not isinstance(value, str) or not re.fullmatch(forms[name], value):
            raise NotAsWritten(f"`{name}` has an unusual value")
    if where in _FIELDS and "enc" not in fields:
        raise NotAsWritten(f"a key in `{where}` is incomplete")


def _require_context(value: Tree) -> None:
    """Raise NotAsWritten unless the value is an AWS encryption context: names with strings."""
    if value and not (
        isinstance(value, Mapping)
        and all(isinstance(v, str) and re.fullmatch(_TEXT, k + v) for k, v in value.items())
    ):
        raise NotAsWritten("`context` has an unusual value")


def _require_own_server(kind: str, key: Mapping[str, Tree], environ: Mapping[str, str]) -> None:
    if kind == "hc_vault":
        given = _server(environ.get("VAULT_ADDR", "").strip())
        if given is None or _server(str(key.get("vault_address", ""))) != given:
            raise ForeignServer(
                "a Vault server that is not the one in VAULT_ADDR and would get your token",
                "Check vault_address in the file. If it is right, set VAULT_ADDR to it.",
            )
    if kind == "azure_kv" and not _KEY_VAULTS.fullmatch(str(key.get("vault_url", ""))):
        raise ForeignServer("a Key Vault that is not Microsoft's", "Check vault_url in the file.")
    profile = str(key.get("aws_profile", "")) if kind == "kms" else ""
    if profile and profile != environ.get("AWS_PROFILE", ""):
        raise ForeignServer(
            "an AWS profile that is not the one in AWS_PROFILE",
            "Check aws_profile in the file. If it is right, set AWS_PROFILE to it.",
        )


def _server(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port. None if the URL contains anything else."""
    found = _ADDRESS.fullmatch(url)
    if found is None:
        return None
    return found[1], found[2].lower(), int(found[3] or _PORTS[found[1]])
