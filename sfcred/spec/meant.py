"""Hints that say what a wrong value was probably meant to be, as far as it may be shown."""

from collections.abc import Sequence

from sfcred.n8n.credential_types import GENERIC
from sfcred.paths import is_device
from sfcred.spec.other_names import CHOICES
from sfcred.spec.public import shape_at
from sfcred.spec.source import Node, Route
from sfcred.spec.write import scalar, slug
from sfcred.text.near import fold, is_part, nearest
from sfcred.urls import take_apart


def meant_choice(route: Route, value: Node | None, expected: str) -> str:
    """Return the hint for a word that is none of a field's choices.

    Args:
        route: The field.
        value: Its value.
        expected: The choices, each in backquotes.
    """
    given = _text(value)
    choices = [part for part in expected.split("`") if part.strip() not in ("", "or", ",")]
    if GENERIC in choices and given.lower().startswith("salesforce"):
        return (
            "Leave n8n.type out: the flow decides between n8n's Salesforce credentials. `oAuth2Api`"
            " is another credential, for HTTP Request nodes only."
        )
    near = nearest_choice(given, choices)
    if near:
        return f"Did you mean `{near}`?"
    hosts = [take_apart(item).host for item in shape_at(route).listed(given)]
    if any("." in host for host in hosts):
        return f"Write `{route[-1]}: [{', '.join(map(scalar, hosts))}]`."
    return f"Write {expected}."


def nearest_choice(given: str, choices: Sequence[str]) -> str | None:
    """Return the choice that a word means, by another name, a typo or a part; None if unknown."""
    meant = [CHOICES.get(fold(given)), nearest(given, choices)]
    meant += [choice for choice in choices if is_part(given, frozenset({choice}))]
    return next((one for one in meant if one in choices), None)


def meant_items(route: Route, value: Node | None) -> str:
    """Return the items that a text in place of a list is meant to be; empty if unknown."""
    return ", ".join(map(scalar, shape_at(route).listed(_text(value))))


def meant_text(route: Route, value: Node | None) -> str:
    """Return the hint for a text that doesn't have its field's format; empty if there is none."""
    text = _text(value)
    if route[-2:-1] == ("http_request",):
        is_shown = text and shape_at(route).shown(text) == len(text)
        host = take_apart(text).host if is_shown else "acme.my.salesforce.com"
        return f"Write a host without https:// and a path: `{host}`."
    if route != ("name",) or not text or shape_at(route).shown(text) < len(text):
        return ""
    name = slug(text)
    return "" if is_device(name) else f"Write `{name}`."


def _text(value: Node | None) -> str:
    return value.value if value is not None and isinstance(value.value, str) else ""
