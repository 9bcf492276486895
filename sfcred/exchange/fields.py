"""The values of a credential in n8n that may be shown.

A value is public if the model marks the spec's field that it comes from as public. Of all others,
only the field is named.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sfcred.n8n.client_credentials import GRANT
from sfcred.n8n.credential_types import ALL_TYPES
from sfcred.n8n.http_domains import DOMAINS_FIELD, MODE_FIELD, MODES
from sfcred.spec.public import shape_at
from sfcred.spec.source import Route
from sfcred.text.redact import MASK, redact

#: The fields of a spec that decide public values.
_SOURCES: Mapping[str, Route] = {
    "name": ("n8n", "name"),
    "environment": ("environment",),
    "myDomainUrl": ("my_domain",),
    "authUrl": ("my_domain",),
    "accessTokenUrl": ("my_domain",),
}
#: The fields whose values n8n chooses from a list, with that list.
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "type": ALL_TYPES,
    MODE_FIELD: MODES,
    "grantType": ("pkce", "authorizationCode", GRANT),
    "authentication": ("header", "body"),
}
#: The fields with several values, their separators, and the spec's fields of each value.
_LISTS: Mapping[str, tuple[str, Route]] = {
    DOMAINS_FIELD: (",", ("n8n", "http_request", 0)),
    "scope": (" ", ("app", "scopes", 0)),
}
#: What n8n does without a field.
_DEFAULTS: Mapping[str, str] = {MODE_FIELD: "all"}


class FieldChange(NamedTuple):
    """A field that differs.

    Attributes:
        field: The field's name in n8n.
        n8n: n8n's value; empty if n8n has none, None if it is not public or not known.
        spec: The spec's value; likewise.
    """

    field: str
    n8n: str | None
    spec: str | None


def public_value(field: str, value: object) -> str | None:
    """Return what may be shown of a field's value: all of it, or the part before a mask.

    Args:
        field: The field's name in n8n.
        value: Its value, from a spec or from n8n.

    Returns:
        The text; empty for no value, unless n8n then does what another value says; None if nothing
        may be shown.
    """
    if value in (None, ""):
        return _DEFAULTS.get(field, "")
    if not isinstance(value, str):
        return None
    if field in _CHOICES:
        return value if value in _CHOICES[field] else None
    return _public_list(field, value) if field in _LISTS else _public_part(field, value)


def _public_part(field: str, text: str) -> str | None:
    route = _SOURCES.get(field)
    length = shape_at(route).shown(text) if route else 0
    if length == 0:
        return None
    return redact(text[:length] + (MASK if length < len(text) else ""))


def _public_list(field: str, listed: str) -> str | None:
    separator, route = _LISTS[field]
    shape = shape_at(route)
    values = [value.strip() for value in listed.split(separator)]
    return redact(listed) if all(shape.shown(one) == len(one) for one in values) else None


def public_values(values: Mapping[str, object]) -> dict[str, str]:
    """Return the public values of a credential's fields that aren't empty."""
    shown = {field: public_value(field, value) for field, value in values.items()}
    return {field: text for field, text in shown.items() if text}


class FieldMarks(NamedTuple):
    """What is remembered of a credential's fields, to name those that change.

    Attributes:
        digests: By field, a digest of its value. It is too short to confirm a guess.
        values: The public values.
    """

    digests: Mapping[str, str]
    values: Mapping[str, str]


def changes_since(before: FieldMarks, after: FieldMarks) -> tuple[FieldChange, ...]:
    """Return the fields that differ from earlier ones.

    Args:
        before: The fields as they were written to n8n.
        after: The fields as the spec has them.

    Returns:
        The fields, in the order of the credential. In 1 of 65536 cases, a field is missing, because
        digests are short.
    """
    fields = dict.fromkeys([*after.digests, *before.digests])
    return tuple(
        FieldChange(field, _marked(field, before), _marked(field, after))
        for field in fields
        if before.digests.get(field) != after.digests.get(field)
    )


def _marked(field: str, marks: FieldMarks) -> str | None:
    if field not in marks.digests:
        return public_value(field, None)
    value = marks.values.get(field)
    return None if value is None else public_value(field, value)
