"""Secret providers. Each is one file in `providers/`, found by its name."""

from functools import cache

from sfcred.registry import load, module_names
from sfcred.secrets.provider import Provider, Surroundings

__all__ = ["Provider", "Surroundings", "all_providers"]

_PACKAGE = "sfcred.secrets.providers"


@cache
def all_providers() -> dict[str, Provider]:
    """Return all providers by key, in alphabetical order.

    Raises:
        TypeError: A file has no valid `PROVIDER`.
    """
    found = [_load(name) for name in module_names(_PACKAGE)]
    return {provider.key: provider for provider in found}


def _load(name: str) -> Provider:
    provider = getattr(load(_PACKAGE, name), "PROVIDER", None)
    if not isinstance(provider, Provider):
        raise TypeError(f"{_PACKAGE}.{name} has no PROVIDER")
    return provider
