"""`{onepassword: vault/item/field}`: a field of an item in 1Password."""

from collections.abc import Mapping

from pydantic import SecretStr

from sfcred import __version__
from sfcred.errors import SecretUnavailable
from sfcred.secrets.provider import Provider, Surroundings
from sfcred.secrets.remote import Memory, down, library, sound

_MEMORY = Memory()
_TOKEN = "OP_SERVICE_ACCOUNT_TOKEN"
# Of 1Password and the network together, in seconds.
_LIMIT = 30


def _read(locator: str, around: Surroundings) -> SecretStr:
    found = _MEMORY.ask("1password", locator, lambda: _fetch(locator, around.environ))
    return sound(found, f"the 1Password field {locator}")


def _fetch(locator: str, environ: Mapping[str, str]) -> str:
    token = environ.get(_TOKEN, "").strip()
    if not token:
        down("1Password", f"{_TOKEN} is not set", "Set it to a service account's token.")
    with library("1Password", "onepassword"):
        from onepassword.errors import RateLimitExceededException
    import asyncio

    try:
        return asyncio.run(asyncio.wait_for(_resolve(token, locator), _LIMIT))
    except RateLimitExceededException:
        down("1Password", "the service account's limit is used up", "Try again later.")
    except TimeoutError:
        down("1Password", "doesn't answer", "Check the network.")
    except _LoginRefused:
        down("1Password", "refuses the token", f"Put a valid service account's token in {_TOKEN}.")
    # The SDK raises plain exceptions, whose texts may hold anything.
    except Exception:  # noqa: BLE001
        raise SecretUnavailable(
            f"the 1Password field {locator} can't be read: it does not exist, is not unique, or "
            "the service account may not read its vault",
            hint="Copy the reference in 1Password (Copy Secret Reference), and write it without "
            "op:// and quotes.",
        ) from None


class _LoginRefused(Exception):
    """1Password doesn't take the token."""


async def _resolve(token: str, locator: str) -> str:
    from onepassword.client import Client

    try:
        client = await Client.authenticate(token, "sfcred", f"v{__version__}")
    except Exception:  # noqa: BLE001 - the SDK raises plain exceptions
        raise _LoginRefused from None
    return str(await client.secrets.resolve(f"op://{locator}"))


PROVIDER = Provider(
    key="onepassword",
    title="a field of an item in 1Password",
    description="A field of an item in 1Password, as its secret reference says without op://: "
    "vault, item, field, with slashes between. Read by a service account "
    "(OP_SERVICE_ACCOUNT_TOKEN). Needs an extra: pip install 'sfcred[onepassword]'.",
    pattern="[A-Za-z0-9 _.-]+/[A-Za-z0-9 _.-]+(/[A-Za-z0-9 _.-]+){1,2}",
    example="Salesforce/Acme CRM/client secret",
    read=_read,
    is_remote=True,
    is_own=lambda _locator: True,
    where=lambda locator, _around: f"1Password field {locator}",
)
