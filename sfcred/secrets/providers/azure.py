"""`{azure: vault/secret}`: a secret in Azure Key Vault."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.own_files import AZURE
from sfcred.secrets.provider import Provider, Surroundings
from sfcred.secrets.remote import (
    TIMEOUT,
    bounded,
    checked_value,
    quiet,
    raise_backend_down,
    require_extra,
)

if TYPE_CHECKING:
    from azure.keyvault.secrets import SecretClient

_LOGIN = "Log in (az login), set AZURE_TENANT_ID and AZURE_CLIENT_ID, or give the job an identity."

# Microsoft's clouds: the login host and the domain of the vaults. A spec names a vault, never a
# host, so tokens go only to Microsoft.
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
    ask = partial(_fetch, host, name, version, shown)
    fetch = bounded("Azure Key Vault", AZURE, around, ask)
    found = around.cache.ask(("azure", host), rest, fetch)
    return checked_value(found, shown)


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
        # A vault never redirects, and no other host may supply a secret.
        permit_redirects=False,
    )


def _fetch(host: str, name: str, version: str, shown: str) -> str:
    with require_extra("Azure Key Vault", "azure"):
        import azure.identity  # noqa: F401 - report a missing package before the client needs it
        from azure.core import exceptions as refused
    quiet("azure", "msal", "urllib3")
    where = f"the Azure Key Vault {host.partition('.')[0]}"
    try:
        return _client(host).get_secret(name, version or None).value or ""
    except refused.ResourceNotFoundError:
        raise SecretUnavailable(
            f"{shown} does not exist or is deleted", hint="Check Secrets in the Key Vault."
        ) from None
    except refused.ClientAuthenticationError:
        raise_backend_down(where, "no login that it accepts was found", _LOGIN)
    except refused.HttpResponseError as error:
        if error.status_code == _FORBIDDEN:
            raise SecretUnavailable(
                f"{shown}: this identity may not read it, the secret is disabled, or the vault's "
                "firewall blocks this address",
                hint="Grant it the role Key Vault Secrets User (or the access policy: Get).",
            ) from None
        raise_backend_down(
            where, f"it answered with HTTP status {error.status_code}", "Try again later."
        )
    except ValueError:  # it asks for a login at another host than its own
        raise_backend_down(
            where, "it does not answer like Azure Key Vault", "Check the network and the proxy."
        )
    except refused.AzureError:
        raise_backend_down(
            where, "can't be reached", "Check the vault's name, the network and the proxy."
        )


_FORBIDDEN = 403

PROVIDER = Provider(
    key="azure",
    title="a secret in Azure Key Vault",
    description="A secret in Azure Key Vault: the vault's name, a slash, and the secret's name. "
    "To use a version other than the current one, add a slash and the version. Needs the extra "
    "`azure`.",
    pattern="[A-Za-z][A-Za-z0-9-]{2,23}/[A-Za-z0-9-]{1,127}(/[a-f0-9]{32})?",
    example="acme-vault/crm-client-secret",
    read=_read,
    is_remote=True,
    where=lambda locator, _around: f"Azure secret {locator}",
)
