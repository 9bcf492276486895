"""Secret references and their providers: one provider, one file, found by its name."""

from functools import cache
from importlib import import_module
from pathlib import Path

from sfcred.secrets._api import Provider, Surroundings

__all__ = ["Provider", "Surroundings", "providers"]


@cache
def providers() -> dict[str, Provider]:
    """All providers by their key, in alphabetical order."""
    files = sorted(file.stem for file in Path(__file__).parent.glob("[a-z]*.py"))
    found = [import_module(f"{__name__}.{name}").PROVIDER for name in files]
    return {provider.key: provider for provider in found}
