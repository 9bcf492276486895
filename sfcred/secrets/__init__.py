"""Secret providers. Each is one file in `providers/`, named after the provider's key."""

from functools import cache
from types import ModuleType

from sfcred.registry import load, module_names
from sfcred.secrets.provider import Provider, Surroundings

__all__ = ["Provider", "Surroundings", "all_providers", "find_provider", "provider_keys"]

_PACKAGE = "sfcred.secrets.providers"


def provider_keys() -> tuple[str, ...]:
    """Return the keys of all providers, in alphabetical order."""
    return module_names(_PACKAGE)


def all_providers() -> dict[str, Provider]:
    """Return all providers by key, in alphabetical order.

    Raises:
        TypeError: A file has no valid `PROVIDER`.
    """
    return {key: find_provider(key) for key in provider_keys()}


def find_provider(key: str) -> Provider:
    """Return the provider with this key. Only its own file is imported.

    Raises:
        KeyError: There is none.
        TypeError: Its file has no valid `PROVIDER`.
    """
    if key not in provider_keys():
        raise KeyError(key)
    provider = getattr(_module(key), "PROVIDER", None)
    if not isinstance(provider, Provider) or provider.key != key:
        raise TypeError(f"{_PACKAGE}.{key} has no PROVIDER with the key {key}")
    return provider


@cache
def _module(key: str) -> ModuleType:
    return load(_PACKAGE, key)
