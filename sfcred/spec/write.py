"""Text of specs: values written so that `sfcred.spec.source` reads the same values back.

`sfcred init`, `sfcred import` and `sfcred doctor --fix` write specs with these functions. PyYAML
decides by YAML 1.1 alone what needs quotes, so `1e3`, `0o14` and `y` would lose theirs, and a comma
would be left plain inside braces. What it writes is therefore read again before it is used.
"""

import math
import re
from pathlib import Path

from sfcred.spec.reader import parse_text


def scalar(text: str) -> str:
    """Write a text as a YAML scalar in one line, in quotes only where it needs them.

    Args:
        text: Any text. Control and invisible characters become escapes.

    Returns:
        YAML that means `text` wherever a value may stand, inside `{…}` and `[…]` too.
    """
    if not text.isprintable():  # only double quotes have escapes
        return quoted(text)
    written = _dump(text, None).removesuffix("\n...")
    return written if _means(written, text) else quoted(text)


def quoted(text: str) -> str:
    """Write a text as a YAML scalar in double quotes, in one line.

    For values that people would take for a number, such as a version.

    Args:
        text: Any text. Control and invisible characters become escapes.
    """
    return _dump(text, '"')


def in_style(text: str, style: str) -> str:
    """Write a text in the quotes of the scalar that it replaces.

    Args:
        text: The new value.
        style: The old scalar's style, as `Span.style` gives it. Where there were no quotes, or
            single ones can't hold the text, the text gets those that it needs.
    """
    if style == '"':
        return quoted(text)
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return scalar(text)


def variable_prefix(name: str) -> str:
    """Return what the environment variables of a credential begin with: ACME_CRM for `acme-crm`.

    Args:
        name: The credential's name.

    Returns:
        Upper-case letters, digits and underscores. A shell accepts no variable that begins with a
        digit, so such a name gets an underscore in front.
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
