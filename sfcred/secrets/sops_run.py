"""Run the program `sops` on a file, with no more of the person's logins than the file needs.

SOPS takes its logins from the environment and the home folder. It is handed those for the kinds of
keys that the file has, and nothing of the project: not its folder, not its programs, not its
`.sops.yaml`. The Vault token goes along only where the file's server was found to be VAULT_ADDR's.
"""

import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sfcred.ending import cleaned_up
from sfcred.errors import SecretUnavailable
from sfcred.programs import find_program, outside
from sfcred.secrets.providers.vault import token_of
from sfcred.secrets.remote import down
from sfcred.secrets.sops_keys import Keys
from sfcred.secrets.sops_text import Encrypted

#: How long SOPS may take, in seconds: it asks a key service, and nobody types a passphrase here.
LIMIT = 30
#: The most that a decrypted file may hold, in bytes.
OUTPUT_LIMIT = 1024 * 1024

# The variables that a kind of key logs in with, by their beginnings.
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "age": ("SOPS_AGE_",),
    "pgp": ("SOPS_GPG_", "GNUPG", "GPG_"),
    "kms": ("AWS_",),
    "gcp_kms": ("GOOGLE_", "CLOUDSDK_", "GCLOUD_", "GCE_", "SOPS_GCP_"),
    "hckms": ("HUAWEICLOUD_",),
    "azure_kv": ("AZURE_", "AZD_", "ARM_", "MSI_", "IDENTITY_", "IMDS_"),
    "hc_vault": ("VAULT_", "BAO_"),
}
_OTHERS = ("SOPS_", "SFCRED_", "N8N_")  # settings of SOPS for encrypting, and what isn't SOPS's
_HARMLESS = {"SOPS_DECRYPTION_ORDER", "SOPS_KEYSERVICE", "SOPS_ENABLE_LOCAL_KEYSERVICE"}
# Paths may be relative to the person's working folder, which isn't SOPS's.
_PATHS = {
    "SOPS_AGE_KEY_FILE", "SOPS_AGE_SSH_PRIVATE_KEY_FILE", "GNUPGHOME", "XDG_CONFIG_HOME",
    "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE",
    "AWS_WEB_IDENTITY_TOKEN_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CREDENTIALS",
    "CLOUDSDK_CONFIG", "AZURE_CONFIG_DIR", "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE", "VAULT_CACERT", "VAULT_CAPATH", "VAULT_CLIENT_CERT",
    "VAULT_CLIENT_KEY", "SSL_CERT_FILE", "SSL_CERT_DIR",
}  # fmt: skip
_TOKEN_FILE = ".vault-token"
# What the kinds of keys, and the programs that log in for them, have in the home folder.
_HOME = (
    ".age", ".aws", ".azd", ".azure", ".config", ".gnupg", ".huaweicloud", ".local", ".ssh",
    "Library",
)  # fmt: skip


class Output(NamedTuple):
    """What came of a run: SOPS's exit status, and what it wrote."""

    status: int
    text: bytes


def decrypt(
    file: Encrypted, keys: Keys, environ: Mapping[str, str], project: Path, *, as_json: bool
) -> Output:
    """Decrypt a file.

    Args:
        file: The file, as it was judged.
        keys: Its keys, as they were judged.
        environ: The person's environment.
        project: The project's root: no program comes from there.
        as_json: The output is to be JSON, else it is in the file's format.

    Raises:
        BackendDown: There is no program, or it doesn't end.
        SecretUnavailable: The output is too large.
    """
    program = find_program("sops", environ.get("PATH"), project)
    if program is None:
        down(
            "SOPS",
            "there is no program `sops`",
            "Install it (https://getsops.io), outside of the project and the working folder.",
        )
    try:
        with TemporaryDirectory(prefix="sfcred-") as name, cleaned_up(lambda: rmtree(name)):
            return _decrypt_copy(program, file, keys, environ, project, Path(name), as_json=as_json)
    except OSError:
        down("SOPS", "can't be given a copy of the file", "Make room in the temporary folder.")


def _decrypt_copy(
    program: Path,
    file: Encrypted,
    keys: Keys,
    environ: Mapping[str, str],
    project: Path,
    temporary: Path,
    *,
    as_json: bool,
) -> Output:
    """Hand over a copy: what SOPS reads is what was judged, whatever happens to the file."""
    folder = Path(os.path.realpath(temporary))
    copy, config = folder / "file", folder / "config"
    copy.write_text(file.text, encoding="utf-8", newline="")
    config.write_text("", encoding="utf-8")
    kind = ["--input-type", file.kind, "--output-type", "json" if as_json else file.kind]
    command = [str(program), "--config", str(config), "decrypt", *kind, str(copy)]
    return _run(command, _environment(keys, environ, project, folder), folder)


def _run(command: list[str], variables: dict[str, str], folder: Path) -> Output:
    """Run with a deadline, and read no more than the limit."""
    try:
        # A session of its own: it can ask nobody for a passphrase, and ends with its children.
        process = subprocess.Popen(  # noqa: S603 - fixed arguments, see sops.py
            command,
            env=variables,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        down("SOPS", "the program `sops` can't be started", f"Look at {command[0]}.")
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(LIMIT, end)
    timer.start()
    try:
        with cleaned_up(lambda: _kill(process)):
            text = process.stdout.read(OUTPUT_LIMIT + 1) if process.stdout else b""
            if len(text) > OUTPUT_LIMIT:
                _kill(process)
            status = process.wait()
    except BaseException:  # Ctrl-C doesn't reach another session
        _kill(process)
        raise
    finally:
        timer.cancel()
        if process.stdout:
            process.stdout.close()
    if late.is_set():
        down("SOPS", "timed out", "A key service may be out of reach; try it by hand.")
    if len(text) > OUTPUT_LIMIT:
        raise SecretUnavailable(
            f"what SOPS decrypts is larger than {OUTPUT_LIMIT // 1024} KB",
            hint="Check that this is the file you meant.",
        )
    return Output(status, text)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End it, and what it started: a child that lives on would keep the output open."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (ProcessLookupError, PermissionError):
        return


# -- the environment


def _environment(
    keys: Keys, environ: Mapping[str, str], project: Path, folder: Path
) -> dict[str, str]:
    variables = dict(_allowed(keys.kinds, environ))
    variables["PATH"] = outside(environ.get("PATH"), project)
    variables["SOPS_DISABLE_VERSION_CHECK"] = "1"
    # SOPS 3.13 and later; a file whose address isn't VAULT_ADDR's was refused before.
    variables["SOPS_HC_VAULT_ALLOWLIST"] = ",".join(keys.vaults) or "none"
    if keys.vaults:
        variables.update(_vault_token(environ))
    variables.update(_home(keys, environ, folder, project))
    return variables


def _allowed(kinds: frozenset[str], environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Everything but the logins of key services that the file has no key of."""
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
        return {}  # another key may open the file


def _home(keys: Keys, environ: Mapping[str, str], folder: Path, project: Path) -> dict[str, str]:
    """The home folder: the person's own, or one without Vault's token."""
    real = Path(os.path.abspath(environ.get("HOME") or os.path.expanduser("~")))  # noqa: PTH100, PTH111
    if not os.path.lexists(real / _TOKEN_FILE):
        return {"HOME": str(real)} if os.name == "posix" else {}
    home = folder / "home"
    home.mkdir(mode=0o700)
    if os.name != "posix":  # SOPS looks for Vault's token in HOME first, others use USERPROFILE
        return {"HOME": str(home)}
    for name in _HOME:
        if (real / name).exists():
            (home / name).symlink_to(real / name)
    return {
        "HOME": str(home),
        **(_gpg(environ, real, folder, project) if "pgp" in keys.kinds else {}),
    }


def _gpg(environ: Mapping[str, str], home: Path, folder: Path, project: Path) -> dict[str, str]:
    """A gpg that knows the real home: it finds its agent by that folder's name."""
    program = find_program(environ.get("SOPS_GPG_EXEC") or "gpg", environ.get("PATH"), project)
    if program is None:
        return {}
    script = folder / "gpg"
    line = f"HOME={shlex.quote(str(home))} exec {shlex.quote(str(program))}"
    script.write_text(f'#!/bin/sh\n{line} "$@"\n', encoding="utf-8")
    script.chmod(0o700)
    return {"SOPS_GPG_EXEC": str(script)}
