"""n8n's address from the files that deploy it: as Docker Compose, Kubernetes and n8n read them."""

import itertools
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.errors import Cause, NotKnown
from sfcred.resolve.context import Context
from sfcred.resolve.environment.interpolation import interpolate
from sfcred.resolve.environment.model import NAMES, Environment, Unknown
from sfcred.resolve.environment.read import read_environment
from sfcred.resolve.n8n_side import environment_callback
from sfcred.resolve.values import Values
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
END = "/rest/oauth2-credential/callback"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deploy").mkdir()
    return tmp_path


def environment(folder: Path, name: str, service: str | None = None) -> Environment:
    context = Context(project=folder, now=datetime.now(UTC), environ={})
    return read_environment(folder / name, name, service, folder, Values(context))


def read(folder: Path, files: Mapping[str, str], service: str | None = None) -> Environment:
    """Write files and read the first one."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return environment(folder, next(iter(files)), service)


def base(found: Environment) -> str:
    return environment_callback(found, (2, 40, 5)).url.removesuffix(END)


def why(found: Environment) -> NotKnown:
    with pytest.raises(NotKnown) as caught:
        base(found)
    assert caught.value.hint
    return caught.value


# -- interpolation, by Compose's documentation

SET = {
    "SITE": "x",
    "EMPTY_HOST": "",
    "HOST": "acme.com",
    "URL": "https://n8n.acme.com/",
    "PORT": "443",
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("$SITE", "x"),
        ("${SITE}", "x"),
        ("$SITE.${HOST}", "x.acme.com"),
        ("https://${SITE}.${HOST}:${PORT}/", "https://x.acme.com:443/"),
        ("$URL", "https://n8n.acme.com/"),
        ("${SITE:-y}", "x"),
        ("${EMPTY_HOST:-y}", "y"),
        ("${EMPTY_HOST-y}", ""),
        ("${GONE_HOST:-y}", "y"),
        ("${GONE_HOST-y}", "y"),
        ("${GONE_HOST:-}", ""),
        ("${GONE_HOST:-https://y.acme.com/}", "https://y.acme.com/"),
        ("${GONE_HOST:-${SITE}}", "x"),
        ("${GONE_HOST:-${EMPTY_HOST:-${SITE}}}.com", "x.com"),
        ("${GONE_HOST:-a$SITE}b", "axb"),
        ("${SITE:?must be set}", "x"),
        ("${EMPTY_HOST?must be set}", ""),
        ("${SITE:+y}", "y"),
        ("${EMPTY_HOST:+y}", ""),
        ("${EMPTY_HOST+y}", "y"),
        ("${GONE_HOST:+y}", ""),
        ("$$SITE", "$SITE"),
        ("$${SITE}", "${SITE}"),
        ("a$$b$$", "a$b$"),
        ("$SITE-y", "x-y"),
    ],
)
def test_variables_are_expanded_as_compose_does(text: str, value: str) -> None:
    assert interpolate(text, SET.get) == value


@pytest.mark.parametrize(
    "text",
    [
        "$GONE_HOST",
        "${GONE_HOST}",
        "${GONE_HOST:?must be set}",
        "${GONE_HOST?must be set}",
        "${EMPTY_HOST:?must be set}",
        "${GONE_HOST:-${GONE_HOST}}",
        "$",
        "$ X",
        "${",
        "${SITE",
        "${}",
        "${SITE Y}",
        "${1}",
        "$1",
        "${GONE_HOST:-${SITE}",
        "${SITE:=y}",
        "${A:-" * 12 + "}" * 12,
    ],
)
def test_what_compose_can_t_expand_here_is_unknown(text: str) -> None:
    assert isinstance(interpolate(text, SET.get), Unknown)


@given(st.text("${}:-?+XA "))
def test_no_text_breaks_the_interpolation(text: str) -> None:
    assert isinstance(interpolate(text, {"SITE": "x", "A": ""}.get), str | Unknown)


CANARY = "C4n4ryS3cretValue0123456789"


@pytest.mark.parametrize(
    "name",
    [
        "N8N_ENCRYPTION_KEY",
        "DB_PASSWORD",
        "DB_PASS",
        "DB_PWD",
        "API_TOKEN",
        "client_secret",
        "ACME_CLIENT_ID",
        "SF_USERNAME",
        "BASIC_AUTH",
        "DATABASE_DSN",
    ],
)
@pytest.mark.parametrize("text", ["${%s}", "$%s", "${%s:-x}", "${%s:+x}", "${GONE_HOST:-${%s}}"])
def test_a_variable_with_a_secret_s_name_is_never_expanded(name: str, text: str) -> None:
    found = interpolate(text % name, {name: "canary"}.get)
    assert isinstance(found, Unknown)
    assert "canary" not in found.reason + found.hint


@pytest.mark.parametrize(
    "value",
    [
        CANARY,
        "n8n@acme.com",
        "3MVG9aZ3kQ7xPwL0vN5mTaZ3kQ7xPwL0vN5mT",
        "0123456789abcdef0123456789abcdef",
        "a b",
        "hunter2!",
        "Hunter2Hunter2",
        "https://u:p@acme.com",
        "https://acme.com?token=x",
        "-----BEGIN PRIVATE KEY-----",
        "/0123456789abcdef0123456789abcdef",
    ],
)
def test_a_value_that_is_no_part_of_an_address_is_never_shown(value: str) -> None:
    found = interpolate("${SITE}.acme.com", {"X": value}.get)
    assert isinstance(found, Unknown)
    assert value not in found.reason + found.hint


def test_a_missing_variable_is_named_only_if_it_looks_like_one() -> None:
    assert "`${DOMAIN_NAME}` is not set" in str(interpolate("n8n.${DOMAIN_NAME}", SET.get))
    assert "hunter2" not in str(interpolate("pa$hunter2", SET.get))


# -- environment files


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("N8N_HOST=n8n.acme.com\nN8N_PROTOCOL=https\nN8N_PORT=443\n", "https://n8n.acme.com"),
        ("export WEBHOOK_URL=https://n8n.acme.com/\n", "https://n8n.acme.com"),
        ("WEBHOOK_URL='https://n8n.acme.com/'\n", "https://n8n.acme.com"),
        ('WEBHOOK_URL="https://n8n.acme.com/" # public\n', "https://n8n.acme.com"),
        ("WEBHOOK_URL=https://n8n.acme.com/ # public\n", "https://n8n.acme.com"),
        ("\ufeffWEBHOOK_URL=https://n8n.acme.com/\n", "https://n8n.acme.com"),
        ("WEBHOOK_URL=https://old/\nWEBHOOK_URL=https://n8n.acme.com/\n", "https://n8n.acme.com"),
        ("DOMAIN=acme.com\nWEBHOOK_URL=https://n8n.${DOMAIN}/\n", "https://n8n.acme.com"),
        ('DOMAIN=acme.com\nWEBHOOK_URL="https://n8n.$DOMAIN/"\n', "https://n8n.acme.com"),
        ("WEBHOOK_URL=https://${SUB:-n8n}.acme.com\n", "https://n8n.acme.com"),
        ("BASE=acme\nDOMAIN=$BASE.com\nWEBHOOK_URL=https://n8n.$DOMAIN\n", "https://n8n.acme.com"),
        ("N8N_EDITOR_BASE_URL=https://e.acme.com\nN8N_HOST=${GONE_HOST}\n", "https://e.acme.com"),
        ("N8N_HOST=h.acme.com\nN8N_PASS=pa$$word\nX=${\n", "http://h.acme.com:5678"),
    ],
)
def test_an_environment_file(folder: Path, text: str, expected: str) -> None:
    assert base(read(folder, {"n8n.env": text})) == expected


@pytest.mark.parametrize(
    ("text", "reason", "cause"),
    [
        ("", "sets none of", Cause.NOT_STATED),
        ("DOMAIN_NAME=acme.com\nSUBDOMAIN=n8n\n", "sets none of", Cause.NOT_STATED),
        ("N8N_PORT=5678\nN8N_PROTOCOL=https\n", "sets none of", Cause.NOT_STATED),
        ("N8N_HOST=\n", "sets none of", Cause.NOT_STATED),
        ("N8N_HOST=n8n.${DOMAIN}\n", "`${DOMAIN}` is not set", Cause.UNREADABLE),
        ("WEBHOOK_URL=https://$DOMAIN/\nDOMAIN=acme.com\n", "is not set", Cause.UNREADABLE),
        ("WEBHOOK_URL='https://n8n.${DOMAIN}/'\n", "can't be one", Cause.UNREADABLE),
        ("WEBHOOK_URL=https://n8n.$${DOMAIN}/\n", "can't be one", Cause.UNREADABLE),
        ("WEBHOOK_URL=https://<your domain>/\n", "can't be one", Cause.UNREADABLE),
        ("N8N_HOST={{ n8n_host }}\n", "can't be one", Cause.UNREADABLE),
        ("N8N_HOST=https://n8n.acme.com\n", "can't be one", Cause.UNREADABLE),
        ("N8N_HOST=n8n.acme.com:8443\nN8N_PROTOCOL=https\n", "can't be one", Cause.UNREADABLE),
        ("N8N_HOST=::1\n", "can't be one", Cause.UNREADABLE),
        ("WEBHOOK_URL=https://ada:canary@n8n.acme.com\n", "can't be one", Cause.UNREADABLE),
        ("N8N_HOST\n", "without a value", Cause.UNREADABLE),
        ("N8N_HOST: n8n.acme.com\n", "NAME=value", Cause.UNREADABLE),
        ("N8N_HOST:n8n.acme.com=x\n", "NAME=value", Cause.UNREADABLE),
        ("N8N_HOST=n8n.acme.com#old\n", "differently", Cause.UNREADABLE),
        ("N8N_HOST=`n8n.acme.com`\n", "differently", Cause.UNREADABLE),
        ('N8N_HOST="n8n\\.acme.com"\n', "differently", Cause.UNREADABLE),
        ("N8N_HOST=a.b\nN8N_EDITOR_BASE_URL_FILE=/run/secrets/url\n", "_FILE", Cause.UNREADABLE),
        ("N8N_HOST_FILE=/run/secrets/host\n", "N8N_HOST_FILE", Cause.UNREADABLE),
        ("WEBHOOK_URL=https://${N8N_ENCRYPTION_KEY}/\n", "secret", Cause.UNREADABLE),
        ("WEBHOOK_URL=ftp://n8n.acme.com\n", "can't be one", Cause.UNREADABLE),
        ("N8N_EDITOR_BASE_URL=/data/ui\n", "can't be one", Cause.UNREADABLE),
        ("N8N_HOST=.\n", "can't be one", Cause.UNREADABLE),
        ("WEBHOOK_URL=https://n8n.acme.com/webhook/\n", "of a webhook", Cause.UNREADABLE),
        ("N8N_WEBHOOK_URL=https://n8n.acme.com/webhook/x\n", "of a webhook", Cause.UNREADABLE),
        ("N8N_HOST= # the name\n", "in place of a value", Cause.UNREADABLE),
        ("SITE= # name\nWEBHOOK_URL=https://$SITE/\n", "in place of a value", Cause.UNREADABLE),
    ],
)
def test_an_environment_file_without_the_address(
    folder: Path, text: str, reason: str, cause: Cause
) -> None:
    found = why(read(folder, {"n8n.env": text}))
    assert reason in found.message
    assert found.cause is cause


def test_an_environment_file_with_marks_of_a_conflict(folder: Path) -> None:
    text = "<<<<<<< HEAD\nN8N_HOST=a.b\n=======\nN8N_HOST=b.c\n>>>>>>> other\n"
    found = why(_or_raised(lambda: read(folder, {"n8n.env": text})))
    assert "has marks of a merge conflict" in found.message


def test_a_value_wins_over_its_file_form(folder: Path) -> None:
    text = "N8N_HOST=n8n.acme.com\nN8N_HOST_FILE=/run/secrets/host\nN8N_PORT_FILE=\n"
    assert base(read(folder, {"n8n.env": text})) == "http://n8n.acme.com:5678"


def test_nothing_but_the_listed_variables_is_kept(folder: Path) -> None:
    text = f"N8N_ENCRYPTION_KEY={CANARY}\nN8N_HOST=a.b\nDB_PASSWORD={CANARY}\nEXECUTIONS_MODE=queue"
    found = read(folder, {"n8n.env": text})
    assert dict(found) == {"N8N_HOST": "a.b", "EXECUTIONS_MODE": "queue"}
    assert set(found) <= NAMES


# -- compose files

CADDY = """\
services:
  caddy:
    image: caddy:latest
  n8n:
    image: docker.n8n.io/n8nio/n8n
    environment:
      - N8N_HOST=${SUBDOMAIN}.${DOMAIN_NAME}
      - N8N_PORT=5678
      - N8N_PROTOCOL=https
      - WEBHOOK_URL=https://${SUBDOMAIN}.${DOMAIN_NAME}/
"""
DOTENV = "DOMAIN_NAME=acme.com\nSUBDOMAIN=n8n\n"
HEAD = "services:\n  n8n:\n    image: n8nio/n8n\n"


def compose(body: str) -> str:
    return HEAD + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"c.yml": CADDY, ".env": DOTENV}, "https://n8n.acme.com"),
        (
            {"c.yml": compose("environment:\n  WEBHOOK_URL: https://n8n.acme.com/")},
            "https://n8n.acme.com",
        ),
        (
            {"c.yml": compose("environment: {N8N_HOST: h.acme.com, N8N_PORT: 443, N8N_PROTOCOL: https}")},
            "https://h.acme.com",
        ),
        ({"c.yml": compose("environment: ['N8N_HOST=${HOST:-d.acme.com}']")}, "http://d.acme.com:5678"),
        (
            {"c.yml": compose("environment: [N8N_HOST]"), ".env": "N8N_HOST=e.acme.com"},
            "http://e.acme.com:5678",
        ),
        (
            {"c.yml": compose("environment: {N8N_HOST: }"), ".env": "N8N_HOST=e.acme.com"},
            "http://e.acme.com:5678",
        ),
        (
            {"c.yml": compose("env_file: n8n.env"), "n8n.env": "WEBHOOK_URL=https://f.acme.com"},
            "https://f.acme.com",
        ),
        (
            {
                "c.yml": compose("env_file: [a.env, ./b.env]"),
                "a.env": "N8N_HOST=a.acme.com",
                "b.env": "N8N_HOST=b.acme.com",
            },
            "http://b.acme.com:5678",
        ),
        (
            {
                "c.yml": compose("env_file: a.env\nenvironment: [N8N_HOST=own.acme.com]"),
                "a.env": "N8N_HOST=a.acme.com",
            },
            "http://own.acme.com:5678",
        ),
        (
            {
                "c.yml": compose("env_file: [{path: a.env}, {path: gone.env, required: false}]"),
                "a.env": "N8N_HOST=a.${DOMAIN_NAME}",
                ".env": DOTENV,
            },
            "http://a.acme.com:5678",
        ),
        (  # the missing file can't set what `environment` sets
            {"c.yml": compose("env_file: gone.env\nenvironment: [N8N_EDITOR_BASE_URL=https://i.com, N8N_ENDPOINT_REST=rest]")},
            "https://i.com",
        ),
        (
            {
                "c.yml": "x-env: &env\n  environment: &all\n    N8N_HOST: s.acme.com\n"
                "services:\n  n8n:\n    <<: *env\n    image: n8nio/n8n\n"
            },
            "http://s.acme.com:5678",
        ),
        (
            {
                "c.yml": "x-a: &a {N8N_HOST: a.b}\nx-b: &b {N8N_HOST: c.d, N8N_PORT: '1'}\nservices:\n"
                "  n8n:\n    image: n8nio/n8n\n    environment:\n      <<: [*a, *b]\n      N8N_PATH: /p\n"
            },
            "http://a.b:1/p",
        ),
        (
            {
                "compose.yaml": compose("environment: [N8N_HOST=base.acme.com, N8N_PORT=80]"),
                "compose.override.yaml": "services: {n8n: {environment: {N8N_HOST: o.acme.com}}}",
            },
            "http://o.acme.com",
        ),
        (
            {
                "c.yml": HEAD
                + "    environment: [N8N_HOST=main.acme.com]\n"
                + "  worker: {image: n8nio/n8n, command: worker, environment: [N8N_HOST=w]}\n"
                + "  hook: {image: n8nio/n8n, command: [webhook], environment: [N8N_HOST=h]}\n"
            },
            "http://main.acme.com:5678",
        ),
        (
            {"c.yml": "services:\n  my-n8n: {image: acme/automation, environment: [N8N_HOST=n.acme.com]}"},
            "http://n.acme.com:5678",
        ),
        (
            {"c.yml": "services: {app: {image: 'ghcr.io/acme/n8n:2', environment: [N8N_HOST=a.b]}, n8n-db: {image: postgres}}"},
            "http://a.b:5678",
        ),
        (
            {
                "c.yml": compose("env_file: [{path: a.env, format: raw}]\nenvironment: [N8N_PORT=80]"),
                "a.env": "N8N_HOST=a.acme.com",
            },
            "http://a.acme.com",
        ),
        (
            {
                "c.yml": compose("env_file: [{path: a.env, format: raw}]"),
                "a.env": "N8N_EDITOR_BASE_URL='https://$$a.acme.com'\nN8N_EDITOR_BASE_URL=\"https://a.acme.com\"\r\n",
            },
            "https://a.acme.com",
        ),
    ],
)  # fmt: skip
def test_a_compose_file(folder: Path, files: dict[str, str], expected: str) -> None:
    assert base(read(folder, files)) == expected


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"c.yml": CADDY}, "`${SUBDOMAIN}` is not set"),
        ({"c.yml": CADDY, ".env": "SUBDOMAIN=n8n\n"}, "`${DOMAIN_NAME}` is not set"),
        ({"c.yml": compose("environment: [N8N_HOST]")}, "has no value"),
        ({"c.yml": compose("environment: {N8N_HOST: null}")}, "has no value"),
        ({"c.yml": compose("environment: [N8N_PORT=5678]")}, "sets none of"),
        ({"c.yml": compose("restart: always")}, "sets none of"),
        ({"c.yml": compose("environment: ['${SITE}=y', N8N_HOST=a.b]")}, "contains another variable"),
        ({"c.yml": compose("env_file: gone.env")}, "the file `gone.env`, which it names, can't be read"),
        (
            {"c.yml": compose("env_file: [{path: a.env, format: raw}]"), "a.env": "N8N_HOST=${D:-a.b}"},
            "can't be one",
        ),
        (  # it could set N8N_ENDPOINT_REST
            {"c.yml": compose("env_file: gone.env\nenvironment: [N8N_EDITOR_BASE_URL=https://i.com]")},
            "can't be read",
        ),
        (
            {"c.yml": compose("env_file: [a.env, gone.env]"), "a.env": "N8N_HOST=a.b"},
            "can't be read",
        ),
        ({"c.yml": compose("env_file: ../../etc/passwd")}, "outside the project"),
        ({"c.yml": compose("env_file: //server/share")}, "can't be read"),
        ({"c.yml": compose("extends: {file: other.yml, service: n8n}")}, "can't be read"),
        ({"c.yml": "services: {web: {image: nginx}}"}, "no service whose image or name"),
        ({"c.yml": "services: [{type: web, name: n8n}]"}, "of a kind that sfcred can't read"),
        (
            {"c.yml": "services: {a: {image: n8nio/n8n}, b: {image: n8nio/n8n}}"},
            "several services",
        ),
        (
            {"c.yml": compose("environment: [N8N_HOST=$N8N_ENCRYPTION_KEY]"), ".env": "N8N_ENCRYPTION_KEY=canary"},
            "name could be that of a secret",
        ),
        (
            {
                "c.yml": compose("environment: ['WEBHOOK_URL=https://${SITE}/']"),
                ".env": "DB_PASSWORD=canary\nSITE=${DB_PASSWORD}\n",
            },
            "name could be that of a secret",
        ),
        ({"c.yml": compose("environment: [N8N_HOST=a.b]\nports: !!binary x")}, "not YAML"),
        ({"c.yml": "services:\n\tweb: x"}, "sfcred can read (line 2)"),
        (
            {"compose.yml": compose("environment: [N8N_HOST=a.b]"), "compose.override.yml": "a: ["},
            "its override file",
        ),
    ],
)  # fmt: skip
def test_a_compose_file_without_the_address(
    folder: Path, files: dict[str, str], reason: str
) -> None:
    found = why(_or_raised(lambda: read(folder, files)))
    assert reason in found.message
    assert "canary" not in found.message + found.hint


# What compose-go does (types/project.go, dotenv/godotenv.go, cli/options.go).
REFERS = "WEBHOOK_URL=https://n8n.${DOMAIN}"
OVERRIDE = compose("environment: [N8N_EDITOR_BASE_URL=https://o.acme.com]")
SHARED = "WEBHOOK_URL=https://n8n.acme.com"
BASE = {
    "compose.yaml": compose(f"environment: [{SHARED}]"),
    "compose.override.yaml": OVERRIDE,
}
HOST = "environment: [N8N_PORT=80]"
DEFAULT = "environment: ['WEBHOOK_URL=https://n8n.${DOMAIN:-default.com}']"
EMPTY = "WEBHOOK_URL=https://${DOMAIN}/"
IMPORTS = """services:
  n8n-import:
    image: n8nio/n8n
    entrypoint: /bin/sh
    command: ["-c", "n8n import:credentials --input=/c && n8n import:workflow --input=/w%s"]
    environment: [N8N_HOST=first.acme.com, N8N_PORT=80]
%s"""
WORKER = """services:
  w: {image: n8nio/n8n, entrypoint: [n8n, worker], environment: [WEBHOOK_URL=https://w.acme.com]}
"""
BUILT = """services:
  n8n-postgres: {image: postgres}
  n8n-worker: {build: ., command: worker}
  n8n: {environment: [N8N_HOST=built.acme.com, N8N_PORT=80], command: %s}
"""
STARTED = compose("environment: [WEBHOOK_URL=https://a.com]\ncommand: %s")
SECOND = "  n8n: {image: n8nio/n8n, environment: [N8N_HOST=second.acme.com, N8N_PORT=80]}\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                "c.yml": compose("env_file: n.env"),
                "n.env": f"DOMAIN=own.com\n{REFERS}",
                ".env": "DOMAIN=first.com",
            },
            "https://n8n.first.com",
        ),
        (
            {
                "c.yml": compose("env_file: n.env\nenvironment: {DOMAIN: inline.com}"),
                "n.env": f"DOMAIN=own.com\n{REFERS}",
            },
            "https://n8n.inline.com",
        ),
        (
            {
                "c.yml": compose("env_file: [a.env, n.env]"),
                "a.env": "DOMAIN=earlier.com",
                "n.env": REFERS,
            },
            "https://n8n.earlier.com",
        ),
        (
            {"docker-compose.yml": compose("environment: []"), "compose.override.yaml": OVERRIDE},
            "https://o.acme.com",
        ),
        (
            {
                "compose.yaml": compose(f"environment: [{SHARED}]"),
                "compose.override.yaml": OVERRIDE,
                ".env": "COMPOSE_FILE=compose.yaml",
            },
            "https://n8n.acme.com",
        ),
        ({"c.yml": compose(DEFAULT), ".env": "DOMAIN: acme.com"}, "https://n8n.acme.com"),
        ({"c.yml": compose(DEFAULT), ".env": "export DOMAIN :acme.com"}, "https://n8n.acme.com"),
        ({"c.yml": compose(DEFAULT), ".env": "A: 'x\nDOMAIN: y'"}, "https://n8n.default.com"),
        ({"c.yml": compose(DEFAULT), ".env": "A=x:y\nDOMAIN='acme.com'"}, "https://n8n.acme.com"),
        (
            {"c.yml": compose("env_file: n.env"), "n.env": "WEBHOOK_URL: https://n8n.acme.com"},
            "https://n8n.acme.com",
        ),
        ({"c.yml": IMPORTS % ("", SECOND)}, "http://second.acme.com"),
        ({"c.yml": IMPORTS % (" && n8n start", "")}, "http://first.acme.com"),
        ({"c.yml": WORKER + SECOND}, "http://second.acme.com"),
        ({"c.yml": IMPORTS % ("; exec n8n", "")}, "http://first.acme.com"),
        ({"c.yml": BUILT % "start, build: ."}, "http://built.acme.com"),
        ({"c.yml": BUILT.replace(", command: worker", "") % "[]"}, "http://built.acme.com"),
        ({"c.yml": STARTED % "sh -c 'MY_WEBHOOK_URL=x n8n start'"}, "https://a.com"),
        (
            {"c.yml": STARTED.replace("WEBHOOK", "N8N_EDITOR_BASE") % "start --tunnel"},
            "https://a.com",
        ),
        # Compose merges an override only into the files that it finds itself.
        (
            {"c.yml": compose(f"environment: [{SHARED}]"), "compose.override.yaml": OVERRIDE},
            "https://n8n.acme.com",
        ),
    ],
)
def test_what_the_reference_does_not_tell(
    folder: Path, files: dict[str, str], expected: str
) -> None:
    assert base(read(folder, files)) == expected


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (
            {
                "c.yml": compose(f"environment: [{SHARED}]"),
                ".env": "COMPOSE_FILE=c.yml:production.yml",
            },
            "sets COMPOSE_FILE",
        ),
        (BASE | {".env": "COMPOSE_FILE=compose.yaml;compose.production.yaml"}, "sets COMPOSE_FILE"),
        (BASE | {".env": "COMPOSE_FILE: compose.yaml:p.yaml"}, "sets COMPOSE_FILE"),
        (BASE | {".env": "COMPOSE_FILE=compose.yaml:compose.${STAGE}.yaml"}, "${STAGE}"),
        (BASE | {".env": "COMPOSE_FILE=$X"}, "could be that of a secret"),
        (BASE | {".env": "COMPOSE_FILE compose.yaml:p.yaml"}, "NAME=value"),
        (BASE | {".env": "COMPOSE_FILE='compose.yaml"}, "NAME=value"),
        (
            {"c.yml": compose("env_file: [{path: ~/out.env, required: false}]\n" + HOST)},
            "outside the project",
        ),
        ({"c.yml": compose(DEFAULT), ".env": "DOMAIN acme.com"}, "NAME=value"),
        ({"c.yml": compose(DEFAULT), ".env": 'A="b" DOMAIN=acme.com'}, "NAME=value"),
        (
            {"c.yml": compose("env_file: n.env\nenvironment: {DOMAIN: ''}"), "n.env": EMPTY},
            "can't be one: WEBHOOK_URL is set",
        ),
        ({"c.yml": compose("environment: ['WEBHOOK_URL =https://n8n.acme.com']")}, "with a space"),
        (
            {
                "c.yml": compose("env_file: [gone.env, n.env]"),
                "n.env": "WEBHOOK_URL=https://${DOMAIN:-n8n.acme.com}",
            },
            "can't be read",
        ),
        ({"c.yml": IMPORTS % (" && n8n start", SECOND)}, "several services"),
        ({"c.yml": f"{WORKER}  n8n: {{build: .}}\n"}, "only workers"),
        ({"c.yml": BUILT % "worker, build: ."}, "only workers"),
        ({"c.yml": compose(DEFAULT), ".env": "<<<<<<< HEAD\nDOMAIN=a.b\n"}, "merge conflict"),
        ({"c.yml": CADDY, ".env": "DOMAIN_NAME= # yours\nSUBDOMAIN=n8n"}, "in place of a value"),
        ({"c.yml": STARTED % "start --tunnel"}, "--tunnel"),
        ({"c.yml": STARTED % "sh -c 'WEBHOOK_URL=https://b.com n8n'"}, "the command that starts"),
        ({"c.yml": STARTED % '["sh", "-c", "export WEBHOOK_URL=$X; n8n start"]'}, "the command"),
    ],
)
def test_what_only_compose_could_tell(folder: Path, files: dict[str, str], reason: str) -> None:
    assert reason in why(read(folder, files)).message


BUILDS = "services: {n8n: {build: %s, environment: [N8N_PORT=80%s]}}"
LAST = "FROM n8nio/n8n AS base\nENV N8N_HOST=a.com\nFROM base\nENV N8N_PATH=/x\n"


@pytest.mark.parametrize(
    ("build", "more", "name", "text", "expected"),
    [
        (".", "", "Dockerfile", "FROM n8nio/n8n\nENV N8N_HOST=a.com\n", "http://a.com"),
        (".", "", "Dockerfile", 'FROM n8nio/n8n\nENV A=b N8N_HOST="a.com" C=d\n', "http://a.com"),
        (".", "", "Dockerfile", "FROM n8nio/n8n\nenv N8N_HOST a.com\n", "http://a.com"),
        (".", "", "Dockerfile", "FROM n8nio/n8n\nENV A=b \\\n  N8N_HOST=a.com\n", "http://a.com"),
        (".", ", N8N_HOST=b.com", "Dockerfile", "ENV N8N_HOST=a.com", "http://b.com"),
        (".", ", N8N_HOST=b.com", "Dockerfile", "ENV N8N_PATH=/x", "http://b.com/x"),
        (".", "", "Dockerfile", LAST, "http://a.com/x"),
        ("{context: ., target: base}", "", "Dockerfile", LAST, "http://a.com"),
        ("{context: ., target: Base}", "", "Dockerfile", LAST, "http://a.com"),
        (".", "", "Dockerfile", LAST.replace("FROM base", "FROM n8nio/n8n"), None),
        ("{context: d, dockerfile: n.df}", "", "d/n.df", "ENV N8N_HOST=a.com", "http://a.com"),
        ("{dockerfile_inline: 'ENV N8N_HOST=a.com'}", "", "x", "", "http://a.com"),
        ("{context: 'https://github.com/x/y.git'}", ", N8N_HOST=b.com", "x", "", "http://b.com"),
        (".", "", "Dockerfile", "ARG HOST\nENV N8N_HOST=$HOST", None),
        (".", ", N8N_HOST=b.com", "Dockerfile", "ENV WEBHOOK_URL=https://$HOST", None),
        (".", ", N8N_HOST=b.com", "Dockerfile", 'CMD ["n8n", "start", "--tunnel"]', None),
        (".", ", N8N_HOST=b.com", "Dockerfile", "CMD WEBHOOK_URL=https://$X n8n", None),
        (".", ", N8N_HOST=b.com], command: [n8n", "Dockerfile", "CMD n8n --tunnel", "http://b.com"),
    ],
)  # fmt: skip
def test_the_image_that_a_compose_file_builds(
    folder: Path, build: str, more: str, name: str, text: str, expected: str | None
) -> None:
    (folder / "d").mkdir()
    found = read(folder, {"c.yml": BUILDS % (build, more), name: text})
    if expected is None:
        why(found)
    else:
        assert base(found) == expected


@pytest.mark.timed
@pytest.mark.parametrize(
    "part", ["a", 'A="', "A='", "\\\n#\n", "\\ ", "FROM a AS b\nENV A=b\n", "-- "]
)
def test_no_dockerfile_keeps_it_busy(folder: Path, part: str) -> None:
    files = {
        "c.yml": BUILDS % (".", ", N8N_HOST=a.b"),
        "Dockerfile": f"ENV {part * 60_000}"[:60_000],
    }
    start = time.monotonic()
    read(folder, files)
    assert time.monotonic() - start < 2


GIVES_MORE = compose("environment: [N8N_HOST, N8N_PROTOCOL=https, N8N_PORT=443]")


@pytest.mark.parametrize(
    ("name", "text", "gives"),
    [
        (".env", GIVES_MORE, "another address"),
        (".env", compose("environment: [N8N_PORT=5678]"), "no address"),
        (".env", compose("environment: ['WEBHOOK_URL=https://$N8N_HOST/']"), "another address"),
        (
            "n8n.env",
            compose("env_file: ./n8n.env\nenvironment: [N8N_PROTOCOL=https]"),
            "another address",
        ),
    ],
)
def test_a_file_that_is_only_a_part_of_the_environment(
    folder: Path, name: str, text: str, gives: str
) -> None:
    files = {f"deploy/{name}": "N8N_HOST=n8n.acme.com\n", "deploy/docker-compose.yml": text}
    found = why(read(folder, files))
    assert f"deploy/docker-compose.yml next to it gives n8n {gives}" in found.message
    assert "Name deploy/docker-compose.yml" in found.hint


def test_a_file_that_is_only_a_part_of_an_environment_that_is_not_known(folder: Path) -> None:
    text = compose("environment: ['WEBHOOK_URL=https://$GONE_HOST/']")
    files = {"deploy/.env": "N8N_HOST=n8n.acme.com\n", "deploy/docker-compose.yml": text}
    found = why(read(folder, files))
    assert "deploy/docker-compose.yml: `${GONE_HOST}` is not set" in found.message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".env", compose("env_file: .env")),
        (".env", compose("environment: [N8N_HOST]")),
        (".env", compose("environment: ['WEBHOOK_URL=http://$N8N_HOST:5678/']")),
        (".env", compose("env_file: gone.env")),
        (".env", "services: {web: {image: nginx}}"),
        (".env", "services: ["),
        (".env", "services: {a: {image: n8nio/n8n}, b: {image: n8nio/n8n}}"),
        ("n8n.env", GIVES_MORE),
        ("n8n.env", compose("env_file: n8n.env")),
    ],
)
def test_a_file_that_is_all_of_the_environment(folder: Path, name: str, text: str) -> None:
    files = {f"deploy/{name}": "N8N_HOST=n8n.acme.com\n", "deploy/docker-compose.yml": text}
    assert base(read(folder, files)) == "http://n8n.acme.com:5678"


def test_n8n_s_service_can_be_named(folder: Path) -> None:
    text = "services: {a: {image: x, environment: [N8N_HOST=a.a]}, b: {image: n8nio/n8n}}"
    assert base(read(folder, {"c.yml": text}, "a")) == "http://a.a:5678"
    assert "n8n.env_service" in why(read(folder, {"c.yml": text}, "gone")).message


def test_a_dotenv_link_that_leads_outside_is_not_read(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside.env"
    outside.write_text(DOTENV, encoding="utf-8")
    (folder / ".env").symlink_to(outside)
    assert "outside the project" in why(read(folder, {"c.yml": CADDY})).message


# -- Kubernetes manifests

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: n8n}
spec:
  template:
    spec:
      containers:
        - name: main
          image: n8nio/n8n:2.40.5
"""
CONFIG = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: n8n-config}
data:
  N8N_PROTOCOL: https
  N8N_HOST: n8n.acme.com
  N8N_PORT: "443"
"""
SECRET = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {%s: canary}\n"


def deployment(body: str) -> str:
    return DEPLOYMENT + "".join(f"          {line}\n" for line in body.splitlines())


FROM_MAP = "envFrom: [{configMapRef: {name: n8n-config}}]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (deployment("env: [{name: WEBHOOK_URL, value: 'https://k.acme.com/'}]"), "https://k.acme.com"),
        (deployment(FROM_MAP) + CONFIG, "https://n8n.acme.com"),
        (CONFIG.removeprefix("---\n"), "https://n8n.acme.com"),
        (
            deployment(FROM_MAP + "\nenv: [{name: N8N_HOST, value: own.acme.com}]") + CONFIG,
            "https://own.acme.com",
        ),
        (
            deployment("env: [{name: N8N_HOST, valueFrom: {configMapKeyRef: {name: n8n-config, key: N8N_HOST}}}]")
            + CONFIG,
            "http://n8n.acme.com:5678",
        ),
        (
            deployment(
                "env:\n- {name: N8N_HOST, value: k.acme.com}\n"
                "- {name: N8N_EDITOR_BASE_URL, value: 'https://$(N8N_HOST)/'}"
            ),
            "https://k.acme.com",
        ),
        (deployment("envFrom: [{secretRef: {name: s}}]\nenv: [{name: N8N_HOST, value: a.b}]")
         + SECRET % "N8N_ENCRYPTION_KEY", "http://a.b:5678"),
        (
            """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: n8n}
  spec:
    containers: [{name: x, image: nginx}, {name: n, image: n8nio/n8n, env: [{name: N8N_HOST, value: p.q}]}]
""",
            "http://p.q:5678",
        ),
        (
            deployment("env: [{name: N8N_HOST, value: main.acme.com}]") + "---\n"
            + deployment("args: [worker]\nenv: [{name: N8N_HOST, value: w}]").replace("name: n8n}", "name: w}"),
            "http://main.acme.com:5678",
        ),
        *(
            (
                deployment(FROM_MAP).replace("name: n8n}", "name: n8n, namespace: n8n}") + first + second,
                "https://n8n.acme.com",
            )
            for first, second in itertools.permutations(
                [
                    CONFIG.replace("name: n8n-config}", "name: n8n-config, namespace: n8n}"),
                    CONFIG.replace("n8n.acme.com", "of-any-namespace.acme.com"),
                ]
            )
        ),
    ],
)  # fmt: skip
def test_kubernetes_manifests(folder: Path, text: str, expected: str) -> None:
    assert base(read(folder, {"n8n.yaml": text})) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (deployment(FROM_MAP), "is not in this file"),
        (deployment("env: []"), "sets none of"),
        (deployment("envFrom: [{secretRef: {name: gone}}]\nenv: [{name: N8N_HOST, value: a.b}]"), "is not in this file"),
        (deployment("envFrom: [{secretRef: {name: s}}]") + SECRET % "N8N_HOST", "comes from a Secret"),
        (deployment("env: [{name: N8N_HOST, valueFrom: {secretKeyRef: {name: s, key: h}}}]"), "comes from a Secret"),
        (
            deployment("env: [{name: P, value: canary}, {name: N8N_HOST, value: $(P).acme.com}]"),
            "refers to another variable",
        ),
        (deployment("env: [{name: N8N_HOST, value: $(GONE_HOST).acme.com}]"), "can't be one"),
        (
            deployment("env: [{name: N8N_HOST, value: a.b}]\nargs: [start, --tunnel]"),
            "--tunnel",
        ),
        (SECRET.removeprefix("---\n") % "N8N_HOST", "no Deployment and no ConfigMap"),
        (deployment("env: []").replace("n8nio/n8n", "nginx"), "no container that could be n8n's"),
        (deployment("env: []") + "---\n" + deployment("env: []"), "several containers"),
        ("main: {config: {n8n: {host: n8n.acme.com}}}\nimage: {repository: n8nio/n8n}\n", "of a kind"),
        ("[]\n", "of a kind"),
    ],
)  # fmt: skip
def test_kubernetes_manifests_without_the_address(folder: Path, text: str, reason: str) -> None:
    found = why(_or_raised(lambda: read(folder, {"n8n.yaml": text})))
    assert reason in found.message
    assert "canary" not in found.message + found.hint


# What people deploy n8n with: values of the charts of 8gears and of community-charts, Helmfile,
# Flux, Argo CD, Kustomize, and a chart's template.
CHARTS = [
    "main: {config: {n8n: {editor_base_url: https://n8n.acme.com}}, secret: {n8n: {encryption_key: canary}}}",
    "main: {editorBaseUrl: https://n8n.acme.com}\nexternalPostgresql: {password: canary}",
    "releases: [{name: n8n, chart: n8n/n8n, values: [{main: {config: {host: n8n.acme.com}}}]}]",
    "apiVersion: v2\nkind: HelmRelease\nspec: {values: {main: {editorBaseUrl: https://n8n.acme.com}}}",
    "apiVersion: v1\nkind: Application\nspec: {source: {helm: {values: 'encryptionKey: canary'}}}",
    "apiVersion: v1\nkind: Kustomization\nconfigMapGenerator: [{name: n8n, literals: [N8N_HOST=n.com]}]",
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include "n8n.fullname" . }}\n',
]


@pytest.mark.parametrize("text", CHARTS)
def test_what_only_helm_or_kustomize_can_expand_is_no_address(folder: Path, text: str) -> None:
    found = why(_or_raised(lambda: read(folder, {"values.yaml": text})))
    assert "helm template" in found.hint
    assert "canary" not in found.message + found.hint


def _or_raised(reading: Callable[[], Environment]) -> Environment:
    """Return an environment that raises what reading raises."""
    try:
        return reading()
    except NotKnown as error:
        return Environment("x", {}, Unknown(error.message, error.hint))


def test_a_container_can_be_named(folder: Path) -> None:
    two = deployment("env: [{name: N8N_HOST, value: a.b}]").replace("name: main", "name: other")
    text = deployment("env: [{name: N8N_HOST, value: c.d}]") + "---\n" + two
    assert base(read(folder, {"n8n.yaml": text}, "other")) == "http://a.b:5678"
    renamed = text.replace("metadata: {name: n8n}", "metadata: {name: second}", 1)
    assert base(read(folder, {"n8n.yaml": renamed}, "second")) == "http://c.d:5678"


@pytest.mark.parametrize(
    "name",
    ["fly.toml", "n8n.service", "main.tf", "task.json", "prod.tfvars", "n8n.nix", "ecosystem.config.js",
     "start.ps1", "start.BAT", "n8n.env.j2", "Dockerfile", "n8n.Dockerfile", "Procfile"],
)  # fmt: skip
def test_other_kinds_of_files_are_named_as_such(folder: Path, name: str) -> None:
    (folder / name).write_text("N8N_HOST=n8n.acme.com\n", encoding="utf-8")
    with pytest.raises(NotKnown, match="of a kind that sfcred can't read") as caught:
        environment(folder, name)
    assert "helm template" in caught.value.hint


def test_many_environment_files_are_not_read(folder: Path) -> None:
    files = {f"{number}.env": "N8N_HOST=a.b\n" for number in range(20)}
    text = compose(f"env_file: [{', '.join(files)}]")
    assert base(read(folder, {"c.yml": text, **files})) == "http://a.b:5678"
    more = compose(f"env_file: [{', '.join([*files, '20.env'])}]")
    assert "more than 20" in why(read(folder, {"c.yml": more})).message


def test_a_file_is_read_once_in_a_run(folder: Path) -> None:
    (folder / "n8n.env").write_text("N8N_HOST=a.b\n", encoding="utf-8")
    values = Values(Context(project=folder, now=datetime.now(UTC), environ={}))
    name = folder / "n8n.env"
    first = read_environment(name, "n8n.env", None, folder, values)
    assert read_environment(name, "n8n.env", None, folder, values) is first
    (folder / "x.toml").write_text("", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(NotKnown, match="of a kind"):
            read_environment(folder / "x.toml", "x.toml", None, folder, values)


# -- what the commands make of it

_SPEC = """\
n8n: {{url: {url}, env_file: deploy/{file}, version: "2.40.5"}}
app: {{callback_urls: {callbacks}, type: connected_app}}
"""


def _written(project: Project, url: str, file: str, callbacks: str = "null") -> Path:
    return project.credential(_SPEC.format(url=url, file=file, callbacks=callbacks), "oauth2")


UNKNOWN = {".env": DOTENV, "n8n.env": "N8N_HOST=n8n.${DOMAIN}\n", "docker-compose.yml": CADDY}


@pytest.mark.parametrize("file", UNKNOWN)
def test_app_writes_no_guess(project: Project, run: Run, file: str) -> None:
    project.material(f"deploy/{file}", f"text:{UNKNOWN[file]}")
    spec = _written(project, "null", file)
    done = run("app", spec, "-o", "out", "--no-check")
    assert done.status == 1, done
    assert "n8n's callback URL is unknown" in done.err
    assert not list(Path().rglob("*-meta.xml"))


@pytest.mark.parametrize("file", UNKNOWN)
def test_n8n_url_counts_where_the_file_does_not_tell(project: Project, run: Run, file: str) -> None:
    project.material(f"deploy/{file}", f"text:{UNKNOWN[file]}")
    spec = _written(project, "https://n8n.acme.com", file, f"['https://n8n.acme.com{END}']")
    done = run("doctor", spec, "--ignore", "SFC604")
    assert " error " not in done.out
    assert "SFC306 for acme-crm: n8n's environment file" in done.out
    assert f"https://n8n.acme.com{END}" in run("resolve", spec).out


def test_a_compose_file_is_compared_with_n8n_url(project: Project, run: Run) -> None:
    project.material("deploy/docker-compose.yml", f"text:{CADDY}")
    project.material("deploy/.env", f"text:{DOTENV}")
    callbacks = f"['https://n8n.acme.com{END}']"
    right = _written(project, "https://n8n.acme.com", "docker-compose.yml", callbacks)
    assert run("doctor", right, "--ignore", "SFC604").status == 0
    wrong = _written(project, "https://flows.acme.com", "docker-compose.yml", callbacks)
    done = run("doctor", wrong)
    assert "SFC306" in done.out
    assert "has no dot" not in done.out


@pytest.mark.parametrize(
    ("address", "is_near"),
    [("http://nas:5678", True), ("http://n8n:5678/", True), ("http://localhost:1", False), ("http://[::1]:1", False)],
)  # fmt: skip
def test_a_host_without_a_dot_is_told_without_its_name(
    project: Project, run: Run, address: str, is_near: bool
) -> None:
    project.material("n8n.env", f"text:WEBHOOK_URL={address}\n")
    spec = project.credential("n8n: {env_file: n8n.env}\n")
    done = run("doctor", spec, "--select", "SFC306")
    assert done.status == 1
    assert ("Its host has no dot" in done.out) is is_near
    assert "nas" not in done.out


@pytest.mark.timed
@pytest.mark.parametrize(
    "text",
    [
        "A=aaaaaaaaaa\n" + "".join(f"B{n}=${{A}}${{B{n - 1}:-}}\n" for n in range(1, 2500)),
        "A=a\n" + "A=$A$A\n" * 5000,
        "N8N_HOST=" + "${A:-" * 8000 + "\n",
        "N8N_HOST=" + "${A:-x}" * 9000 + "\n",
        "N8N_HOST=" + "$" * 60_000 + "\n",
        "A=" + "ab0.-/" * 5000 + "\n" + "B=$A\n" * 6000,
        "A=" + "a.b" * 200 + "\n" + "B=$A\n" * 12_000,
        "A_HOST=" + "x" * 600 + "\n" + "B=$A_HOST\n" * 6000,
        "A_HOST=" + "a.b" * 10 + "\n" + "B=$A_HOST\n" * 6000,
    ],
)
def test_no_file_keeps_it_busy(folder: Path, text: str) -> None:
    start = time.monotonic()
    why(_or_raised(lambda: read(folder, {"n8n.env": text})))
    assert time.monotonic() - start < 8  # a fraction of that, where nothing else runs


@pytest.mark.timed
@pytest.mark.parametrize("length", [24, 490])
def test_references_of_kubernetes_don_t_grow_without_end(folder: Path, length: int) -> None:
    doubled = "{name: N8N_HOST, value: '$(N8N_HOST)$(N8N_HOST)'}"
    first = "{name: N8N_HOST, value: a}"
    text = deployment("env:\n" + "".join(f"- {one}\n" for one in [first, *[doubled] * length]))
    start = time.monotonic()
    assert "n8n.yaml" in why(read(folder, {"n8n.yaml": text})).message
    assert time.monotonic() - start < 3


@pytest.mark.timed
def test_the_files_that_a_compose_file_names_have_a_limit_together(folder: Path) -> None:
    files = {f"{number}.env": "A=\n" * 21_000 for number in range(5)}
    text = compose(f"env_file: [{', '.join(files)}]")
    start = time.monotonic()
    assert "more than 128 KB in total" in why(read(folder, {"c.yml": text, **files})).message
    assert time.monotonic() - start < 10


def test_namespaces_are_told_apart(folder: Path) -> None:
    def of(namespace: str) -> str:
        config = CONFIG.replace("n8n.acme.com", f"{namespace}.acme.com")
        return config.replace("name: n8n-config", f"name: n8n-config, namespace: {namespace}")

    main = deployment(FROM_MAP).replace(
        "metadata: {name: n8n}", "metadata: {name: n8n, namespace: prod}"
    )
    assert "namespace: prod" in main
    both = main + of("prod") + of("uat")
    assert base(read(folder, {"n8n.yaml": both})) == "https://prod.acme.com"
    assert "is not in this file" in why(read(folder, {"n8n.yaml": main + of("uat")})).message
    assert base(read(folder, {"n8n.yaml": main + CONFIG})) == "https://n8n.acme.com"


def test_what_the_cluster_sets_is_no_secret(folder: Path) -> None:
    field = "{name: N8N_HOST, valueFrom: {fieldRef: {fieldPath: status.podIP}}}"
    found = why(read(folder, {"n8n.yaml": deployment(f"env: [{field}]")}))
    assert "comes from the cluster" in found.message


def test_a_lone_worker_is_not_several_services(folder: Path) -> None:
    text = "services: {w: {image: n8nio/n8n, command: worker, environment: [N8N_HOST=a.b]}}\n"
    assert "only workers" in why(read(folder, {"c.yml": text})).message


@pytest.mark.parametrize(
    "name",
    ["GH_PAT", "DB_PHRASE", "WIFI_PSK", "ADMIN_PIN", "BEARER", "SEED", "CONFIRMATION_CODE", "X"],
)
def test_only_a_variable_that_is_called_like_a_part_of_an_address_is_shown(
    folder: Path, name: str
) -> None:
    text = compose(f"environment: ['N8N_HOST=${{{name}}}.example.com']")
    files = {"c.yml": text, ".env": f"{name}=abcd1234efgh\n"}
    reason = why(read(folder, files)).message
    assert "could be that of a secret" in reason
    assert "abcd1234" not in reason
