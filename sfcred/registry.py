"""Find the modules of a package: checks, commands, report formats and others.

To add one, add its file. pkgutil finds modules in folders and in zip files.
"""

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def module_names(package: str) -> tuple[str, ...]:
    """Return the names of a package's modules, in alphabetical order, without its subpackages.

    Args:
        package: The package's full name.
    """
    found = pkgutil.iter_modules(import_module(package).__path__)
    return tuple(sorted(module.name for module in found if not module.ispkg))


def load(package: str, name: str) -> ModuleType:
    """Import a module of a package.

    Args:
        package: The package's full name.
        name: One of `module_names(package)`.
    """
    return import_module(f"{package}.{name}")
