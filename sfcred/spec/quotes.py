"""Find values in typographic quotes, which YAML takes as a part of the value."""

from sfcred.spec.messages import SchemaError
from sfcred.spec.public import dotted
from sfcred.spec.source import Node, Route

# Curly, low, angle and corner quotes, primes, the acute accent, and quotes of full width.
_QUOTES = (
    "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb\u2039\u203a\u2032\u2033\u00b4"
    "\u300c\u300d\u300e\u300f\uff02\uff07"
)
# Texts for people can be quotations, and the form of n8n.id has a check of its own.
_APART = (("description",), ("app", "label"), ("n8n", "name"), ("n8n", "id"), ("doctor",))


def typographic_quotes(spec: Node) -> list[SchemaError]:
    """Return an error for each value of a spec that begins or ends with such a quote."""
    hint = 'Write straight quotes ("…"), or none: these are part of the value.'
    return [
        SchemaError(
            "schema",
            f"`{dotted(route)}` is in typographic quotes, or begins or ends with one",
            hint,
            route,
        )
        for route, node in spec.scalars()
        if isinstance(node.value, str) and _is_quoted(node.value) and not _is_apart(route)
    ]


def _is_quoted(text: str) -> bool:
    return len(text) > 1 and (text[0] in _QUOTES or text[-1] in _QUOTES)


def _is_apart(route: Route) -> bool:
    below = route[2:] if route[0] == "profiles" else route
    return any(below[: len(place)] == place for place in _APART)
