"""Inputs of every kind and any size, and how long the command line takes for them.

Run as a program, it tries all of them, including every field in every shape, and prints those that
take longer than a limit. This takes an hour.

    python -m tests.hostile.sizes [--only WORD] [--size BYTES] [--limit SECONDS]

It imports only the standard library, sfcred and those parts of a spec, because scripts/bench.py uses it, too.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.helpers.specs import APP, HEAD

#: The longest scalar that a spec can contain, in characters. Anything shorter must be read, and fast.
LONGEST = 4096


class Input(NamedTuple):
    """The input of a command: files by name, arguments, standard input and variables."""

    files: Mapping[str, str | bytes]
    arguments: tuple[str, ...]
    stdin: str = ""
    environ: Mapping[str, str] = {}


class Spent(NamedTuple):
    """The cost of a command: processor seconds, bytes written, exit status (-1: out of time)."""

    seconds: float
    output: int
    status: int


#: Each case by its name, as a function that builds an input of about that many bytes.
Case = Callable[[int], Input]


def _tiled(text: str) -> Callable[[int], str]:
    return lambda size: (text * (size // len(text) + 1))[:size]


def _between(start: str, text: str, end: str) -> Callable[[int], str]:
    return lambda size: start + _tiled(text)(max(1, size - len(start) - len(end))) + end


#: Texts of any length that are hard for regular expressions and for parsers of URLs, hosts and keys.
SHAPES: dict[str, Callable[[int], str]] = {
    "letters": _tiled("a"),
    "capitals": _tiled("A"),
    "digits": _tiled("9"),
    "zeros": _tiled("0"),
    "words": _tiled("ab cd "),
    "dots": _tiled("."),
    "dashes": _tiled("-"),
    "slashes": _tiled("/"),
    "spaces": _between("a", " ", "a"),
    "tabs": _between("a", "\t", "a"),
    "line ends": _between("a", "\n", "a"),
    "labels": _tiled("a."),
    "hyphened": _tiled("--x"),
    "underscores": _tiled("_a"),
    "commas": _tiled("a,"),
    "quotes": _tiled('"'),
    "apostrophes": _tiled("'"),
    "backticks": _tiled("`"),
    "backslashes": _tiled("\\"),
    "escapes": _tiled("\\n"),
    "at": _tiled("@"),
    "at labels": _tiled("a@b."),
    "colons": _tiled(":"),
    "colon words": _tiled("a:"),
    "percent": _tiled("%41"),
    "base64": _tiled("aB3/xY+9"),
    "base64url": _tiled("aB3-xY_9"),
    "hex": _tiled("0A1b"),
    "hex words": _tiled("0A1b "),
    "eyJ": _tiled("eyJabcdefgh"),
    "eyJ dots": _tiled("eyJabcdefgh."),
    "00D": _tiled("00D"),
    "00D session": _tiled("00D000000000001"),
    "5Aep": _tiled("5Aep"),
    "BEGIN": _tiled("-----BEGIN "),
    "BEGIN KEY": _tiled("-----BEGIN PRIVATE KEY-----\n"),
    "KEY halves": _tiled("-----BEGIN RSA PRIVATE KEY----\n"),
    "END": _between("-----BEGIN CERTIFICATE-----\n", "-----END ", ""),
    "brackets": _tiled("["),
    "braces": _tiled("{{"),
    "expression": _between("={{ ", "$secrets.a", " }}"),
    "expression open": _between("={{", " ", ""),
    "expressions": _tiled("={{ a }}"),
    "dollars": _tiled("${A"),
    "parentheses": _tiled("(a"),
    "angle": _tiled("<!--"),
    "https": _tiled("https://"),
    "url dots": _between("https://", "a.", "com"),
    "url labels": _between("https://", "a.", "my.salesforce.com"),
    "url hyphens": _between("https://acme--", "a-", ".sandbox.my.salesforce.com"),
    "url users": _between("https://", "a:b@", "c"),
    "url user": _between("https://", "a:", "c"),
    "url slashes": _between("https://n8n.acme.com/", "/", "rest/oauth2-credential/callback"),
    "url ups": _between("https://n8n.acme.com/", "../", "rest"),
    "url queries": _between("https://n8n.acme.com/", "?a=b&", "c"),
    "url port": _between("https://n8n.acme.com:", "9", "/"),
    "url brackets": _between("https://", "[", "]/"),
    "url address": _between("https://[", "1:", "]/"),
    "url idn": _between("https://", "\u00fc", ".my.salesforce.com"),
    "url idn labels": _between("https://", "\u00fc.", "my.salesforce.com"),
    "url spaces": _between("https://a", " ", "b"),
    "punycode": _between("https://xn--", "a", ".com"),
    "combining": _tiled("e\u0301\u0323"),
    "wide": _tiled("\u4e00"),
    "signs": _tiled("\U0001f600"),
    "right to left": _tiled("\u202e"),
    "zero width": _tiled("a\u200b"),
    "commands": _tiled("::set "),
    "hashes": _tiled("##[a]"),
    "arn": _between("arn:aws:secretsmanager:", "a-", ":1:secret"),
    "underscored numbers": _tiled("1_"),
    "times": _between("1", ":1", ""),
    "exponents": _between("1e", "9", ""),
    "date": _between("2024-01-01", " ", "x"),
    "version": _between("2.40.5-", "a.", ""),
    "email": _between("n8n@", "a.", "com"),
    "emails": _between("", "a@", "acme.com.uat"),
}

#: The fields of a spec, each with the place where its value goes.
FIELDS: dict[str, str] = {
    "version": "version: @",
    "name": "name: @",
    "description": "description: @",
    "environment": "environment: @",
    "my_domain": "my_domain: @",
    "flow": "flow: @",
    "client_id": "client_id: @",
    "oauth2": "oauth2: @",
    "client_secret": "oauth2: {client_secret: @}",
    "refresh_token": "oauth2: {refresh_token: @}",
    "username": "jwt: {username: @, private_key: {env: K}}",
    "private_key": "jwt: {private_key: @}",
    "certificate": "jwt: {certificate: @, private_key: {env: K}}",
    **{
        f"app.{name}": f"app: {{{name}: @}}"
        for name in (
            "type", "label", "contact_email", "pre_authorized", "pkce_required",
            "refresh_token_policy", "refresh_token_rotation", "ip_relaxation", "org_id",
        )
    },
    "lifetime": "app: {refresh_token_policy: {lifetime: @}}",
    "scope": "app: {scopes: [@]}",
    "callback_url": "app: {callback_urls: [@]}",
    "permission_set": "app: {permission_sets: [@], pre_authorized: true}",
    **{
        f"n8n.{name}": f"n8n: {{{name}: @}}"
        for name in ("deployment", "url", "env_file", "version", "id", "name")
    },
    "reason": "doctor: {ignore: {SFC206: @}}",
    "ignored": "doctor: {ignore: {@: why}}",
    "profile": "profiles: {@: {environment: sandbox}}",
    "key": "@: 1",
    "app key": "app: {@: 1}",
    **{
        f"{{{name}}}": f"oauth2: {{client_secret: {{{name}: @}}}}"
        for name in (
            "env", "file", "dotenv", "secrets_dir", "keyring", "vault", "aws", "aws_ssm", "gcp",
            "azure", "sops", "n8n", "onepassword",
        )
    },
    "provider": "client_id: {@: X}",
    "anchor": "description: &A @",
}  # fmt: skip

_FLOW = {"oauth2": "oauth2:\n  client_secret: {env: S}\n"}


def document(field: str, value: str, number: int = 0) -> str:
    """Return a whole spec in JSON's notation that has one value in one field."""
    line = FIELDS[field].replace("@", value)
    own = line.split(":", 1)[0]
    sections: dict[str, str] = {}
    name = ""
    for text in (HEAD.replace("acme-crm", f"acme-{number}") + _FLOW["oauth2"] + APP).splitlines():
        name = name if text.startswith(" ") else text.split(":", 1)[0]
        sections[name] = sections.get(name, "") + text + "\n"
    if own == "jwt":
        sections.pop("oauth2")
    sections[own] = line + "\n"
    return "".join(sections.values())


def quoted(text: str) -> str:
    """Quote a text with YAML's double quotes."""
    return json.dumps(text, ensure_ascii=False).replace("\u007f", "\\u007f")


def _field_case(field: str, shape: str) -> Case:
    """As many specs as fit, each with the longest allowed text in that field."""

    def build(size: int) -> Input:
        number = max(1, size // (LONGEST + 1000))
        text = SHAPES[shape](min(size, LONGEST) - 16)
        return spec_input("---\n".join(document(field, quoted(text), n) for n in range(number)))

    return build


def spec_input(text: str, *options: str) -> Input:
    """A spec for doctor to examine."""
    return Input({"acme.yaml": text}, ("doctor", "acme.yaml", *options))


def field_cases() -> Iterator[tuple[str, Case]]:
    """Combine every field with every shape."""
    for field in FIELDS:
        for shape in SHAPES:
            yield f"spec {field}: {shape}", _field_case(field, shape)


def _each(template: str) -> Callable[[int], str]:
    """Return as many lines of a template as fit, with `#` replaced by their number."""
    return lambda size: "".join(
        template.replace("#", str(n)) for n in range(max(1, size // (len(template) + 3)))
    )


def _spec_with(section: str, *options: str, per: int = 1 << 30) -> Case:
    """Return a spec (several, if each has `per` bytes) with one growing section. `@` is replaced.

    The section is a template. The part to repeat is between `<` and `>`.
    """
    before, _, rest = section.partition("<")
    item, _, after = rest.partition(">")

    def build(size: int) -> Input:
        documents = []
        rest = len(_base(set(), 0)) + len(before) + len(after)  # the rest of the document
        one = max(len(item) + 4, min(per, size - rest))
        for number in range(max(1, size // (one + rest))):
            own = before + _each(item)(one) + after
            names = {line.split(":", 1)[0] for line in section.splitlines() if line[:1].isalpha()}
            documents.append(_base(names, number) + own + "\n")
        return spec_input("---\n".join(documents), *options)

    return build


def _base(without: set[str], number: int) -> str:
    """Return a complete spec without some sections."""
    text = HEAD.replace("acme-crm", f"acme-{number}") + _FLOW["oauth2"] + APP
    if "jwt" in without:
        without = without | {"oauth2"}
    kept, name = [], ""
    for line in text.splitlines(keepends=True):
        name = name if line.startswith(" ") else line.split(":", 1)[0]
        if name not in without:
            kept.append(line)
    return "".join(kept)


def _documents(template: str, *options: str) -> Case:
    """Return as many copies of a template document as fit. `#` is replaced by the number."""
    return lambda size: spec_input(_each(template + "---\n")(size), *options)


def _text(shape: Callable[[int], str], *options: str) -> Case:
    """A spec file that consists of a single text."""
    return lambda size: spec_input(shape(size), *options)


_JWT = "version: 1\nname: a#\nenvironment: sandbox\nclient_id: X\n"
_FULL = (HEAD + _FLOW["oauth2"] + APP).replace("acme-crm", "acme-#").replace("0000001", "#")

#: Specs with many of something, in one or several documents.
SPECS: dict[str, Case] = {
    "scopes": _spec_with("app:\n  scopes: [<x#, >api]"),
    "scopes on lines": _spec_with("app:\n  scopes:\n<    - x#\n>"),
    "scopes in documents": _spec_with("app:\n  scopes:\n<    - xapi#\n>", per=4000),
    "scopes alike": _spec_with("app:\n  scopes:\n<    - cdp_ingest_aip#\n>", per=8000),
    "scopes in lines": _spec_with("app:\n  scopes: [<x#, >api]", per=3000),
    "known scopes": _spec_with("app:\n  scopes:\n<    - api\n>", per=4000),
    "callback URLs": _spec_with("app:\n  callback_urls:\n<    - https://n#.acme.com/\n>", per=9000),
    "callbacks nearly right": _spec_with(
        "app:\n  callback_urls:\n<    - https://n8n#.acme.com/rest/oauth2-credential/callback\n>",
        per=25_000,
    ),
    "permission sets": _spec_with("app:\n  permission_sets:\n<    - p#\n>", per=4000),
    "ignores": _spec_with("doctor:\n  ignore:\n<    SFC#: why\n>", per=5000),
    "ignores of nothing": _spec_with("doctor:\n  ignore:\n<    X#: why\n>", per=5000),
    "ignores in one": _spec_with("doctor:\n  ignore:\n<    SFC#: why\n>"),
    "profiles": _spec_with("profiles:\n<  p#: {}\n>"),
    "profiles in documents": _spec_with("profiles:\n<  p#: {}\n>", per=4000),
    "profiles of much": _spec_with(
        "app:\n  scopes: ["
        + ", ".join(f"s{n}" for n in range(450))
        + "]\nprofiles:\n<  p#: {environment: sandbox}\n>",
        per=4000,
    ),
    "profiles of long texts": _spec_with(
        f"description: {'a' * 4000}\nmy_domain: {'b' * 4000}\nprofiles:\n<  p#: {{}}\n>", per=4000
    ),
    "profiles with ignores": _spec_with(
        "doctor:\n  ignore: {"
        + ", ".join(f"SFC{n}: w" for n in range(100, 500))
        + "}\nprofiles:\n<  p#: {}\n>",
        per=4000,
    ),
    "incomplete profiles": _documents("version: 1\nname: a#\nprofiles: {a: {}, b: {}}\n"),
    "unknown keys": _spec_with("<k#: 1\n>"),
    "unknown keys in documents": _spec_with("<enviroment#: 1\n>", per=6000),
    "unknown app keys": _spec_with("app:\n<  scope#: 1\n>", per=6000),
    "wrong items": _spec_with("app:\n  scopes: [<#, >1]", per=2000),
    "equal keys": _spec_with("<description: a\n>"),
    "documents": _documents(_FULL),
    "short documents": _documents(_JWT),
    "empty documents": _documents(""),
    "scalars": _documents("x\n"),
    "equal names": _documents(_JWT.replace("a#", "a")),
    "literal secrets": _documents(_JWT + "oauth2: {client_secret: abc}\n"),
    "aliases": _documents("a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\nb: [*a, *a, *a, *a, *a, *a]\n"),
    "aliased aliases": _documents(
        "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
        "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
    ),
    "aliases of long texts": _documents(
        f"a: &a {'a' * 4000}\napp: {{scopes: [" + "*a, " * 400 + "*a]}\n"
    ),
    "anchors": _spec_with("app:\n  scopes:\n<    - &a# x\n>", per=4000),
    "comments": _spec_with("<# a comment: with 5Aep861 and 00D000000000001 in it\n>"),
    "tokens in comments": _spec_with("<# 5Aep861aB3dE5aB3dE5aB3dE5aB3dE5aB3\n>"),
    "keys in comments": _spec_with("<# -----BEGIN PRIVATE KEY-----\n>"),
    "long comment": _text(lambda size: "# " + "a" * size),
    "long line of a comment": _text(
        lambda size: ("# " + "a-" * 8000 + "\n") * (size // 16_000 + 1)
    ),
    "one long line": _text(lambda size: "a: [" + "b, " * (size // 3) + "]"),
    "many empty lines": _text(lambda size: "a:" + "\n" * size),
    "block scalar": _text(lambda size: "a: |\n" + "  b\n" * (size // 4)),
    "folded scalar": _text(lambda size: "a: >\n" + "  b\n" * (size // 4)),
    "plain scalar of lines": _text(lambda size: "a: b\n" + "  b\n" * (size // 4)),
    "quoted scalar of lines": _text(lambda size: 'a: "' + "  b\n" * (size // 4) + '"'),
    "many block scalars": _spec_with("<k#: |\n  a\n  b\n>"),
    "brackets": _text(_tiled("[")),
    "brackets on lines": _text(_tiled("[\n")),
    "braces": _text(_tiled("{")),
    "dashes on a line": _text(_tiled("- ")),
    "question marks": _text(_tiled("? ")),
    "stairs": _text(lambda size: "".join(" " * n + "a:\n" for n in range(int((2 * size) ** 0.5)))),
    "tabs": _text(_tiled("\t")),
    "tabs behind": _text(lambda size: ("a: b" + "\t" * 1000 + "\n") * (size // 1005 + 1)),
    "quotes": _text(_tiled('"')),
    "colons": _text(_tiled(":")),
    "colons and blanks": _text(_tiled(": ")),
    "tags": _text(_tiled("! ")),
    "stars": _text(_tiled("*a ")),
    "directives": _text(_tiled("%YAML 1.1\n")),
    "document marks": _text(_tiled("---\n")),
    "ends of documents": _text(_tiled("...\n")),
    "bell signs": _text(_tiled("\a")),
    "bytes that are no text": lambda size: Input(
        {"acme.yaml": b"\xff" * size}, ("doctor", "acme.yaml")
    ),
    "env references": _documents(_JWT.replace("client_id: X", "client_id: {env: V#}")),
    "file references": _documents(_JWT + "jwt: {username: a@b.c, private_key: {file: f#}}\n"),
    "plain numbers": _documents("version: " + "9" * 4000 + "\n"),
    "plain floats": _documents("version: " + "9" * 2000 + "." + "9" * 2000 + "\n"),
    "plain times": _documents("version: 1" + ":59" * 1300 + "\n"),
    "plain underscores": _documents("version: 1" + "_" * 4000 + "x\n"),
    "plain dates": _documents("version: 2024-01-01" + " x" * 2000 + "\n"),
}

_DOCUMENT = "version: 1\nname: a\nenvironment: sandbox\nclient_id: X\n"


def _toml(shape: Callable[[int], str]) -> Case:
    return lambda size: Input(
        {"acme.yaml": _DOCUMENT, "sfcred.toml": shape(size)}, ("doctor", "acme.yaml")
    )


def _keyed(shape: Callable[[int], str], field: str = "private_key: {file: k}") -> Case:
    """A text in a referenced file, with as many bytes as allowed."""

    def build(size: int) -> Input:
        text = _DOCUMENT + f"flow: jwt\njwt: {{username: a@b.c, {field}}}\n"
        text += "n8n: {url: 'https://n8n.acme.com', version: '2.40.5'}\n"
        return Input({"acme.yaml": text, "k": shape(size)}, ("doctor", "acme.yaml"))

    return build


def _env_file(shape: Callable[[int], str]) -> Case:
    text = _DOCUMENT + "oauth2: {client_secret: {dotenv: A}}\nn8n: {env_file: .env}\n"
    text += "app: {callback_urls: ['https://n8n.acme.com/rest/oauth2-credential/callback']}\n"
    return lambda size: Input(
        {"acme.yaml": text, "sfcred.toml": "", ".env": shape(size)}, ("doctor", "acme.yaml")
    )


def _export(shape: Callable[[int], str], *options: str) -> Case:
    return lambda size: Input(
        {"export.json": shape(size)}, ("import", "export.json", "-o", "new", *options)
    )


def _stored(data: str) -> Callable[[int], str]:
    item = '{"id":"a#","name":"Acme","type":"salesforceOAuth2Api","data":' + data + "},"
    return lambda size: "[" + _each(item)(size).rstrip(",") + "]"


def _workflows(shape: Callable[[int], str]) -> Case:
    """Doctor with a workflow file, and a spec that has its credential's id."""
    spec = HEAD + "oauth2: {client_secret: {env: S}}\nn8n: {id: a}\n"
    return lambda size: Input(
        {"c/acme.yaml": spec, "w.json": shape(size)}, ("doctor", "c", "--workflows", "w.json")
    )


def _nodes(parameters: str, **more: str) -> Callable[[int], str]:
    """Return a workflow with as many of these nodes as fit; `#` is a number."""
    outer = "".join(f',"{name}":{value}' for name, value in more.items())
    node = (
        '{"name":"n#","type":"n8n-nodes-base.salesforce","typeVersion":1,"parameters":'
        + parameters
        + ',"credentials":{"salesforceOAuth2Api":{"id":"a","name":"A"}}'
        + outer
        + "},"
    )
    return lambda size: '{"nodes":[' + _each(node)(size).rstrip(",") + '],"connections":{}}'


def _one_node(
    name: str, shape: Callable[[int], str], kind: str = "salesforce", **more: str
) -> Case:
    """Return a workflow with one node that has a long text in a parameter."""

    def build(size: int) -> str:
        parameters = {**more, name: "=" + shape(size)}
        link = {"salesforceOAuth2Api": {"id": "a", "name": "A"}}
        node = {"name": "n", "type": f"n8n-nodes-base.{kind}", "parameters": parameters}
        return json.dumps({"nodes": [{**node, "credentials": link}], "connections": {}})

    return _workflows(build)


_SEARCH = {"resource": "search", "operation": "query"}
_HTTP = {"authentication": "predefinedCredentialType", "nodeCredentialType": "salesforceOAuth2Api"}
_LEAD = "https://acme.my.salesforce.com/services/data/v60.0/sobjects/Lead"
_POST = {**_HTTP, "url": _LEAD, "method": "POST", "sendBody": "x", "specifyBody": "json"}


def _explain(shape: Callable[[int], str]) -> Case:
    return lambda size: Input({}, ("explain", "--error", "-"), shape(size))


def _metadata(shape: Callable[[int], str], file: str = "n8n.connectedApp-meta.xml") -> Case:
    text = _base(set(), 0).replace("external_client_app", "connected_app")
    return lambda size: Input(
        {"acme.yaml": text, f"md/{file}": shape(size)}, ("app", "acme.yaml", "--check", "md")
    )


_XML = '<?xml version="1.0"?><ConnectedApp xmlns="http://soap.sforce.com/2006/04/metadata">'
_BASELINE = '{"fingerprint":"%s","check":"SFC201","credential":"a#","profile":null},'


def _baseline(size: int) -> Input:
    entries = "".join(
        _BASELINE.replace("#", str(n)) % f"{n:032x}" for n in range(size // len(_BASELINE))
    )
    text = '{"baseline_version":1,"findings":[' + entries.rstrip(",") + "]}"
    return Input(
        {"acme.yaml": _DOCUMENT, "b.json": text}, ("doctor", "acme.yaml", "--baseline", "b.json")
    )


#: Inputs that aren't specs.
OTHERS: dict[str, Case] = {
    **{
        f"toml: {name}": _toml(shape)
        for name, shape in {
            "brackets": lambda size: "a = " + "[" * size,
            "braces": lambda size: "a = " + "{a=" * (size // 3),
            "digits": lambda size: "a = " + "9" * size,
            "hex": lambda size: "a = 0x" + "f" * size,
            "float": lambda size: "certificate_days = 1." + "9" * size,
            "dotted": lambda size: ".".join("a" * (size // 2)) + " = 1",
            "dotted lines": lambda size: "".join(
                f"{'a.' * 190}b{n} = 1\n" for n in range(size // 390 + 1)
            ),
            "dotted table": lambda size: "[" + ".".join("a" * (size // 2)) + "]",
            "keys": _each("k# = 1\n"),
            "tables": _each("[t#]\n"),
            "tables of tables": _each("[[a]]\n[a.b#]\n"),
            "subtables": _each("[a.b#]\n"),
            "paths": lambda size: "paths = [" + _each('"p#",')(size) + "]",
            "selected": lambda size: "select = [" + _each('"SFC#",')(size) + "]",
            "text": lambda size: 'baseline = "' + "a" * size + '"',
            "key": lambda size: "k" * size + " = 1",
            "patterns": lambda size: "[path_ignores]\n" + _each('"p#/" = {SFC206 = "w"}\n')(size),
            "stars": lambda size: 'path_ignores = {"' + "*a" * (size // 2) + '" = {SFC206 = "w"}}',
            "two stars": lambda _size: 'path_ignores = {"*a*b" = {SFC206 = "w"}}',
            "ignored": lambda size: "[path_ignores.a]\n" + _each('SFC# = "w"\n')(size),
            "blanks": lambda size: "a = " + " " * size,
            "comment": _tiled("#"),
        }.items()
    },
    **{f"key: {name}": _keyed(shape) for name, shape in SHAPES.items()},
    **{
        f"certificate: {name}": _keyed(shape, "private_key: {env: K}, certificate: k")
        for name, shape in SHAPES.items()
    },
    **{
        f"env: {name}": _env_file(lambda size, shape=shape: "A=" + shape(size))  # type: ignore[misc]
        for name, shape in SHAPES.items()
    },
    "env: lines": _env_file(_each("V#=x\n")),
    "env: quotes open": _env_file(_tiled("A='")),
    "env: exports": _env_file(_tiled("export ")),
    "env: continued": _env_file(_tiled("A=\\\n")),
    **{f"workflow query: {n}": _one_node("query", s, **_SEARCH) for n, s in SHAPES.items()},
    **{
        f"workflow url: {n}": _one_node("url", s, "httpRequest", **_HTTP) for n, s in SHAPES.items()
    },
    **{
        f"workflow body: {n}": _one_node("jsonBody", s, "httpRequest", **_POST)
        for n, s in SHAPES.items()
    },
    "workflow: nodes": _workflows(_nodes("{}")),
    "workflow: queries": _workflows(_nodes('{"operation":"getAll"}')),
    "workflow: unknown credentials": _workflows(
        lambda size: _nodes("{}")(size).replace('"id":"a","name":"A"', '"id":"b","name":"An"')
    ),
    "workflow: secrets": _workflows(_nodes('{"client_secret":"1234567890123456789"}')),
    "workflow: other nodes": _workflows(_each('{"nodes":[{"type":"x#"}]}\n')),
    "workflow: brackets": _workflows(_tiled("[")),
    "workflow: data": _workflows(_tiled('{"data":')),
    "workflow: keys": _workflows(lambda size: '{"nodes":[],' + _each('"k#":1,')(size) + '"a":1}'),
    "workflow: bad nodes": _workflows(lambda size: '{"nodes":[' + "1," * (size // 2) + "1]}"),
    "workflow: blanks": _workflows(_between('{"nodes":[', " ", "]}")),
    "workflow: inline": _workflows(
        _nodes('{"source":"parameter","workflowJson":"{\\"nodes\\":[{\\"type\\":\\"x\\"}]}"}')
    ),
    "workflow: unions": _one_node(
        "query", _between("SELECT Id", ", (SELECT Id FROM Cs)", " FROM A"), **_SEARCH
    ),
    "workflow: conditions": _one_node(
        "query", _between("SELECT Id FROM A WHERE A=1", " AND A=1", ""), **_SEARCH
    ),
    "workflow: parentheses": _one_node(
        "query", _between("SELECT Id FROM A WHERE ", "(", ""), **_SEARCH
    ),
    "workflow: functions": _one_node("query", _between("SELECT ", "F(", ""), **_SEARCH),
    "workflow: holes": _one_node(
        "query", _between("SELECT Id FROM A WHERE ", "{{ 1 }} ", ""), **_SEARCH
    ),
    "export: brackets": _export(_tiled("[")),
    "export: one name": _export(_stored("{}")),
    "export: no type": _export(lambda size: "[" + _each('{"id":"#"},')(size).rstrip(",") + "]"),
    "export: nested data": _export(
        _stored('{"oauthTokenData":' + '{"a":' * 400 + "1" + "}" * 400 + "}")
    ),
    "export: long texts": _export(
        lambda size: (
            '[{"id":"a","name":"' + "A b" * (size // 3) + '","type":"salesforceJwtApi",'
            '"data":{"username":"' + "=" * 50 + '","privateKey":"={{ }}"}}]'
        )
    ),
    "export: long ciphertext": _export(
        lambda size: (
            '[{"id":"a","name":"a","type":"salesforceJwtApi","data":"'
            "U2FsdGVkX1" + "A" * size + '"}]'
        )
    ),
    "export: long number": _export(lambda size: "[" + "9" * size + "]"),
    "baseline": _baseline,
    "explain: words": _explain(_tiled("invalid_grant: audience ")),
    "explain: pairs": _explain(_tiled('"error": "x", ')),
    "explain: openings": _explain(_tiled('"error"' + " " * 20)),
    "explain: query": _explain(_tiled("&error")),
    "explain: encoded": _explain(_tiled("error%253D")),
    "explain: prefixes": _explain(_tiled("n8n-1  | \n")),
    "explain: colors": _explain(_tiled("\x1b[1m[1")),
    **{f"explain: {name}": _explain(shape) for name, shape in SHAPES.items()},
    "metadata: elements": _metadata(
        lambda size: _XML + _each("<a>#</a>")(size) + "</ConnectedApp>"
    ),
    "metadata: depth": _metadata(
        lambda size: _XML + "<a>" * (size // 7) + "</a>" * (size // 7) + "</ConnectedApp>"
    ),
    "metadata: attributes": _metadata(
        lambda size: "<ConnectedApp" + _each(' a#=""')(size) + "></ConnectedApp>"
    ),
    "metadata: namespaces": _metadata(
        lambda size: "<ConnectedApp" + _each(' xmlns:a#="b"')(size) + "></ConnectedApp>"
    ),
    "metadata: entities": _metadata(
        lambda size: '<!DOCTYPE a [<!ENTITY a "' + "a" * size + '">]><a>&a;</a>'
    ),
    "metadata: scopes": _metadata(
        lambda size: (
            _XML
            + "<oauthConfig>"
            + _each("<scopes>A#</scopes>")(size)
            + "</oauthConfig></ConnectedApp>"
        )
    ),
    "metadata: callbacks": _metadata(
        lambda size: (
            _XML
            + "<oauthConfig><callbackUrl>"
            + _each("https://n#.acme.com/\n")(size)
            + "</callbackUrl></oauthConfig></ConnectedApp>"
        )
    ),
    "metadata: sets": _metadata(
        lambda size: (
            _XML + _each("<permissionSetName>A#</permissionSetName>")(size) + "</ConnectedApp>"
        )
    ),
    "metadata: long text": _metadata(
        lambda size: _XML + "<label>" + "a " * (size // 2) + "</label></ConnectedApp>"
    ),
    "selectors": lambda size: Input(
        {"acme.yaml": _DOCUMENT}, ("doctor", "acme.yaml", "--select", "SFC," * (size // 4))
    ),
    "selectors apart": lambda size: Input(
        {"acme.yaml": _DOCUMENT}, ("doctor", "acme.yaml", *(["--select", "SFC4"] * (size // 12)))
    ),
    "paths": lambda size: Input(
        {"acme.yaml": _DOCUMENT}, ("doctor", *(["acme.yaml"] * (size // 9)))
    ),
    "files": lambda size: Input(
        {f"s/{n}.yaml": _DOCUMENT.replace("a", "b") for n in range(size // 60)}, ("doctor", "s")
    ),
}

#: How much is read at most of inputs with a fixed limit, in bytes.
CAPS = {"toml": 120_000, "key": 65_000, "certificate": 65_000, "env": 65_000, "metadata": 1_000_000}


def measure(given: Input, limit: float = 30.0) -> Spent:
    """Run the command line in a child process, in an empty folder. Needs a POSIX system.

    Args:
        given: The input.
        limit: The most processor seconds that it may take.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for file, content in given.files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        (folder / ".stdin").write_text(given.stdin, encoding="utf-8")
        result = folder / ".result"
        with warnings.catch_warnings():
            # From Python 3.12 on, if the process has threads. These are pytest-xdist's.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            _work(given, folder, result, limit)
        os.waitpid(child, 0)
        written = sum((folder / f).stat().st_size for f in (".out", ".err"))
        if not result.exists():
            return Spent(limit, written, -1)
        seconds, status = result.read_text(encoding="utf-8").split()
        return Spent(float(seconds), written, int(status))


def _as_sfcred_runs() -> None:
    """Turn off what the tests' process does besides the work: coverage takes several times as long."""
    # As in __main__.py. Otherwise, the collector would traverse the test's objects each time.
    gc.disable()
    sys.settrace(None)
    sys.setprofile(None)
    coverage = sys.modules.get("coverage")
    current = coverage.Coverage.current() if coverage else None
    if current is not None:
        current.stop()


def _work(given: Input, folder: Path, result: Path, limit: float) -> None:
    """Do the work in the child process. Never returns."""
    import resource  # os.fork doesn't exist on Windows

    try:
        _as_sfcred_runs()
        most = int(time.process_time() + limit) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        os.chdir(folder)
        for name in list(os.environ):
            if name not in ("PATH", "HOME", "LANG"):
                del os.environ[name]
        os.environ.update(given.environ)
        os.dup2(os.open(".stdin", os.O_RDONLY), 0)
        for number, file in ((1, ".out"), (2, ".err")):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, mode, encoding="utf-8", closefd=False)
            for number, mode in enumerate("rww")
        )
        from sfcred.cli import main

        began = time.process_time()
        status = main(list(given.arguments))
        sys.stdout.flush()
        sys.stderr.flush()
        result.write_text(f"{time.process_time() - began} {status}", encoding="utf-8")
    finally:
        os._exit(0)


def main() -> int:
    """Print the slow cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a part of the cases' names")
    parser.add_argument("--size", type=int, default=1_000_000, help="of each input, in bytes")
    parser.add_argument("--limit", type=float, default=2.0, help="in processor seconds")
    given = parser.parse_args()
    specs = {f"spec: {name}": case for name, case in SPECS.items()}
    for name, case in {**dict(field_cases()), **specs, **OTHERS}.items():
        if given.only in name:
            size = min(given.size, CAPS.get(name.partition(":")[0], given.size))
            spent = measure(case(size))
            if spent.seconds > given.limit or spent.status in (-1, 3):
                sys.stdout.write(f"{name}: {spent}\n")
                sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
