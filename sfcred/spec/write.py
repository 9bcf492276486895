"""Write YAML values that `sfcred.spec.reader` reads back unchanged.

`sfcred init`, `sfcred import` and `sfcred doctor --fix` write specs with these functions. PyYAML
quotes by the rules of YAML 1.1 alone: it would leave `1e3`, `0o14` and `y` unquoted, and a comma
inside braces too. So its output is read back before it is used.
"""

import math
import re
from pathlib import Path

from sfcred.spec.reader import parse_text


def scalar(text: str) -> str:
    """Return a text as a YAML scalar on one line, with quotes only if it needs them.

    Args:
        text: Any text. Control and invisible characters become escapes.

    Returns:
        YAML for `text` that works anywhere a value can be, including inside `{…}` and `[…]`.
    """
    if not text.isprintable():  # only double quotes have escapes
        return quoted(text)
    written = _dump(text, None).removesuffix("\n...")
    return written if _means(written, text) else quoted(text)


def quoted(text: str) -> str:
    """Return a text as a YAML scalar in double quotes, on one line.

    Use it for values that look like a number, such as a version.

    Args:
        text: Any text. Control and invisible characters become escapes.
    """
    return _dump(text, '"')


def in_style(text: str, style: str) -> str:
    """Return a text in the same quotes as the scalar that it replaces.

    Args:
        text: The new value.
        style: The old scalar's `Span.style`. If it had no quotes, or if single quotes can't hold
            the text, the text gets the quotes that it needs.
    """
    if style == '"':
        return quoted(text)
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return scalar(text)


def slug(text: str) -> str:
    """Return a text in the form of a spec's name; it can be too long, or empty."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")


def variable_prefix(name: str) -> str:
    """Return the prefix of a credential's environment variables: ACME_CRM for `acme-crm`.

    Args:
        name: The credential's name.

    Returns:
        Upper-case letters, digits and underscores. Shells don't accept variables that start with a
        digit, so such a name gets a leading underscore.
    """
    variable = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    return f"_{variable}" if variable[:1].isdigit() else variable


def _dump(text: str, style: str | None) -> str:
    import yaml

    return yaml.safe_dump(
        text, width=math.inf, default_style=style, allow_unicode=text.isprintable()
    ).removesuffix("\n")


def _means(written: str, text: str) -> bool:
    source = parse_text(f"- [{written}]\n- {written}\n", Path(), "")
    return [node.data() for node in source.documents] == [[[text], text]]
