"""Write docs/spec.md from the models: every field with its type, default and example."""

from collections.abc import Iterator

from sfcred.secrets import all_providers
from sfcred.spec import limits
from sfcred.spec.field_guide import (
    DEFAULTS,
    NEEDED,
    SECTIONS,
    Field,
    as_yaml,
    forms_of,
    sections,
    type_of,
)

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
first @SCHEMA_ERRORS@ unknown fields and wrong values of a spec, and counts the others.

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
    return head.replace("@SCHEMA_ERRORS@", str(limits.SCHEMA_ERRORS))


def spec_page() -> str:
    """Return the whole page."""
    references = [
        f"| `{{{p.key}: {p.example}}}` | {p.description} |" for p in all_providers().values()
    ]
    lines = ["\n".join(references), ""]
    for section in sections():
        title = f"Fields of {section.name}" if section.name else "Fields"
        lines += _section(title, section.description, section.fields)
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
    if forms := forms_of(field.schema):
        yield f"- Pattern: {forms}"
    if field.route in NEEDED:
        yield f"- Required for: {NEEDED[field.route]}"
    if field.route in DEFAULTS:
        yield f"- Default: {DEFAULTS[field.route]}"
    if "." not in field.route and field.route in SECTIONS:
        yield f"- Fields: [below](#fields-of-{field.route})"
    yield ""
    for example in field.schema["examples"]:
        yield from ("```yaml", as_yaml(field.route, example), "```", "")


def anchor(route: str) -> str:
    """Return the anchor of a field's heading, in the docs and on git forges."""
    return route.replace(".", "")
