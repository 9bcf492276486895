"""Render HTML from templates. Every value is escaped, and a missing value is an error.

A template is a file in a package. Jinja2 is imported when the first page is rendered.
"""

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def render(package: str, template: str, **values: object) -> str:
    """Render a page.

    Args:
        package: The full name of the package that contains the template.
        template: The template's path in the package: `templates/login.html`.
        values: The values for the template. They are escaped.
    """
    return open_templates(package).get_template(template).render(values)


@cache
def open_templates(package: str) -> "Environment":
    """Return Jinja2's environment for a package's templates.

    Args:
        package: The package's full name. The package can be in a zip file.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(lambda name: asset(package, name)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["code"] = _code_spans
    return environment


def asset(package: str, name: str) -> str:
    """Return the text of a package's file: a template, style sheet or script."""
    return (files(package) / name).read_text(encoding="utf-8")


def _code_spans(text: str) -> "Markup":
    """Escape a text, and format what is between backticks as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped
