"""The fields of a spec, from its models: for docs/spec.md and `sfcred explain`."""

import json
import re
from typing import Any, NamedTuple

from sfcred.spec.fields import RefreshTokenPolicy
from sfcred.spec.model import Spec

Schema = dict[str, Any]
SECTIONS = ("oauth2", "jwt", "client_credentials", "app", "n8n", "doctor")

#: What each field is required for. The others are optional.
NEEDED = {
    "version": "every spec",
    "name": "every spec",
    "environment": "every credential: in the spec, or in each profile",
    "client_id": "every credential: in the spec, or in each profile",
    "my_domain": "an External Client App; `oauth2.refresh_token`; client credentials",
    "flow": "a spec with the sections of several flows",
    "oauth2": "OAuth2",
    "oauth2.client_secret": "OAuth2",
    "oauth2.refresh_token": "`sfcred login`",
    "jwt": "JWT",
    "jwt.username": "JWT",
    "jwt.private_key": "JWT",
    "jwt.certificate": "`sfcred keygen`, `sfcred app` (JWT)",
    "client_credentials": "client credentials",
    "client_credentials.client_secret": "client credentials",
    "app.contact_email": "`sfcred app`",
}
#: The defaults that a field's description doesn't mention.
DEFAULTS = {
    "my_domain": "login.salesforce.com, or test.salesforce.com for a sandbox",
    "flow": "`auto`",
    "client_credentials.run_as": "none: live checks then don't compare the user",
    "app.label": "`n8n`",
    "app.scopes": "for `sfcred app`: `[api, refresh_token]`; for OAuth2 without a "
    "`refresh_token`, `[full, refresh_token]`",
    "app.callback_urls": "for `sfcred app`: n8n's own; for JWT, one that is never used",
    "app.pre_authorized": "for `sfcred app`: `true` for JWT or if someone is assigned",
    "app.api_name": "derived from `app.label`",
    "app.permission_sets": "none",
    "app.profiles": "none",
    "app.session_level": "for `sfcred app`: `standard`",
    "app.pkce_required": "for `sfcred app`: `true`",
    "app.refresh_token_policy": "for `sfcred app`: `infinite`",
    "app.refresh_token_rotation": "for `sfcred app`: `false`",
    "app.ip_relaxation": "for `sfcred app`: `enforce`",
}

#: Types that are clearer in words than from the schema.
_TYPES = {
    "app.refresh_token_policy": "`infinite`, `zero`, `{lifetime: …}` or `{inactivity: …}`",
    "app.permission_sets": "a list of strings or `{name: …, label: …}`",
    "doctor.ignore": "a mapping from check ids to reasons",
    "profiles": "a mapping from names to fields of the spec (all but `version`, `name` and "
    "`profiles`)",
}


class Field(NamedTuple):
    """A field: its route and its JSON Schema."""

    route: str
    schema: Schema


class Section(NamedTuple):
    """A section of the spec: its name (empty for the spec itself), description and fields."""

    name: str
    description: str
    fields: list[Field]


def sections() -> list[Section]:
    """Return the spec's own fields, and those of each section."""
    schema = Spec.model_json_schema()
    top = [Field(name, part) for name, part in schema["properties"].items()]
    first = ["version", "name"]
    top.sort(key=lambda field: first.index(field.route) if field.route in first else len(first))
    found = [Section("", "", top)]
    for name in SECTIONS:
        part = _resolved(schema["properties"][name], schema)
        inner = [Field(f"{name}.{key}", value) for key, value in part["properties"].items()]
        found.append(Section(name, part["description"], inner))
    return found


def type_of(field: Field) -> str:
    """Return a field's type in words."""
    if field.route in _TYPES:
        return _TYPES[field.route]
    kinds = [_kind(part) for part in _alternatives(field.schema)]
    return " or ".join(dict.fromkeys(kind for kind in kinds if kind))


def _kind(part: Schema) -> str:
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if part.get("title", "").startswith("{"):
        return "a [reference](#secret-references)"
    if part.get("type") == "array":
        return "a list of strings"
    words = {"string": "a string", "boolean": "`true` or `false`", "null": ""}
    return words.get(part.get("type", ""), "a mapping")


def _alternatives(schema: Schema) -> list[Schema]:
    """Return the alternatives of a schema, nested ones included."""
    inner = schema.get("anyOf") or schema.get("oneOf")
    return [part for one in inner for part in _alternatives(one)] if inner else [schema]


def forms_of(schema: Schema) -> str:
    """Return the patterns of strings, and of the keys and values of mappings."""
    parts = _alternatives(schema)
    forms = [f"`{part['pattern']}`" for part in parts if "pattern" in part]
    if "propertyNames" in schema:
        forms.append(f"keys `{schema['propertyNames']['pattern']}`")
    if any("lifetime" in part.get("properties", {}) for part in parts):
        forms.append(f"`{RefreshTokenPolicy.DURATION}`: hours, days or months")
    return ", ".join(forms)


def _resolved(schema: Schema, whole: Schema) -> Schema:
    """Return the definition that a section refers to."""
    references = [part["$ref"] for part in _alternatives(schema) if "$ref" in part]
    definition: Schema = whole["$defs"][references[0].rpartition("/")[2]]
    return definition


def as_yaml(route: str, example: object) -> str:
    """Return an example of a field, within its section."""
    section, _, name = route.rpartition(".")
    if section:
        return f"{section}:\n  {name}: {_flow(example)}"
    if isinstance(example, dict) and route in SECTIONS:
        return "\n".join([f"{name}:", *(f"  {key}: {_flow(v)}" for key, v in example.items())])
    return f"{name}: {_flow(example)}"


def _flow(value: object) -> str:
    """Return a value on one line, as people write YAML, with versions in quotes."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(v)}' for key, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, str) and not re.match(r"[0-9.]+$|.*, ", value):
        return value
    return json.dumps(value, ensure_ascii=False)
