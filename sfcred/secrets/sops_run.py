"""Run `sops` on a file, with only those of your logins that the file needs.

SOPS takes its logins from the environment and the home folder. It gets those for the kinds of keys
in the file, and nothing from the project: not its folder, its programs or its `.sops.yaml`. It gets
the Vault token only if the file's server is the one at VAULT_ADDR.
"""

import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from sfcred.errors import SecretUnavailable
from sfcred.own_files import (
    AGE,
    AWS,
    AZURE,
    HUAWEI,
    PGP,
    VAULT,
    OwnFiles,
    find_brought_along,
    google_files,
)
from sfcred.programs.empty_folder import (
    HOW_TO_HAVE_ONE,
    WHY_NONE,
    empty_folder,
    temporary_folder,
)
from sfcred.programs.running import Bounds, Command, Finished, TimedOut, TooMuchOutput, run
from sfcred.programs.trusted import find_program
from sfcred.secrets.providers.vault import token_of
from sfcred.secrets.remote import raise_backend_down
from sfcred.secrets.sops_keys import Keys
from sfcred.secrets.sops_text import Encrypted

#: The time limit in seconds. SOPS asks a key service, and nobody can type a passphrase here.
LIMIT = 30
#: The maximum size of a decrypted file, in bytes.
OUTPUT_LIMIT = 1024 * 1024

# The prefixes of the login variables for each kind of key.
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "age": ("SOPS_AGE_",),
    "pgp": ("SOPS_GPG_", "GNUPG", "GPG_"),
    "kms": ("AWS_",),
    "gcp_kms": ("GOOGLE_", "CLOUDSDK_", "GCLOUD_", "GCE_", "SOPS_GCP_"),
    "hckms": ("HUAWEICLOUD_",),
    "azure_kv": ("AZURE_", "AZD_", "ARM_", "MSI_", "IDENTITY_", "IMDS_"),
    "hc_vault": ("VAULT_", "BAO_"),
}
# The files that SOPS and the programs it starts read for each kind of key.
_OWN_FILES: Mapping[str, OwnFiles] = {
    "age": AGE, "pgp": PGP, "kms": AWS, "hckms": HUAWEI, "azure_kv": AZURE,
    "hc_vault": VAULT,
}  # fmt: skip
_OTHERS = (
    "SOPS_",
    "SFCRED_",
    "N8N_",
)  # SOPS's settings for encrypting, and other programs' variables
_HARMLESS = {"SOPS_DECRYPTION_ORDER", "SOPS_KEYSERVICE", "SOPS_ENABLE_LOCAL_KEYSERVICE"}
# These paths can be relative to your working folder, and SOPS runs in another one.
_PATHS = {
    "SOPS_AGE_KEY_FILE", "SOPS_AGE_SSH_PRIVATE_KEY_FILE", "GNUPGHOME", "XDG_CONFIG_HOME",
    "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE",
    "AWS_WEB_IDENTITY_TOKEN_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CREDENTIALS",
    "CLOUDSDK_CONFIG", "AZURE_CONFIG_DIR", "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE", "VAULT_CACERT", "VAULT_CAPATH", "VAULT_CLIENT_CERT",
    "VAULT_CLIENT_KEY", "SSL_CERT_FILE", "SSL_CERT_DIR",
}  # fmt: skip
_TOKEN_FILE = ".vault-token"
# Login files in the home folder for each kind of key, and for the programs that log in.
_HOME = (
    ".age", ".aws", ".azd", ".azure", ".config", ".gnupg", ".huaweicloud", ".local", ".ssh",
    "Library",
)  # fmt: skip


def decrypt(
    file: Encrypted, keys: Keys, environ: Mapping[str, str], project: Path, *, as_json: bool
) -> Finished:
    """Decrypt a file.

    Args:
        file: The file as it was checked.
        keys: Its keys as they were checked.
        environ: The user's environment.
        project: The project's root. No program from there is used.
        as_json: Return JSON instead of the file's own format.

    Raises:
        BackendDown: sops is missing, timed out, or would use login files from the project.
        SecretUnavailable: The output is too large.
    """
    _require_own_files(keys, environ, project)
    program = find_program("sops", environ.get("PATH"), project)
    if program is None:
        raise_backend_down(
            "SOPS",
            "sops was not found on PATH",
            "Install it (https://getsops.io) outside the project and the working folder.",
        )
    try:
        with temporary_folder() as folder:
            return _decrypt_copy(program, file, keys, environ, project, folder, as_json=as_json)
    except OSError:
        raise_backend_down(
            "SOPS",
            "a copy of the file can't be created",
            "Free some space in the temporary folder.",
        )


def _require_own_files(keys: Keys, environ: Mapping[str, str], project: Path) -> None:
    files = OwnFiles()
    for kind in sorted(keys.kinds):
        files |= google_files(environ) if kind == "gcp_kms" else _OWN_FILES[kind]
    brought = find_brought_along(files, project, environ)
    if brought is not None:
        raise_backend_down("SOPS", brought.why, brought.hint)


def _decrypt_copy(
    program: Path,
    file: Encrypted,
    keys: Keys,
    environ: Mapping[str, str],
    project: Path,
    folder: Path,
    *,
    as_json: bool,
) -> Finished:
    """Write a copy, so that SOPS reads what was checked, even if the file changes."""
    copy, config = folder / "file", folder / "config"
    copy.write_text(file.text, encoding="utf-8", newline="")
    config.write_text("", encoding="utf-8")
    kind = ["--input-type", file.kind, "--output-type", "json" if as_json else file.kind]
    command = [str(program), "--config", str(config), "decrypt", *kind, str(copy)]
    inside = _environment(keys, environ, project, folder)
    # Not in that folder, where `sh file` would run what the repository's file contains.
    return _run(Command(command, _start_folder(project), inside, project))


def _start_folder(project: Path) -> Path:
    try:
        return empty_folder(project)
    except OSError:
        raise_backend_down("SOPS", WHY_NONE, HOW_TO_HAVE_ONE)


def _run(command: Command) -> Finished:
    """Run sops, and raise BackendDown or SecretUnavailable if that fails."""
    try:
        return run(command, Bounds(LIMIT, OUTPUT_LIMIT))
    except OSError:
        raise_backend_down("SOPS", "sops can't be started", f"Check {command.arguments[0]}.")
    except TimedOut:
        raise_backend_down(
            "SOPS",
            "timed out",
            "Check that its key service can be reached, or run sops yourself.",
        )
    except TooMuchOutput:
        raise SecretUnavailable(
            f"the file that SOPS decrypted is larger than {OUTPUT_LIMIT // 1024} KB",
            hint="Check that this is the file you meant.",
        ) from None


# -- the environment


def _environment(
    keys: Keys, environ: Mapping[str, str], project: Path, folder: Path
) -> dict[str, str]:
    variables = dict(_allowed(keys.kinds, environ))
    variables["SOPS_DISABLE_VERSION_CHECK"] = "1"
    # For SOPS 3.13 and later. Files with an address other than VAULT_ADDR were refused before.
    variables["SOPS_HC_VAULT_ALLOWLIST"] = ",".join(keys.vaults) or "none"
    if keys.vaults:
        variables.update(_vault_token(environ))
    variables.update(_home(keys, environ, folder, project))
    return variables


def _allowed(kinds: frozenset[str], environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Return the environment without logins for key services that the file doesn't use."""
    wanted = tuple(start for kind in kinds for start in _FAMILIES[kind])
    refused = (*_OTHERS, *(start for starts in _FAMILIES.values() for start in starts))
    for name, value in environ.items():
        upper = name.upper()
        is_refused = upper.startswith(refused) and not upper.startswith(wanted or ("\0",))
        if not is_refused or upper in _HARMLESS:
            is_path = upper in _PATHS and value and os.path.exists(value)  # noqa: PTH110 - or JSON
            yield name, os.path.abspath(value) if is_path else value  # noqa: PTH100 - links stay


def _vault_token(environ: Mapping[str, str]) -> dict[str, str]:
    try:
        return {"VAULT_TOKEN": token_of(environ).get_secret_value()}
    except SecretUnavailable:
        return {}  # another key may decrypt the file


def _home(keys: Keys, environ: Mapping[str, str], folder: Path, project: Path) -> dict[str, str]:
    """Return the home folder: the user's own, or a copy without the Vault token."""
    # Path.home() raises without one, and links stay.
    real = Path(os.path.abspath(environ.get("HOME") or os.path.expanduser("~")))  # noqa: PTH100, PTH111 - see above
    if not os.path.lexists(real / _TOKEN_FILE):
        return {"HOME": str(real)} if os.name == "posix" else {}
    home = folder / "home"
    home.mkdir(mode=0o700)
    if (
        os.name != "posix"
    ):  # SOPS looks for the Vault token in HOME first; other programs use USERPROFILE
        return {"HOME": str(home)}
    for name in _HOME:
        if (real / name).exists():
            (home / name).symlink_to(real / name)
    return {
        "HOME": str(home),
        **(_gpg(environ, real, folder, project) if "pgp" in keys.kinds else {}),
    }


def _gpg(environ: Mapping[str, str], home: Path, folder: Path, project: Path) -> dict[str, str]:
    """Write a gpg wrapper that sets the real home folder, which gpg needs to find its agent."""
    program = find_program(environ.get("SOPS_GPG_EXEC") or "gpg", environ.get("PATH"), project)
    if program is None:
        return {}
    script = folder / "gpg"
    line = f"HOME={shlex.quote(str(home))} exec {shlex.quote(str(program))}"
    script.write_text(f'#!/bin/sh\n{line} "$@"\n', encoding="utf-8")
    script.chmod(0o700)
    return {"SOPS_GPG_EXEC": str(script)}
