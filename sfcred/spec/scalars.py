"""The meaning of unquoted YAML scalars."""

import re

from sfcred.spec.source import Ambiguous, Scalar


def plain_value(text: str) -> Scalar:
    """Return what an unquoted scalar means in a spec.

    Args:
        text: The scalar as written.

    Returns:
        None, bool, int, float or str where YAML 1.1 and YAML 1.2's core schema agree.
        `Ambiguous` where they disagree, and for dates and unusual numbers.
    """
    if not text or text[0] not in "0123456789+-.~nNtTfFyYoO":
        return text or None
    if text in ("~", "null", "Null", "NULL"):
        return None
    lower = text.lower()
    if lower in ("true", "false"):
        return lower == "true"
    if lower in ("yes", "no", "on", "off", "y", "n"):
        return Ambiguous(text)
    return _number(text) if text[0] in "0123456789+-." else text


def _number(text: str) -> Scalar:
    if re.fullmatch(r"[-+]?(0|[1-9][0-9]{0,17})", text):
        return int(text)
    if re.fullmatch(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}", text):
        return float(text)
    odd = (
        r"[-+]?[0-9][0-9_]*"  # 012, 1_000, or too long to be exact
        r"|[-+]?0[box][0-9a-fA-F_]+"
        r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"  # 1:30 is 90 in YAML 1.1
        r"|[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9_]+|[0-9]+)([eE][-+]?[0-9]+)?"
        r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
        r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?"  # a date
    )
    return Ambiguous(text) if re.fullmatch(odd, text) else text
