"""The values of a credential in n8n that may be shown.

A value is public if the model marks the spec's field that it comes from as public. Of all others,
only the field is named.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sfcred.n8n.credential_types import JWT, OAUTH2
from sfcred.redact import MASK, redact
from sfcred.spec.public import shape_at
from sfcred.spec.source import Route

#: The fields of a spec that decide public values.
_SOURCES: Mapping[str, Route] = {
    "name": ("n8n", "name"),
    "environment": ("environment",),
    "myDomainUrl": ("my_domain",),
    "authUrl": ("my_domain",),
    "accessTokenUrl": ("my_domain",),
}


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
        The text; empty for no value; None if nothing may be shown.
    """
    route = _SOURCES.get(field)
    if value in (None, ""):
        return ""
    if field == "type":
        return str(value) if value in (JWT, OAUTH2) else None
    if route is None or not isinstance(value, str):
        return None
    length = shape_at(route).shown(value)
    if length == 0:
        return None
    return redact(value[:length] + (MASK if length < len(value) else ""))


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
        return ""
    value = marks.values.get(field)
    return None if value is None else public_value(field, value)
