"""Write docs/spec.md from the models: every field with its type, default and example."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sfcred.secrets import all_providers
from sfcred.spec import limits
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

_HEAD = """\
# The spec

A spec describes one credential in YAML. A file can hold several, separated by `---`. Unknown
fields, values of the wrong type and duplicate keys are errors, reported with line and column. Put
version numbers in quotes, because an unquoted `2.40` is the number 2.4.

```yaml
# yaml-language-server: $schema=../credential.schema.json
version: 1
name: acme-crm
environment: sandbox
my_domain: https://acme--uat.sandbox.my.salesforce.com
client_id: {env: ACME_CLIENT_ID}
jwt:
  username: n8n@acme.com.uat
  private_key: {file: ../secrets/acme-uat.key}
  certificate: ../certs/acme-uat.crt
n8n:
  url: https://n8n.acme.com
  version: "2.40.5"
```

The first line lets your editor complete fields and explain them. To write the schema, run
`sfcred schema > credential.schema.json`. Paths are relative to the spec's folder. `null` means
"not set".

## One spec, several credentials

With [`profiles`](#profiles), each profile merged over the spec is one credential. Mappings are
merged. Anything else, such as a list or a reference, is replaced as a whole, and `null` removes a
value. A profile can set every field except `version`, `name` and `profiles`. To use one profile,
pass `--profile NAME`. [Several orgs](guides/several-orgs.md) shows how to split a project.

## Limits

A spec is untrusted input, because a pull request can change it. These limits keep a small file from
causing a lot of work. Exceeding one is an error, SFC001, that names the place.

| what | limit |
|---|---|
@LIMITS@

If a file has more than @FINDINGS@ findings, sfcred stops checking it, and tells you. It lists the
first @MISFITS@ unknown fields and wrong values of a spec, and counts the others.

## Secret references

A spec never contains a secret, only a reference to it. [Secrets](secrets.md) explains each kind.

| reference | value |
|---|---|
"""


_LIMITS = (
    ("a file", f"{limits.FILE_BYTES // 1024} KB"),
    ("one line", f"{limits.LINE} characters"),
    ("one value or key", f"{limits.SCALAR} characters"),
    ("entries in a list or mapping, profiles included", f"{limits.ENTRIES}"),
    ("levels of nesting", f"{limits.DEPTH}"),
    ("values in a document, with aliases expanded", f"{limits.NODES}"),
    ("documents in a file", f"{limits.DOCUMENTS}"),
    ("credentials in a file, each profile counted", f"{limits.CREDENTIALS}"),
    (
        "a file with its aliases and profiles expanded",
        f"{limits.FILE_NODES} values, {limits.TEXT // 1024 // 1024} MB of text",
    ),
)


def _head() -> str:
    table = "\n".join(f"| {what} | {most} |" for what, most in _LIMITS)
    head = _HEAD.replace("@LIMITS@", table).replace("@FINDINGS@", str(limits.FINDINGS))
    return head.replace("@MISFITS@", str(limits.MISFITS))


class Field(NamedTuple):
    """A field: its route and its JSON Schema."""

    route: str
    schema: Schema


def spec_page() -> str:
    """Return the whole page."""
    schema = Spec.model_json_schema()
    references = [
        f"| `{{{p.key}: {p.example}}}` | {p.description} |" for p in all_providers().values()
    ]
    lines = ["\n".join(references), ""]
    top = [Field(name, part) for name, part in schema["properties"].items()]
    first = ["version", "name"]
    top.sort(key=lambda field: first.index(field.route) if field.route in first else len(first))
    lines += _section("Fields", "", top)
    for name in SECTIONS:
        part = _resolved(schema["properties"][name], schema)
        inner = [Field(f"{name}.{key}", value) for key, value in part["properties"].items()]
        lines += _section(f"Fields of {name}", part["description"], inner)
    return _head() + "\n".join(lines).rstrip() + "\n"


def _section(title: str, description: str, fields: list[Field]) -> Iterator[str]:
    yield from (f"## {title}", "", *([description, ""] if description else []))
    yield from ("| field | type | required for |", "|---|---|---|")
    for field in fields:
        link = f"[`{field.route}`](#{anchor(field.route)})"
        yield f"| {link} | {type_of(field)} | {NEEDED.get(field.route, '')} |"
    yield ""
    for field in fields:
        yield from _field(field)


def _field(field: Field) -> Iterator[str]:
    yield from (f"### {field.route}", "", field.schema["description"], "")
    yield f"- Type: {type_of(field)}"
    if forms := _forms(field.schema):
        yield f"- Pattern: {forms}"
    if field.route in NEEDED:
        yield f"- Required for: {NEEDED[field.route]}"
    if field.route in DEFAULTS:
        yield f"- Default: {DEFAULTS[field.route]}"
    if "." not in field.route and field.route in SECTIONS:
        yield f"- Fields: [below](#fields-of-{field.route})"
    yield ""
    for example in field.schema["examples"]:
        yield from ("```yaml", _as_yaml(field.route, example), "```", "")


def anchor(route: str) -> str:
    """Return the anchor of a field's heading, in the docs and on git forges."""
    return route.replace(".", "")


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


def _forms(schema: Schema) -> str:
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


def _as_yaml(route: str, example: object) -> str:
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
