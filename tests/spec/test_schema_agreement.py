"""The models and the published JSON Schema refuse the same input."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.cli.schemas import NAMES, schema
from sfcred.secrets import all_providers
from sfcred.spec.load import SpecFile
from sfcred.spec.reader import parse

SCHEMA = schema("credential")


def _ecma_pattern(
    _validator: Any, pattern: str, instance: Any, _schema: Any
) -> Iterator[jsonschema.ValidationError]:
    """Return the pattern for ECMA-262, which editors use: `$` is the very end, not before a line end."""
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield jsonschema.ValidationError("pattern")


_EcmaValidator = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, {"pattern": _ecma_pattern}
)
VALIDATOR = _EcmaValidator(SCHEMA)

FULL: dict[str, Any] = {
    "version": 1,
    "name": "acme-crm",
    "description": "x",
    "environment": "sandbox",
    "my_domain": "https://acme.my.salesforce.com",
    "flow": "jwt",
    "client_id": {"env": "A"},
    "oauth2": {"client_secret": {"env": "A"}, "refresh_token": {"file": "x"}},
    "jwt": {"username": "a@b.c", "private_key": {"dotenv": "A"}, "certificate": "x"},
    "app": {
        "type": "external_client_app", "label": "n8n", "contact_email": "a@b.c",
        "scopes": ["api"], "callback_urls": ["https://x"], "pre_authorized": True,
        "permission_sets": ["x"], "pkce_required": True,
        "refresh_token_policy": {"lifetime": "30d"}, "refresh_token_rotation": False,
        "ip_relaxation": "enforce", "org_id": "00D000000000001EAA",
    },
    "n8n": {
        "deployment": "cloud", "url": "https://x", "env_file": "x", "version": "2.40.5",
        "id": "a", "name": "Acme",
    },
    "doctor": {"ignore": {"SFC206": "why"}},
    "profiles": {"uat": {"environment": "sandbox", "jwt": None}},
}  # fmt: skip

VALUES: list[Any] = [
    None, "", "x", "yes", 0, 1, 1.0, 2.4, True, False, [], ["x"], [""], [1], {}, {"env": "A"},
    {"env": ""}, {"env": "a b"}, {"env": "A\n"}, {"env": 1}, {"vault": "x"}, {"env": "A", "file": "b"},
    {"n8n": "$secrets.a.b"}, {"n8n": "secrets"}, "infinite", "zero", {"lifetime": "30d"},
    {"lifetime": "0d"}, {"lifetime": "30d", "inactivity": "1d"}, {"inactivity": "1 d"},
    {"SFC206": "x"}, {"SFC20": "x"}, {"SFC206": ""}, {"a": {}}, {"A b": {}}, "2.40", "2.40.5\n",
    "latest", "00D000000000001", "00D", "a@b", "a b@c", "production", "oauth2", "auto", "-x",
]  # fmt: skip


def routes(data: Any, route: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [route] if route else []
    if isinstance(data, dict):
        for key, value in data.items():
            found += routes(value, (*route, key))
    return found


def model_takes(data: Any) -> bool:
    source = parse(json.dumps(data).encode(), Path("x"), "x")
    assert not source.faults, source.faults
    return all(not declaration.errors for declaration in SpecFile(source).declarations)


def agree(data: Any) -> None:
    assert model_takes(data) == VALIDATOR.is_valid(data), data


def test_the_schema_is_one_and_takes_the_full_spec() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    agree(FULL)
    assert model_takes(FULL)


@pytest.mark.parametrize("route", routes(FULL), ids=str)
def test_each_field_with_each_value(route: tuple[Any, ...]) -> None:
    for value in VALUES:
        data = copy.deepcopy(FULL)
        parent = data
        for step in route[:-1]:
            parent = parent[step]
        parent[route[-1]] = value
        agree(data)


@pytest.mark.parametrize("route", routes(FULL), ids=str)
def test_each_field_missing_misspelt_and_surplus(route: tuple[Any, ...]) -> None:
    data = copy.deepcopy(FULL)
    parent = data
    for step in route[:-1]:
        parent = parent[step]
    value = parent.pop(route[-1])
    agree(data)
    parent[f"{route[-1]}x"] = value
    agree(data)


@given(
    base=st.sampled_from([{}, {"environment": "sandbox"}, {"environment": None}]),
    profiles=st.dictionaries(
        st.sampled_from(["a", "b"]),
        st.sampled_from([{}, {"environment": "sandbox"}, {"environment": None}]),
    ),
)
def test_what_each_credential_needs(base: dict[str, Any], profiles: dict[str, Any]) -> None:
    data = {"version": 1, "name": "x", "client_id": "x", **base}
    agree(data)
    agree({**data, "profiles": profiles})


def _patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (v for k, v in schema.items() if k == "pattern" and isinstance(v, str))
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _patterns(part)


@pytest.mark.parametrize("name", NAMES)
def test_patterns_are_strict_ecma_262(name: str) -> None:
    # With its `u` flag, ECMA-262 allows no other escapes. Editors and check-jsonschema use that flag.
    for pattern in _patterns(schema(name)):
        assert set(re.findall(r"\\(.)", pattern)) <= set("^$\\.*+?()[]{}|/dDwWsSbBnrt"), pattern


def test_every_field_is_described_with_an_example() -> None:
    definitions: Any = [SCHEMA, *SCHEMA["$defs"].values()]  # type: ignore[attr-defined]
    for definition in definitions:
        for name, field in definition["properties"].items():
            assert field.get("description"), name
            assert field.get("examples"), name


def test_every_provider_s_example_is_a_reference() -> None:
    for provider in all_providers().values():
        assert model_takes({**FULL, "client_id": {provider.key: provider.example}})
