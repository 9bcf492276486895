"""n8n's expressions: any text of a credential that begins with `=` is one.

Read in n8n-workflow 2.40.1 and run: `=abc` becomes `abc`, a broken expression makes its field
vanish without a word, and whatever stands in `{{ … }}` is JavaScript.
"""

import json


def is_expression(value: str) -> bool:
    """Whether n8n would evaluate a text."""
    return value.startswith("=")


def literal(value: str) -> str:
    """A text that n8n reads as exactly `value`.

    Args:
        value: Any text.

    Returns:
        The value itself where it is no expression; else an expression whose result it is: a
        JavaScript string, with braces escaped because n8n looks for `}}` first.
    """
    if not is_expression(value):
        return value
    text = json.dumps(value, ensure_ascii=True).replace("{", "\\u007b").replace("}", "\\u007d")
    return f"={{{{ {text} }}}}"


def secret_expression(locator: str) -> str:
    """The expression for a secret that n8n holds: `$secrets.vault.key` and the like."""
    return f"={{{{ {locator} }}}}"
