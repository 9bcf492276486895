"""Apply a profile to its spec, as nodes, so that every value keeps its position."""

from sfcred.spec.source import Node, Route

# Mappings that merge key by key. Everything else is replaced as a whole: lists, and above all
# references, because {env: A} over {file: B} must not leave both.
_MERGED: frozenset[Route] = frozenset(
    {
        (),
        ("oauth2",),
        ("jwt",),
        ("client_credentials",),
        ("app",),
        ("n8n",),
        ("doctor",),
        ("doctor", "ignore"),
    }
)


def apply_profile(spec: Node, profile: str) -> Node:
    """Return the spec with one of its profiles applied, and without its `profiles`.

    Args:
        spec: The root of a document that has the profile.
        profile: The profile's name.

    Returns:
        A new root. A `null` in the profile removes the spec's value.
    """
    overlay = spec.find(("profiles", profile))
    base = Node({}, spec.place)
    base.keys = {key: place for key, place in spec.keys.items() if key != "profiles"}
    if isinstance(spec.value, dict):
        base.value = {key: node for key, node in spec.value.items() if key != "profiles"}
    return base if overlay is None else _merge(base, overlay, ())


def _merge(below: Node, above: Node, route: Route) -> Node:
    if (
        route not in _MERGED
        or not isinstance(below.value, dict)
        or not isinstance(above.value, dict)
    ):
        return above
    merged = Node({}, below.place)
    merged.keys = below.keys | above.keys
    values = dict(below.value)
    for key, node in above.value.items():
        if node.value is None:
            values.pop(key, None)
        else:
            values[key] = _merge(values[key], node, (*route, key)) if key in values else node
    merged.value = dict(values)
    return merged
