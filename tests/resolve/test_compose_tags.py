"""Compose's tags `!reset` and `!override`, as `docker compose config` 2.40.3 resolved the same files."""

from pathlib import Path

import pytest

from tests.resolve.test_compose_services import FILE, address, service

OVER = "deploy/compose.override.yml"
HOST, URL = "N8N_HOST: a.com", "WEBHOOK_URL: https://b.com/"
MAPPING = service("n8n", "image: n8nio/n8n", f"environment: {{{HOST}, {URL}}}")
LIST = service(
    "n8n", "image: n8nio/n8n", "environment: [N8N_HOST=a.com, 'WEBHOOK_URL=https://b.com/']"
)
FILES = {
    "deploy/x.env": "N8N_HOST=x.com\nN8N_PROTOCOL=https\nN8N_PORT=443\n",
    "deploy/y.env": "N8N_HOST=y.com\nN8N_PORT=80\n",
}
BY_FILE = service("n8n", "image: n8nio/n8n", "env_file: x.env")
NONE = "sets none of"


def over(*fields: str) -> str:
    return service("n8n", *fields)


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        (MAPPING, over("environment: !reset null"), NONE),
        (MAPPING, over("environment: !reset"), NONE),
        (MAPPING, over("environment: !override {N8N_HOST: c.com, N8N_PORT: 80}"), "http://c.com"),
        (MAPPING, over("environment: !override [N8N_HOST=c.com, N8N_PORT=80]"), "http://c.com"),
        (MAPPING, over("environment: {WEBHOOK_URL: !reset null, N8N_PORT: 80}"), "http://a.com"),
        (LIST, over("environment: {WEBHOOK_URL: !reset null, N8N_PORT: 80}"), "takes a variable of"),
        (MAPPING, over("environment: {WEBHOOK_URL: !override 'https://d.com'}"), "https://d.com"),
        (MAPPING, over("ports: !override ['1:1']", "volumes: !reset []"), "https://b.com"),
        (MAPPING, "services:\n  n8n: !override\n    image: n8nio/n8n\n", NONE),
        (MAPPING, "services:\n  n8n: !override {image: n8nio/n8n, environment: {N8N_HOST: !reset c.com}}\n", "http://c.com:5678"),
        (MAPPING, "services:\n  n8n: !reset null\n  b: {image: n8nio/n8n, environment: {N8N_HOST: c.com}}\n", "http://c.com:5678"),
        (MAPPING, "services: !override\n  b: {image: n8nio/n8n, environment: {N8N_HOST: c.com}}\n", "http://c.com:5678"),
        (MAPPING, "services:\n  b: !reset {image: n8nio/n8n}\n", "https://b.com"),
        (BY_FILE, over("env_file: !override [y.env]"), "http://y.com"),
        (BY_FILE, over("env_file: !reset []"), NONE),
        (BY_FILE, over("env_file: [!override y.env]"), "https://y.com:80"),
        (BY_FILE, over("env_file: [!reset x.env]"), "https://x.com"),
        (MAPPING, over("image: !reset null", "build: ."), "https://b.com"),
        (MAPPING + "---\n" + over("environment: !reset {}"), "services: {b: {image: b}}\n", NONE),
        (MAPPING, "x-e: &e !override {N8N_HOST: c.com}\n" + over("environment: *e"), "http://c.com:5678"),
        (MAPPING, over("environment: !override", "  WEBHOOK_URL: https://e.com"), "https://e.com"),
    ],
)  # fmt: skip
def test_over_a_lower_file(below: str, above: str, expected: str, tmp_path: Path) -> None:
    assert expected in address(tmp_path, {**FILES, FILE: below, OVER: above})


BASE = (
    "services:\n  base:\n    image: n8nio/base\n    environment: {N8N_HOST: a.com, N8N_PORT: 80}\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (over("image: n8nio/n8n", "environment: !reset {N8N_HOST: a.com}"), NONE),
        (over("image: n8nio/n8n", "environment: {N8N_HOST: !reset a.com, WEBHOOK_URL: 'https://b.com'}"), "https://b.com"),
        (over("image: n8nio/n8n", "environment: [!reset WEBHOOK_URL=https://b.com, N8N_HOST=a.com]"), "http://a.com:5678"),
        (over("image: n8nio/n8n", "environment: {N8N_HOST: a.com}", "env_file: []"), "http://a.com:5678"),
        (over("image: n8nio/n8n", "environment: {N8N_HOST: !own a.com}"), "http://a.com:5678"),
        (over("image: n8nio/n8n", "environment: !own {N8N_HOST: a.com}"), "http://a.com:5678"),
        ("!override\n" + over("image: n8nio/n8n", "environment: {N8N_HOST: a.com}"), "http://a.com:5678"),
        (BASE + "  n8n: {image: n8nio/n8n, extends: base, environment: !override {N8N_HOST: c.com}}\n", "http://c.com:5678"),
        (BASE + "  n8n: {image: n8nio/n8n, extends: base, environment: {N8N_PORT: !reset 1}}\n", "http://a.com:5678"),
        (BASE + "  n8n: !override {image: n8nio/n8n, extends: base}\n", "http://a.com"),
    ],
)  # fmt: skip
def test_in_one_file(text: str, expected: str, tmp_path: Path) -> None:
    assert expected in address(tmp_path, {**FILES, FILE: text})


def test_a_base_takes_nothing_away_from_a_lower_file(tmp_path: Path) -> None:
    """The tags of a service that is extended are about that service."""
    above = "services:\n  base: {image: x, environment: !override {N8N_PROTOCOL: https}}\n  n8n: {extends: base}\n"
    below = service("n8n", "image: n8nio/n8n", "environment: {N8N_HOST: a.com, N8N_PORT: 443}")
    assert address(tmp_path, {FILE: below, OVER: above}) == "https://a.com"


def test_an_included_file(tmp_path: Path) -> None:
    included = service(
        "n8n",
        "image: n8nio/n8n",
        "env_file: !override [x.env]",
        "environment: !reset {N8N_HOST: a.com}",
    )
    files = {FILE: "include: [b.yml]\nservices: {z: {image: z}}\n", "deploy/b.yml": included}
    assert address(tmp_path, {**FILES, **files}) == "https://x.com"


def test_an_extended_file(tmp_path: Path) -> None:
    n8n = "services: {n8n: {extends: {service: base, file: b.yml}, image: n8nio/n8n, env_file: !reset []}}\n"
    base = service("base", "env_file: y.env", "environment: {N8N_HOST: a.com}")
    assert address(tmp_path, {**FILES, FILE: n8n, "deploy/b.yml": base}) == "http://a.com:5678"
