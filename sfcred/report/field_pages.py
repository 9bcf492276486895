"""The explanation of a spec's field, for `sfcred explain`. docs/spec.md has the same text."""

import re

from sfcred.report.api import ReportStyle
from sfcred.spec.field_guide import (
    DEFAULTS,
    NEEDED,
    Field,
    as_yaml,
    forms_of,
    sections,
    type_of,
)
from sfcred.text.wrapping import wrapped

_PLAIN = ReportStyle()


def field_names() -> list[str]:
    """Return the fields' names as a spec's route to them: `app.scopes`."""
    return list(_all())


def find_fields(text: str) -> list[Field]:
    """Return the field that a text means: its route, or the name alone, which several may have.

    Profiles have the same fields as the spec, so `profiles.uat.app.scopes` is app.scopes.
    """
    known = _all()
    route = re.sub(r"^profiles\.[^.]+\.", "", text.strip().lower().replace("-", "_"))
    route = re.sub(r"\[\d*\]$", "", route).rstrip(".:")
    if route in known:
        return [known[route]]
    return [field for name, field in known.items() if name.rpartition(".")[2] == route]


def _all() -> dict[str, Field]:
    return {field.route: field for section in sections() for field in section.fields}


def field_page(field: Field, look: ReportStyle = _PLAIN) -> str:
    """Return a field's explanation; for a section, with the list of its fields."""
    facts = [f"Type: {_plain(type_of(field))}"]
    if forms := forms_of(field.schema):
        facts.append(f"Pattern: {forms}")
    facts += [
        f"{title}: {table[field.route]}"
        for title, table in (("Required for", NEEDED), ("Default", DEFAULTS))
        if field.route in table
    ]
    inner = next((one.fields for one in sections() if one.name == field.route), [])
    examples = [as_yaml(field.route, example) for example in field.schema["examples"]]
    parts = [
        look.style(field.route, "bold"),
        wrapped(_plain(field.schema["description"]), look.width),
        "\n".join(wrapped(fact, look.width, indent=2) for fact in facts),
        *([_fields(inner, look)] if inner else []),
        look.style("Example" if len(examples) == 1 else "Examples", "bold"),
        "\n\n".join(examples),
    ]
    return "\n\n".join(parts) + "\n"


def _fields(inner: list[Field], look: ReportStyle) -> str:
    lines = [look.style("Fields", "bold")]
    for field in inner:
        first = re.split(r"(?<=\.) ", _plain(field.schema["description"]), maxsplit=1)[0]
        lines.append(wrapped(f"{field.route}: {first}", look.width, indent=4))
    return "\n".join(lines)


def _plain(markdown: str) -> str:
    """Return text without Markdown's links, on one line."""
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", " ".join(markdown.split()))
