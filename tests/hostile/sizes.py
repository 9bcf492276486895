"""Inputs of every kind and any size, and how long the command line works on them.

As a program it sweeps over all of them, and prints what is slow or grows faster than its input:

    python -m tests.hostile.sizes [--only WORD] [--size BYTES] [--limit SECONDS]
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.project import APP, HEAD

#: The longest scalar that a spec may hold, in characters: what lies below must be read, and fast.
LONGEST = 4096


class Input(NamedTuple):
    """What a command is given: files by name, arguments, standard input and variables."""

    files: Mapping[str, str | bytes]
    arguments: tuple[str, ...]
    stdin: str = ""
    environ: Mapping[str, str] = {}


class Spent(NamedTuple):
    """What a command took: processor seconds, bytes written, exit status (-1: out of time)."""

    seconds: float
    output: int
    status: int


#: A case by its name: makes an input of about so many bytes.
Case = Callable[[int], Input]


def _tiled(text: str) -> Callable[[int], str]:
    return lambda size: (text * (size // len(text) + 1))[:size]


def _between(start: str, text: str, end: str) -> Callable[[int], str]:
    return lambda size: start + _tiled(text)(max(1, size - len(start) - len(end))) + end


#: Texts of any length that regular expressions and parsers of URLs, hosts and keys find hard.
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

#: The fields of a spec, each with the place where its value stands.
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
    """A whole spec that has one value, in JSON's notation, in one field."""
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
    """A text in YAML's double quotes."""
    return json.dumps(text, ensure_ascii=False).replace("\u007f", "\\u007f")


def _field_case(field: str, shape: str) -> Case:
    """As many specs as fit, each with the longest allowed text in that field."""

    def build(size: int) -> Input:
        number = max(1, size // LONGEST)
        text = SHAPES[shape](min(size, LONGEST) - 16)
        return spec_input(
            "---\n".join(document(field, quoted(text), n) for n in range(number))
        )

    return build


def spec_input(text: str, *options: str) -> Input:
    """A spec that doctor looks at."""
    return Input({"acme.yaml": text}, ("doctor", "acme.yaml", *options))


def field_cases() -> Iterator[tuple[str, Case]]:
    """Every field with every shape."""
    for field in FIELDS:
        for shape in SHAPES:
            yield f"spec {field}: {shape}", _field_case(field, shape)


def measure(given: Input, limit: float = 30.0) -> Spent:
    """Runs the command line in a child process, in an empty folder.

    Args:
        given: The input.
        limit: The most processor seconds it may take.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for file, content in given.files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        (folder / ".stdin").write_text(given.stdin)
        result = folder / ".result"
        child = os.fork()
        if child == 0:
            _work(given, folder, result, limit)
        os.waitpid(child, 0)
        written = sum((folder / f).stat().st_size for f in (".out", ".err"))
        if not result.exists():
            return Spent(limit, written, -1)
        seconds, status = result.read_text().split()
        return Spent(float(seconds), written, int(status))


def _work(given: Input, folder: Path, result: Path, limit: float) -> None:
    """The child: never returns."""
    try:
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
        sys.stdin = open(0, encoding="utf-8", closefd=False)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)
        from sfcred.cli import main

        began = time.process_time()
        status = main(list(given.arguments))
        sys.stdout.flush()
        sys.stderr.flush()
        result.write_text(f"{time.process_time() - began} {status}")
    finally:
        os._exit(0)
