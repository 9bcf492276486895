"""HTML from templates: every value is escaped, and a missing one is an error.

A template is a file of a package. Jinja2 is imported when the first page is made.
"""

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def render(package: str, template: str, **values: object) -> str:
    """Return a page.

    Args:
        package: The full name of the package that holds the template.
        template: The path of the template's file in the package, such as `templates/login.html`.
        values: What the template shows. Text is escaped.
    """
    return open_templates(package).get_template(template).render(values)


@cache
def open_templates(package: str) -> "Environment":
    """Return Jinja2's environment for the templates in a package's folder.

    Args:
        package: The package's full name. It may lie in a zip file.
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
    """Return a text file of a package: a template, a style sheet or a script."""
    return (files(package) / name).read_text(encoding="utf-8")


def _code_spans(text: str) -> "Markup":
    """Escape a text, and show what stands between backticks as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped
