"""n8n's expressions: in a credential, any string that starts with `=` is one.

Tested with n8n-workflow 2.40.1: `=abc` becomes `abc`, a broken expression silently removes its
field, and the content of `{{ … }}` is JavaScript.
"""

import re
from typing import NamedTuple


def is_expression(value: str) -> bool:
    """Return whether n8n would evaluate a text."""
    return value.startswith("=")


def literal(value: str) -> str:
    r"""Return a text that n8n reads as exactly `value`.

    Args:
        value: Any text.

    Returns:
        The value itself if it is not an expression. Otherwise an expression that evaluates to it: a
        JavaScript string in which everything but ASCII letters and digits is written as `\uXXXX`.
        n8n searches an expression's text, strings included, before it evaluates it: braces end the
        expression, and `.constructor` is refused (both tested).
    """
    if not is_expression(value):
        return value
    text = "".join(sign if sign.isascii() and sign.isalnum() else _escaped(sign) for sign in value)
    return f'={{{{ "{text}" }}}}'


def secret_expression(locator: str) -> str:
    """Return the expression for a value that n8n itself holds.

    Args:
        locator: `$secrets.vault.key` (an external secret) or `$vars.name` (a variable). A key that
            isn't an identifier goes in brackets: `$secrets.vault["my-key"]`.

    Returns:
        `={{ $secrets.vault.key }}`.

    Raises:
        ValueError: The locator is something else, which n8n would run as code.
    """
    if not is_secret_locator(locator):
        raise ValueError("write a secret in n8n as $secrets.vault.key")
    return f"={{{{ {locator} }}}}"


def is_secret_locator(text: str) -> bool:
    """Return whether a text is only a path into `$secrets` or `$vars`, without other code."""
    name = r"\.[A-Za-z_][A-Za-z0-9_]*"
    quoted = r"""\["[^"\\\n\r{}]+"\]|\['[^'\\\n\r{}]+'\]"""
    return re.fullmatch(rf"\$(?:secrets|vars)(?:{name}|{quoted})+", text) is not None


def _escaped(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def read_literal(value: str) -> str | None:
    """Return what a text means to n8n, if that is certain: the reverse of `literal`.

    Returns:
        The text itself, or the string that an expression consists of. None for an expression that
        has to be evaluated.
    """
    if not is_expression(value):
        return value
    found = re.fullmatch(r'=\{\{ "((?:[A-Za-z0-9]|\\u[0-9a-f]{4})*)" \}\}', value)
    if found is None:
        return None
    import json

    text: str = json.loads(f'"{found[1]}"')
    return text


def read_locator(value: str) -> str | None:
    """Return the locator in an expression, or None: the reverse of `secret_expression`.

    Around the braces, n8n keeps white space as part of the value (run with n8n-workflow 2.40.1).
    """
    found = re.fullmatch(r"=\{\{\s*(.+?)\s*\}\}", value, re.DOTALL)
    return found[1] if found and is_secret_locator(found[1]) else None


def meaning(value: str) -> str:
    """Return the value that n8n reads from a stored text. An expression stays as it is."""
    text = read_literal(value)
    return value if text is None else text


class Unevaluated(NamedTuple):
    """An expression whose value only n8n knows. It is equal to no text."""

    code: str


def evaluated(value: object) -> object:
    """Return what n8n reads from a stored value, in a form that can be compared.

    Args:
        value: A value as n8n stores it.

    Returns:
        The text that n8n reads, if that is certain. Otherwise the expression as Unevaluated, in the
        same form for the same place in `$secrets` or `$vars`. What isn't a text stays as it is.
    """
    if not isinstance(value, str):
        return value
    text = read_literal(value)
    if text is not None:
        return text
    locator = read_locator(value)
    return Unevaluated(secret_expression(locator) if locator else value)
