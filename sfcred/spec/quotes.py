"""Find values in typographic quotes, which YAML takes as a part of the value."""

from sfcred.spec.messages import SchemaError
from sfcred.spec.public import dotted
from sfcred.spec.source import Node, Route

_OPENING, _CLOSING = "\u201c\u201d\u201e\u2018\u201a\u00ab", "\u201d\u201c\u2019\u2018\u00bb"
# Texts for people can be quotations.
_PROSE = (("description",), ("app", "label"), ("n8n", "name"), ("doctor",))


def typographic_quotes(spec: Node) -> list[SchemaError]:
    """Return an error for each value of a spec that has such quotes around it."""
    hint = 'Write straight quotes ("…"), or none: these are part of the value.'
    return [
        SchemaError("schema", f"`{dotted(route)}` is in typographic quotes", hint, route)
        for route, node in spec.scalars()
        if isinstance(node.value, str) and _is_quoted(node.value) and not _is_prose(route)
    ]


def _is_quoted(text: str) -> bool:
    return len(text) > 1 and text[0] in _OPENING and text[-1] in _CLOSING


def _is_prose(route: Route) -> bool:
    below = route[2:] if route[0] == "profiles" else route
    return any(below[: len(prose)] == prose for prose in _PROSE)
