"""`{onepassword: vault/item/field}`: a field of an item in 1Password."""

from collections.abc import Mapping
from functools import partial

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.own_files import ONEPASSWORD
from sfcred.secrets.provider import Provider, Surroundings
from sfcred.secrets.remote import (
    bounded,
    checked_value,
    raise_backend_down,
    require_extra,
)
from sfcred.version import __version__

_TOKEN = "OP_SERVICE_ACCOUNT_TOKEN"
# For the whole request, in seconds. It ends only what waits; what blocks ends with `bounded`.
_LIMIT = 30


def _read(locator: str, around: Surroundings) -> SecretStr:
    ask = partial(_fetch, locator, around.environ)
    fetch = bounded("1Password", ONEPASSWORD, around, ask)
    found = around.cache.ask("1password", locator, fetch)
    return checked_value(found, f"the 1Password field {locator}")


def _fetch(locator: str, environ: Mapping[str, str]) -> str:
    token = environ.get(_TOKEN, "").strip()
    if not token:
        raise_backend_down(
            "1Password", f"{_TOKEN} is not set", "Set it to the token of a service account."
        )
    with require_extra("1Password", "onepassword"):
        from onepassword.errors import RateLimitExceededException
    import asyncio

    try:
        return asyncio.run(asyncio.wait_for(_resolve(token, locator), _LIMIT))
    except RateLimitExceededException:
        raise_backend_down(
            "1Password", "the service account has reached its rate limit", "Try again later."
        )
    except TimeoutError:
        raise_backend_down("1Password", "it did not answer", "Check the network.")
    except _LoginRefused:
        raise_backend_down(
            "1Password",
            "it refused the token",
            f"Set {_TOKEN} to a valid token of a service account.",
        )
    # The SDK raises plain exceptions, and their messages can contain anything.
    except Exception:  # noqa: BLE001 - see above
        raise SecretUnavailable(
            f"the 1Password field {locator} can't be read: it does not exist, is not unique, or "
            "the service account may not read its vault",
            hint="In 1Password, choose Copy Secret Reference, and paste it without op:// and "
            "quotes.",
        ) from None


class _LoginRefused(Exception):
    """1Password refused the token."""


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
    description="A field of an item in 1Password: its secret reference without op:// (vault, item "
    "and field, with slashes between them). A service account reads it "
    "(OP_SERVICE_ACCOUNT_TOKEN). Needs the extra `onepassword`.",
    pattern="[A-Za-z0-9 _.-]+/[A-Za-z0-9 _.-]+(/[A-Za-z0-9 _.-]+){1,2}",
    example="Salesforce/Acme CRM/client secret",
    read=_read,
    is_remote=True,
    is_own=lambda _locator: True,
    where=lambda locator, _around: f"1Password field {locator}",
)
