"""The units of a package (checks, commands, formats …), found by the names of their modules.

A unit is added by adding its file. pkgutil finds it wherever the package is: in a folder, or in a
zip file that Python imports from.
"""

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def module_names(package: str) -> tuple[str, ...]:
    """The names of a package's modules, in alphabetical order, without its folders.

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
