"""What is certain about a parameter that may be an n8n expression.

A value that starts with `=` is one. What is outside of `{{ … }}` is text, so `=SELECT Id FROM Lead`
is as certain as it is without the equals sign. What is inside is never guessed.
"""

import re

from sfcred.n8n.expression import is_expression
from sfcred.workflows.model import Json

#: Stands for the value of an expression in a text. Workflows can't contain it: see `template`.
HOLE = "\ue000"
# An expression that doesn't end reaches to the end of the text, so that no text is searched twice.
_CODE = re.compile(r"\{\{.*?(?:\}\}|\Z)", re.DOTALL)


def is_dynamic(value: Json) -> bool:
    """Return whether a value depends on something outside of the file."""
    return isinstance(value, str) and HOLE in template(value)


def template(text: str) -> str:
    """Return a text with HOLE in place of each `{{ … }}`, and the rest as it is."""
    plain = text.replace(HOLE, "\ufffd")
    if not is_expression(plain):
        return plain
    return _CODE.sub(HOLE, plain[1:])


def fixed(value: Json) -> str | None:
    """Return the text that a value certainly is; None for another type, or if it isn't certain."""
    if isinstance(value, bool | float | int):
        return str(value)
    if not isinstance(value, str):
        return None
    text = template(value)
    return None if HOLE in text else text
