"""Your own files that choose programs, servers and logins.

Clients of secret stores read them. AWS's configuration names a program (credential_process), a
certificate authority and servers. The keyring's names a Python module. az loads extensions, and
PowerShell loads modules, from the home folder. These files are trusted because they are yours. If a
variable points into the project, the repository would supply them, so they aren't used.

Source: botocore 1.44 (configprovider, loaders), google-auth 2.63 (_default, _cloud_sdk,
_mtls_helper), azure-identity 1.27, keyring 25.7 (util.platform_), requests (utils), SOPS 3.13, and
the programs that these start.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import NotKnown, ReadError
from sfcred.git import Git
from sfcred.paths import passes_through
from sfcred.programs.places import command_leads_into, value_leads_into
from sfcred.repositories import find_root, untrusted_roots


class OwnFiles(NamedTuple):
    """The files that a client reads.

    Attributes:
        variables: Names of variables that contain one or more paths.
        places: Default paths. `~` is the home folder, and a leading `$NAME` is a variable, if set.
        logins: Variables and places for files that a CI job's login step writes, often into the
            checkout. They are refused only if git tracks them, or can't tell.
        programs: Variables that contain commands, or paths of folders that are searched. Every word
            of them counts.
        families: Prefixes of variable names. Any of them can contain a path, whether it is listed
            here or comes with the client's next release.
    """

    variables: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    families: tuple[str, ...] = ()

    @property
    def login_variables(self) -> list[str]:
        """Names of the variables that contain the path of a login's file."""
        return [name.removeprefix("$") for name in self.logins if "/" not in name]

    def __or__(self, other: "OwnFiles") -> "OwnFiles":
        return OwnFiles(*(mine + its for mine, its in zip(self, other, strict=True)))


_KEY_LOG = "SSLKEYLOGFILE"
#: Names of variables: files and folders that OpenSSL reads, and a log of TLS keys to write.
OPENSSL = (
    *("OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_MODULES", "OPENSSL_ENGINES"),
    _KEY_LOG,
)
TLS = OwnFiles(("SSL_CERT_FILE", "SSL_CERT_DIR"))
_REQUESTS = OwnFiles(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), ("~/.netrc", "~/_netrc", "$NETRC"))
_POWERSHELL = OwnFiles(
    ("PSModulePath",),
    (
        *("~/.config/powershell", "$XDG_CONFIG_HOME/powershell"),
        *("~/.local/share/powershell", "$XDG_DATA_HOME/powershell"),
        *("~/Documents/PowerShell", "~/Documents/WindowsPowerShell"),
    ),
)
# Windows starts `.cmd` files with it, and `az` is one.
_SHELL = OwnFiles(programs=("COMSPEC",))
AWS = TLS | _SHELL | OwnFiles(
    variables=(
        *("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_DATA_PATH", "AWS_CA_BUNDLE"),
        *("BOTO_CONFIG", "REQUESTS_CA_BUNDLE"),
    ),
    places=(
        *("~/.aws", "~/.aws/config", "~/.aws/credentials", "~/.aws/models", "~/.aws/sso"),
        "~/.boto",
    ),
    logins=("$AWS_WEB_IDENTITY_TOKEN_FILE", "$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
    families=("AWS_",),
)  # fmt: skip
GOOGLE = TLS | _REQUESTS | _SHELL | OwnFiles(
    variables=(
        *("CLOUDSDK_CONFIG", "GOOGLE_API_CERTIFICATE_CONFIG"),
        "CLOUDSDK_CONTEXT_AWARE_CERTIFICATE_CONFIG_FILE_PATH",
    ),
    places=(
        *("~/.config/gcloud", "~/.config/gcloud/application_default_credentials.json"),
        *("~/.config/gcloud/certificate_config.json", "$APPDATA/gcloud", "~/.secureConnect"),
    ),
    logins=(
        *("$GOOGLE_APPLICATION_CREDENTIALS", "$GOOGLE_CREDENTIALS", "$GOOGLE_GHA_CREDS_PATH"),
        *("$CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE", "$CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"),
    ),
    programs=("CLOUDSDK_PYTHON", "CLOUDSDK_PYTHON_ARGS"),
    families=("CLOUDSDK_", "GOOGLE_", "GCLOUD_", "GCE_"),
)  # fmt: skip
AZURE = TLS | _REQUESTS | _SHELL | _POWERSHELL | OwnFiles(
    variables=(
        *("AZURE_CONFIG_DIR", "AZURE_EXTENSION_DIR", "AZD_CONFIG_DIR"),
        "AZURE_KUBERNETES_CA_FILE",
    ),
    places=("~/.azure", "~/.azd", "~/.IdentityService", "$LOCALAPPDATA/.IdentityService"),
    logins=("$AZURE_FEDERATED_TOKEN_FILE", "$AZURE_CLIENT_CERTIFICATE_PATH"),
    programs=("AZURE_EXTENSION_DEV_SOURCES",),
    families=("AZURE_", "AZD_", "AZ_", "ARM_", "MSI_", "IDENTITY_", "IMDS_"),
)  # fmt: skip
VAULT = TLS | _REQUESTS | OwnFiles(
    variables=("VAULT_CACERT", "VAULT_CAPATH"),
    logins=("~/.vault-token", "$VAULT_CLIENT_CERT", "$VAULT_CLIENT_KEY"),
    families=("VAULT_", "BAO_"),
)  # fmt: skip
KEYRING = OwnFiles(
    places=(
        *("~/.config/python_keyring", "$XDG_CONFIG_HOME/python_keyring"),
        *("~/.local/share/python_keyring", "$XDG_DATA_HOME/python_keyring"),
        *("~/.config/python_keyring/keyringrc.cfg", "$LOCALAPPDATA/Python Keyring"),
        "$ProgramData/Python Keyring",
    ),
    # `unixexec:path=…` in a bus's address is a program.
    programs=("DBUS_SESSION_BUS_ADDRESS",),
    families=("KEYRING_", "PYTHON_KEYRING_"),
)
PGP = OwnFiles(("GNUPGHOME",), ("~/.gnupg", "$APPDATA/gnupg"), programs=("SOPS_GPG_EXEC",))
AGE = OwnFiles(programs=("SOPS_AGE_KEY_CMD",))
#: Anyone who knows this key can decrypt what is encrypted with it.
N8N_KEY = OwnFiles(
    logins=("$N8N_ENCRYPTION_KEY_FILE", "$N8N_USER_FOLDER/.n8n/config", "~/.n8n/config")
)
HUAWEI = TLS | OwnFiles(places=("~/.huaweicloud",), families=("HUAWEICLOUD_",))
ONEPASSWORD = TLS | OwnFiles(families=("OP_",))
BROWSER = OwnFiles(
    ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_DIRS"), ("~",),
    programs=("BROWSER", "COMSPEC", "DBUS_SESSION_BUS_ADDRESS"),
)  # fmt: skip


def google_files(environ: Mapping[str, str]) -> OwnFiles:
    """Return the files that Google's clients read.

    Args:
        environ: The environment. One variable allows a login file to name a program. That file then
            has to be outside the project, even if git doesn't track it.
    """
    if environ.get("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES") == "1":
        return GOOGLE._replace(places=GOOGLE.places + GOOGLE.logins, logins=())
    return GOOGLE


class BroughtAlong(NamedTuple):
    """Why files aren't used.

    Attributes:
        why: The reason, to follow a colon.
        hint: What to do next.
    """

    why: str
    hint: str


def find_brought_along(
    files: OwnFiles, project: Path, environ: Mapping[str, str] = os.environ
) -> BroughtAlong | None:
    """Find a file that is part of the project or a repository around it.

    Args:
        files: The files that a client will read.
        project: The project's root.
        environ: The environment.

    Returns:
        Why the first such file isn't used. None if all files are your own or don't exist.
    """
    roots = untrusted_roots(project)
    for name, path in _present(files, environ):
        if passes_through(path, roots) and not (name in files.logins and _is_new(path, project)):
            return _brought_along(name, environ)
    for name in files.programs:
        if command_leads_into(environ.get(name, ""), roots):
            return _command_brought_along(name)
    for name in _of_families(files, environ):
        if value_leads_into(environ[name], roots):
            return _brought_along(name, environ)
    return None


def find_openssl_brought_along(
    roots: Iterable[Path], environ: Mapping[str, str] = os.environ
) -> BroughtAlong | None:
    """Look for variables of OpenSSL's that lead into some folders.

    OpenSSL reads its configuration, which can name libraries to load, as soon as Python imports
    hashlib, ssl or cryptography. So this comes before. Whether something is there doesn't matter:
    a key log is written.

    Args:
        roots: Folders that you don't trust, without links.
        environ: The variables.
    """
    folders = list(roots)
    for name in OPENSSL:
        text = environ.get(name, "")
        forms = {text, os.path.expandvars(os.path.expanduser(text))} - {"", os.devnull}  # noqa: PTH111 - as below
        if any(passes_through(Path(form), folders) for form in forms):
            return _openssl_brought_along(name)
    return None


def _of_families(files: OwnFiles, environ: Mapping[str, str]) -> list[str]:
    """Return a family's remaining variables. Logins and programs are checked separately."""
    apart = {*files.variables, *files.programs, *(name.removeprefix("$") for name in files.logins)}
    return [name for name in environ if name.startswith(files.families) and name not in apart]


def _present(files: OwnFiles, environ: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Yield the files that exist, each with the name that you know it by."""
    for name in files.variables:
        for part in environ.get(name, "").split(os.pathsep):
            # Some clients expand ~ and variables in it, and others don't.
            for text in {part, os.path.expandvars(os.path.expanduser(part))}:  # noqa: PTH111 - Path.expanduser() may raise
                yield from _if_there(name, text)
    for place in (*files.places, *files.logins):
        yield from _if_there(place, _expanded(place, environ))


def _if_there(name: str, text: str) -> Iterator[tuple[str, Path]]:
    if text and text != os.devnull and "\0" not in text and os.path.lexists(text):
        yield name, Path(text)


def _expanded(place: str, environ: Mapping[str, str]) -> str:
    if place.startswith("~"):
        return os.path.expanduser(place)  # noqa: PTH111 - Path.home() may raise
    variable, slash, rest = place.removeprefix("$").partition("/")
    value = environ.get(variable, "")
    return f"{value}{slash}{rest}" if value else ""


def _is_new(path: Path, project: Path) -> bool:
    """Return whether the file is in a repository but git doesn't track it."""
    try:
        return find_root(Path(os.path.realpath(path.parent))) is not None and not Git(
            project
        ).tracks(path)
    except (NotKnown, ReadError, OSError, ValueError):
        return False


def _brought_along(name: str, environ: Mapping[str, str]) -> BroughtAlong:
    variable = name.removeprefix("$").partition("/")[0]
    if name.startswith("~"):
        variable = "HOME" if "HOME" in environ else "USERPROFILE"
    shown = f"{name} (by {variable})" if "/" in name or name == "~" else variable
    return BroughtAlong(
        f"{shown} is in the project, the working folder or a repository that contains them, so "
        "others could use it to choose programs, servers or logins for you",
        f"Set {variable} to a place of your own outside the project and its repository.",
    )


def _openssl_brought_along(name: str) -> BroughtAlong:
    does = "log connection keys" if name == _KEY_LOG else "load libraries from"
    return BroughtAlong(
        f"{name} is in the project, the working folder or a repository that contains them, and "
        f"OpenSSL would {does} there",
        f"Unset {name}, or set it to a path outside the project and its repository.",
    )


def _command_brought_along(name: str) -> BroughtAlong:
    return BroughtAlong(
        f"a word of {name} is in the project, the working folder or a repository that contains "
        "them, or sfcred can't tell where it leads. Others could use it to choose programs for you",
        f"Set {name} to one program outside the project and its repository, without variables "
        "that aren't set, patterns, `..`, `cd` or `$(…)`. Put the rest into a script there.",
    )
