"""HTML from templates: every value is escaped, and a missing one is an error."""

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def open_templates(package: str) -> "Environment":
    """Return Jinja2's environment for the templates in a package's folder.

    Args:
        package: The package's full name. It may lie in a zip file.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        autoescape=True,
        loader=FunctionLoader(lambda name: asset(package, name)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def asset(package: str, name: str) -> str:
    """Return a text file of a package: a template, a style sheet or a script."""
    return (files(package) / name).read_text(encoding="utf-8")
