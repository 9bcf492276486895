"""Expressions: what n8n would evaluate, and how a text stays literal."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.n8n.expression import is_expression, is_secret_locator, literal, secret_expression


@pytest.mark.parametrize(
    ("value", "rendered"),
    [
        ("abc", "abc"),
        ("", ""),
        ("a=b", "a=b"),
        (" =abc", " =abc"),
        ("{{ 1 }}", "{{ 1 }}"),
        ("=", r'={{ "\u003d" }}'),
        ("=abc", r'={{ "\u003dabc" }}'),
        ("=}}", r'={{ "\u003d\u007d\u007d" }}'),
        ('="\\\n', r'={{ "\u003d\u0022\u005c\u000a" }}'),
        ("=é", r'={{ "\u003d\u00e9" }}'),
        ("=😀", r'={{ "\u003d\ud83d\ude00" }}'),
        # n8n refuses a dot before this word anywhere in an expression, even in strings.
        ("=a.constructor", r'={{ "\u003da\u002econstructor" }}'),
    ],
)
def test_a_literal(value: str, rendered: str) -> None:
    assert literal(value) == rendered


@given(st.text(st.characters()))
def test_a_literal_is_a_javascript_string_with_nothing_to_find_in_it(rest: str) -> None:
    value = f"={rest}"
    rendered = literal(value)
    assert is_expression(rendered)
    text = rendered.removeprefix("={{ ").removesuffix(" }}")
    assert json.loads(text) == value
    assert set(text[1:-1]) <= set("\\") | {c for c in map(chr, range(128)) if c.isalnum()}


def test_what_n8n_evaluates() -> None:
    assert is_expression("=abc")
    assert not is_expression("abc=")
    assert not is_expression("")


@pytest.mark.parametrize(
    "locator",
    [
        "$secrets.vault.key",
        "$secrets.v.a.b",
        '$secrets.vault["my-key"]',
        "$secrets['a/b'].c",
        "$vars.key",
    ],
)
def test_a_secret_of_n8ns(locator: str) -> None:
    assert is_secret_locator(locator)
    assert secret_expression(locator) == f"={{{{ {locator} }}}}"


@pytest.mark.parametrize(
    "locator",
    [
        "$secrets",
        "$env.HOME",
        '$secrets["a\\u0022"]',
        '$secrets["a"b"]',
        "$secrets['a}}']",
        "$secrets.a }} {{ $env.X",
        "$secrets.a + 1",
        "$secrets.a()",
        '$secrets["a" + $env.X]',
        "$secrets.a\n",
        "{{ $secrets.a }}",
        "",
    ],
)
def test_no_code_rides_along(locator: str) -> None:
    assert not is_secret_locator(locator)
    with pytest.raises(ValueError, match="secrets"):
        secret_expression(locator)
