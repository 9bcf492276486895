"""Texts that sfcred writes into specs are read back unchanged."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sfcred.spec.reader import parse_text
from sfcred.spec.write import in_style, quoted, scalar, variable_prefix

WORDS = [
    *("1e3", "1E5", "12", "012", "0o14", "0x1F", "1:30", "2.40", "1_000", "-1", "+1", ".5", ".inf"),
    *("y", "N", "yes", "Off", "true", "null", "Null", "~", "", "=", "<<", "2024-01-01"),
    *("a, b", "a]b", "{a", "a:", ":a", "-", "- a", "?", "---", "...", "#a", "a #b", "a: b", "!a"),
    *("&a", "*a", "%a", "@a", "`a", "|", ">", "'", "it's", '"', 'a"b', "\\", " a", "a ", "a\nb"),
    *("a\tb", "a\x00b", "a\x85b", "a\u2028b", "a\u202eb", "\ufeffa", "Žena", "日本", "😀"),
]


def read_back(yaml: str) -> list[object]:
    source = parse_text(yaml, Path(), "")
    assert not source.faults, (yaml, source.faults)
    return [node.data() for node in source.documents]


def assert_means(written: str, text: str) -> None:
    assert len(written.splitlines()) == 1, written
    assert read_back(f"key: {written}   # why\n") == [{"key": text}]
    assert read_back(f"{{key: {written}, other: [{written}]}}\n") == [
        {"key": text, "other": [text]}
    ]


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("style", ["", "'", '"'])
def test_words_that_yaml_reads_as_something_else_come_back_as_texts(text: str, style: str) -> None:
    for written in (scalar(text), quoted(text), in_style(text, style)):
        assert_means(written, text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@example("1e3")
def test_any_text_comes_back(text: str) -> None:
    for written in (scalar(text), quoted(text), in_style(text, "'")):
        assert_means(written, text)


@pytest.mark.parametrize("text", ["acme", "https://acme.my.salesforce.com", "n8n@acme.com", "Žena"])
def test_what_needs_no_quotes_gets_none(text: str) -> None:
    assert scalar(text) == text
    assert in_style(text, '"') == f'"{text}"'
    assert in_style(text, "'") == f"'{text}'"


@pytest.mark.parametrize(
    ("name", "prefix"), [("acme-crm", "ACME_CRM"), ("1-and-1", "_1_AND_1"), ("a", "A")]
)
def test_variables_begin_as_a_shell_wants_them(name: str, prefix: str) -> None:
    assert variable_prefix(name) == prefix
