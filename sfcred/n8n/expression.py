"""n8n's expressions: any text of a credential that begins with `=` is one.

Run in n8n-workflow 2.40.1: `=abc` becomes `abc`, a broken expression makes its field vanish
without a word, and what stands in `{{ … }}` is JavaScript.
"""

import re


def is_expression(value: str) -> bool:
    """Whether n8n would evaluate a text."""
    return value.startswith("=")


def literal(value: str) -> str:
    r"""A text that n8n reads as exactly `value`.

    Args:
        value: Any text.

    Returns:
        The value itself where it is no expression; else an expression whose result it is: a
        JavaScript string with everything but ASCII letters and digits written as `\uXXXX`.
        n8n searches an expression's text before it evaluates it, strings included: braces end
        it, and `.constructor` is refused (both run).
    """
    if not is_expression(value):
        return value
    text = "".join(sign if sign.isascii() and sign.isalnum() else _escaped(sign) for sign in value)
    return f'={{{{ "{text}" }}}}'


def secret_expression(locator: str) -> str:
    """The expression for a value that n8n itself holds.

    Args:
        locator: `$secrets.vault.key` (an external secret) or `$vars.name` (a variable); a key
            that is no identifier stands in brackets: `$secrets.vault["my-key"]`.

    Returns:
        `={{ $secrets.vault.key }}`.

    Raises:
        ValueError: It is something else; n8n would run it as code.
    """
    if not is_secret_locator(locator):
        raise ValueError("a secret in n8n is written as $secrets.vault.key")
    return f"={{{{ {locator} }}}}"


def is_secret_locator(text: str) -> bool:
    """True for a path into `$secrets` or `$vars` and nothing more: no code can ride along."""
    name = r"\.[A-Za-z_][A-Za-z0-9_]*"
    quoted = r"""\["[^"\\\n\r{}]+"\]|\['[^'\\\n\r{}]+'\]"""
    return re.fullmatch(rf"\$(?:secrets|vars)(?:{name}|{quoted})+", text) is not None


def _escaped(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def read_literal(value: str) -> str | None:
    """What a text means to n8n, where that is certain: the reverse of `literal`.

    Returns:
        The text itself, or the string that an expression consists of; None for an expression
        that has to be evaluated.
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
    """The place of an external secret or a variable: the reverse of `secret_expression`."""
    found = re.fullmatch(r"=\s*\{\{\s*(.+?)\s*\}\}\s*", value, re.DOTALL)
    return found[1] if found and is_secret_locator(found[1]) else None
