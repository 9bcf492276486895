"""`{azure: vault/secret}`: a secret in Azure Key Vault."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.programs import fenced
from sfcred.secrets.provider import Provider, Surroundings
from sfcred.secrets.remote import TIMEOUT, Memory, down, library, quiet, sound

if TYPE_CHECKING:
    from azure.keyvault.secrets import SecretClient

_MEMORY = Memory()
_LOGIN = "Log in (az login), set AZURE_TENANT_ID and AZURE_CLIENT_ID, or give the job an identity."

# Microsoft's clouds: where one logs in, and where the vaults are. A spec names a vault, never a
# host, so that a token goes to Microsoft alone.
_CLOUDS = {
    "login.microsoftonline.us": "vault.usgovcloudapi.net",
    "login.chinacloudapi.cn": "vault.azure.cn",
    "login.partner.microsoftonline.cn": "vault.azure.cn",
}


def _read(locator: str, around: Surroundings) -> SecretStr:
    vault, _, rest = locator.partition("/")
    name, _, version = rest.partition("/")
    host = f"{vault}.{_domain(around.environ)}"
    shown = f"the Azure secret {locator}"
    with fenced(around.project):
        found = _MEMORY.ask(host, rest, lambda: _fetch(host, name, version, shown))
    return sound(found, shown)


def _domain(environ: Mapping[str, str]) -> str:
    authority = environ.get("AZURE_AUTHORITY_HOST", "").removeprefix("https://").rstrip("/")
    return _CLOUDS.get(authority, "vault.azure.net")


def _client(host: str) -> "SecretClient":
    from azure.identity import DefaultAzureCredential
    from azure.keyvault.secrets import SecretClient

    return SecretClient(
        f"https://{host}",
        DefaultAzureCredential(),
        retry_total=1,
        connection_timeout=TIMEOUT,
        read_timeout=TIMEOUT,
    )


def _fetch(host: str, name: str, version: str, shown: str) -> str:
    with library("Azure Key Vault", "azure"):
        import azure.identity  # noqa: F401 - asked for before the client needs it
        from azure.core import exceptions as refused
    quiet("azure", "msal", "urllib3")
    where = f"the Azure Key Vault {host.partition('.')[0]}"
    try:
        return _client(host).get_secret(name, version or None).value or ""
    except refused.ResourceNotFoundError:
        raise SecretUnavailable(
            f"{shown} does not exist, or is deleted", hint="Look under Secrets of the Key Vault."
        ) from None
    except refused.ClientAuthenticationError:
        down(where, "there is no login that it takes", _LOGIN)
    except refused.HttpResponseError as error:
        if error.status_code == _FORBIDDEN:
            raise SecretUnavailable(
                f"{shown}: this identity may not read it, the secret is disabled, or the vault's "
                "firewall refuses this address",
                hint="Grant it the role Key Vault Secrets User (or the access policy: Get).",
            ) from None
        down(where, f"answers with HTTP status {error.status_code}", "Try again later.")
    except refused.AzureError:
        down(where, "is out of reach", "Check the vault's name, the network and the proxy.")


_FORBIDDEN = 403

PROVIDER = Provider(
    key="azure",
    title="a secret in Azure Key Vault",
    description="A secret in Azure Key Vault: the vault's name, a slash, the secret's name; its "
    "current version, unless one follows. Needs an extra: pip install 'sfcred[azure]'.",
    pattern="[A-Za-z][A-Za-z0-9-]{2,23}/[A-Za-z0-9-]{1,127}(/[a-f0-9]{32})?",
    example="acme-vault/crm-client-secret",
    read=_read,
    is_remote=True,
    where=lambda locator, _around: f"Azure secret {locator}",
)
