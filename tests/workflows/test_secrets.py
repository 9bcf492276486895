"""Consumer Secrets in workflows: every place that a name can stand before or after them."""

import json
import time
from typing import Any

import pytest

from sfcred.workflows.secrets import find_secrets

SECRET = "0123456789ABCDEF" * 4
DIGITS = "1234567890123456789"


def kinds(value: Any) -> list[str]:
    """Return what is found in a value, as a workflow's file has it: compact, and on lines."""
    compact = [what for _, what in find_secrets(json.dumps(value, separators=(",", ":")))]
    assert compact == [what for _, what in find_secrets(json.dumps(value, indent=2))]
    return compact


def nested(value: Any, levels: int) -> Any:
    """Return a value as JSON in a text in an object, several levels deep."""
    for _ in range(levels):
        value = {"jsonBody": json.dumps(value, indent=2)}
    return value


PLACES = [
    {"client_secret": SECRET},
    {"clientSecret": f"={SECRET}"},
    {"clientSecret": f"={{{{ '{SECRET}' }}}}"},
    {"consumerSecret": int(DIGITS)},
    {"name": "client_secret", "type": "string", "value": SECRET},
    {"id": "1", "name": "clientSecret", "value": SECRET, "type": "string"},
    {"value": SECRET, "type": "string", "name": "client_secret"},
    {"value": f"={{{{ '{SECRET}' }}}}", "name": "client_secret"},
    {"key": "client_secret", "enabled": True, "description": "", "value": DIGITS},
    {"name": "=client_secret", "type": "number", "value": int(DIGITS)},
    {"code": f"const client_secret = '{SECRET}'"},
    {"code": f'const o = {{clientSecret: "{SECRET}"}}'},
    {"code": f"let clientSecret: string = `{SECRET}`;"},
    {"code": f"client_secret: str = '{SECRET}'"},
    {"code": f"body['client_secret'] = '{SECRET}'"},
    {"code": f"const s = $env.CLIENT_SECRET || '{SECRET}'"},
    {"code": f"if (client_secret === '{SECRET}') {{}}"},
    {"code": f"form.append('client_secret', \"{SECRET}\")"},
    {"code": f"const o = {{\n\t'client_secret':\n\t\t'{SECRET}'\n}}"},
    {"body": f"grant_type=x&client_secret={SECRET}&x=y"},
    {"body": f"grant_type%3Dx%26client_secret%3D{SECRET}"},
    {"xml": f"<consumerSecret>{SECRET}</consumerSecret>"},
]


@pytest.mark.parametrize("levels", [0, 1, 2, 4])
@pytest.mark.parametrize("place", PLACES)
def test_a_consumer_secret_is_found_at_any_depth(place: Any, levels: int) -> None:
    assert kinds(nested(place, levels)) == ["a Consumer Secret"]


def test_the_signs_that_powershell_escapes() -> None:
    code = {"code": f"const client_secret = '{SECRET}'; x('&')"}
    text = json.dumps(code).replace("'", "\\u0027").replace("&", "\\u0026")
    assert [what for _, what in find_secrets(text)] == ["a Consumer Secret"]


@pytest.mark.parametrize(
    "value",
    [
        {"hash": SECRET, "sha256": SECRET, "number": DIGITS},
        {"client_secret": "={{ $vars.secret }}", "hash": SECRET},
        {"name": "client_secret", "value": "={{ $vars.s }}", "hash": SECRET},
        [{"name": "client_secret", "value": "x"}, {"name": "hash", "value": SECRET}],
        [{"name": "hash", "value": SECRET}, {"name": "client_secret", "value": "x"}],
        {"clientSecretHash": SECRET, "client_secret_expires_at": DIGITS},
        {"columns": ["client_secret", SECRET]},
        {"code": f"const client_secret = $vars.s; const hash = '{SECRET}'"},
        {"code": f"sha256(client_secret) === '{SECRET}'"},
        {"note": f"the client secret is a number, unlike {SECRET}"},
        {"description": "a hash of the client_secret", "type": "x", "value": SECRET},
    ],
)
@pytest.mark.parametrize("levels", [0, 1, 2])
def test_other_hashes_and_numbers_are_none(value: Any, levels: int) -> None:
    assert kinds(nested(value, levels)) == []


@pytest.mark.timed
@pytest.mark.parametrize(
    "part",
    [
        "client_secret",
        'client_secret"',
        "\\",
        "client_secret" + "\\" * 50,
        "client_secret" + " " * 50,
        "( \\n",
        '"name":"client_secret",',
        '"name":"client_secret","t":"x",',
        '"value":"' + SECRET + '",',
        '"value" : "={{ ',
        "'t':'x',",
        "client_secret : str",
    ],
)
def test_no_text_is_searched_for_long(part: str) -> None:
    started = time.process_time()
    list(find_secrets(part * (1_000_000 // len(part))))
    assert time.process_time() - started < 5
