"""Difficult YAML: nodes, places, limits."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.spec import limits
from sfcred.spec.load import SpecFile
from sfcred.spec.reader import MAX_BYTES, parse, read
from sfcred.spec.scalars import plain_value
from sfcred.spec.source import Ambiguous, Place, Source


def parsed(text: str | bytes) -> Source:
    content = text.encode() if isinstance(text, str) else text
    return parse(content, Path("x.yaml"), "x.yaml")


def fault(text: str | bytes) -> tuple[str, Place]:
    faults = parsed(text).faults
    assert faults
    return faults[0].message, faults[0].place


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("nul", "nul"),
        ("true", True), ("False", False), ("12", 12), ("-3", -3), ("2.40", 2.4),
        ("2.40.5", "2.40.5"), ("yes", Ambiguous("yes")), ("Off", Ambiguous("Off")),
        ("y", Ambiguous("y")), ("yesterday", "yesterday"), ("012", Ambiguous("012")),
        ("1_000", Ambiguous("1_000")), ("0x1F", Ambiguous("0x1F")), ("1:30", Ambiguous("1:30")),
        ("2024-01-01", Ambiguous("2024-01-01")), ("1e5", Ambiguous("1e5")),
        (".inf", Ambiguous(".inf")), ("9" * 5000, Ambiguous("9" * 5000)),
        ("00D000000000001EAA", "00D000000000001EAA"), ("n8n", "n8n"), ("https://x", "https://x"),
    ],
)  # fmt: skip
def test_plain_scalars_mean_what_yaml_s_versions_agree_on(text: str, value: object) -> None:
    found = plain_value(text)
    assert found == value
    assert type(found) is type(value)


def test_every_value_has_its_place() -> None:
    node = parsed("a: 1\nb:\n  - x\n  - {c: ä, d: [e]}\n").documents[0]
    assert node.place_of(("a",)) == (1, 4)
    assert node.place_of(("b",)) == (2, 1)  # a block is found at its key
    assert node.place_of(("b", 1, "d", 0)) == (4, 16)
    assert node.place_of(("b", 1, "c"), key=True) == (4, 6)
    assert node.place_of(("b", 7)) == (2, 1)  # if something is missing: the nearest parent


def test_several_documents_and_empty_ones() -> None:
    source = parsed("---\na: 1\n---\n---\nb: 2\n")
    assert [node.data() for node in source.documents] == [{"a": 1}, {"b": 2}]
    assert source.faults == []


def test_a_byte_order_mark_and_crlf_are_fine() -> None:
    source = parsed(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert source.documents[0].data() == {"a": 1, "b": 2}
    assert source.documents[0].place_of(("b",)) == (2, 4)


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "empty", (1, 1)),
        ("# only\n# comments\n", "empty", (1, 1)),
        ("a: 1\n\tb: 2\n", "tab", (2, 1)),
        ("a: [1\nb: 2\n", "not valid YAML", (2, 2)),
        ("a: 1\nb: *nowhere\n", "to an anchor", (2, 4)),
        ("a: &x\n  b: *x\n", "to an anchor", (2, 6)),
        ("a: !vault x\n", "tag (`!vault`)", (1, 4)),
        ("a: !!python/object:os.system x\n", "tag", (1, 4)),
        ("? [a]\n: b\n", "as a key", (1, 3)),
        ("- " * 40 + "x", "nested deeper than 32 levels", (1, 65)),
        (b"a: \xff\n", "not UTF-8", (1, 4)),
        ("a: 1\n".encode("utf-16"), "UTF-16", (1, 1)),
        ("name: acme\n".encode("utf-16-le"), "UTF-16", (1, 1)),
        ("name: acme\n".encode("utf-16-be"), "UTF-16", (1, 1)),
        ("a: 1\nb:\u00a0x\nc: 1\n", "only looks like a space (U+00A0)", (2, 3)),
        ("a:\n\u00a0\u00a0b: x\n  c: 1\n", "only looks like a space (U+00A0)", (2, 1)),
        ("a: 1\nb\uff1a x\nc: 1\n", "only looks like a colon (U+FF1A)", (2, 2)),
        ("a: 1\n---\n\ufeffb: 1\nc: 1\n", "is invisible (U+FEFF)", (3, 1)),
        ("a: x\u00a0y\nb\nc: 1\n", "could not find expected", (3, 1)),
        ('a: 1\nb: "x\nc: 1\n', "it begins on line 2", (4, 1)),
        ("a: 1\nb: {c: d\n\n", "it begins on line 2", (4, 1)),
        (b"\x7fELF\x00\x01", "control character", (1, 1)),
        (b"a: x\x00y\n", "control character (U+0000)", (1, 5)),
        (b"a: 1\rb: x\x00y\r", "control character (U+0000)", (2, 5)),
        ("a: 1\u2028b: x\x00y", "control character (U+0000)", (2, 5)),
    ],
)
def test_one_clear_fault_each(text: str | bytes, message: str, place: Place) -> None:
    found, where = fault(text)
    assert message in found
    assert where == place


@pytest.mark.parametrize("text", ["[" * 5000, "- " * 5000, "{a: " * 5000])
def test_libyaml_may_meet_its_own_limit_first(text: str) -> None:
    """Since PyYAML 6.0.4, libyaml has its own limit. The message is the same as sfcred's."""
    found = parsed(text).faults[0]
    assert found.message == "is nested deeper than 32 levels"
    assert "Check for a missing line break" in found.hint


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "aliases" in fault("\n".join(lines))[0]


def test_aliases_within_measure_are_fine() -> None:
    assert parsed("a: &x {b: 1}\nc: *x\n").documents[0].data() == {"a": {"b": 1}, "c": {"b": 1}}


def test_equal_keys_are_both_named_and_the_first_stays() -> None:
    source = parsed("a: 1\nb: {c: 1, c: 2}\na: 3\n")
    assert [(f.kind, f.place) for f in source.faults] == [
        ("duplicate", (2, 11)),
        ("duplicate", (3, 1)),
    ]
    assert source.documents[0].data() == {"a": 1, "b": {"c": 1}}


def test_what_is_no_regular_file_is_a_fault(tmp_path: Path) -> None:
    for path in (
        tmp_path / "missing.yaml",
        tmp_path,
        Path("/dev/zero"),
        Path("/proc/self/environ"),
    ):
        (found,) = read(path).faults
        assert found.message.startswith("can't be read")


def test_two_megabytes_are_too_much(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"a: " + b"x" * (2 * MAX_BYTES))
    assert "larger than 1024 KB" in read(path).faults[0].message


@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_no_bytes_crash(content: bytes) -> None:
    source = parsed(content)
    assert source.documents or source.faults
    for declaration in SpecFile(source).declarations:
        assert declaration.errors or declaration.variants


_yamlish = st.recursive(
    st.sampled_from(
        ["a", "1", "yes", "''", "*x", "&x y", "!t z", "{env: A}", "|", ">", "- b", "~"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.tuples(st.sampled_from(["name", "jwt", "profiles", "a"]), inner).map(": ".join),
        st.tuples(inner, inner).map("\n".join),
    ),
)


@given(_yamlish)
def test_nothing_that_looks_like_yaml_crashes(text: str) -> None:
    for declaration in SpecFile(parsed("version: 1\n" + text)).declarations:
        assert declaration.errors or declaration.variants


@pytest.mark.parametrize(
    "text",
    [
        "a: ! x\n",
        "a: !!str x\n",
        "a: !!map {b: c}\n",
        "a: !!seq [b]\n",
        "a: !<tag:yaml.org,2002:str> x\n",
    ],
)
def test_tags_that_change_nothing_are_taken(text: str) -> None:
    assert parsed(text).faults == []


@pytest.mark.parametrize(
    "text", ["a: !!int 5\n", "a: !!strr x\n", "a: !str x\n", "a: !!binary x\n"]
)
def test_other_tags_are_not(text: str) -> None:
    assert "has a YAML tag" in fault(text)[0]


def test_each_place_of_a_nested_value() -> None:
    source = parsed("app:\n  scopes: [a,\n    b]\n  label: x\nn8n: {id: y}\n")
    (root,) = source.documents
    places = {
        ("app",): (1, 1),
        ("app", "scopes"): (2, 11),
        ("app", "scopes", 0): (2, 12),
        ("app", "scopes", 1): (3, 5),
        ("app", "label"): (4, 10),
        ("n8n",): (5, 6),
        ("n8n", "id"): (5, 11),
        ("n8n", "nothing"): (5, 1),
        ("nothing",): (1, 1),
    }
    assert {route: root.place_of(route) for route in places} == places
    keys = {("app", "label"): (4, 3), ("n8n", "id"): (5, 7), ("n8n",): (5, 1)}
    assert {route: root.place_of(route, key=True) for route in keys} == keys


@pytest.mark.parametrize("length", [-1, 0, 1])
def test_the_longest_line(length: int) -> None:
    source = parsed(f"a: 1 # {'x' * (limits.LINE - 7 + length)}")
    assert [f.message for f in source.faults] == (
        [f"has a line of more than {limits.LINE} characters"] if length > 0 else []
    )
    assert len(source.documents) == (length <= 0)


@pytest.mark.parametrize("text", ["a: 1\n \tb: 2\n", "a:\n\t- b\n"])
def test_a_tab_is_named_as_such(text: str) -> None:
    assert "tab" in fault(text)[0]


def test_aliases_count_each_time_in_every_document() -> None:
    """The limits are of the file, and what an alias stands for counts as often as it stands."""
    text = ",\n  ".join(["x" * 4000] * 12)
    few = "\n".join(f"- *a{n % 2}" for n in range(40))
    many = "\n".join(f"- *a{n % 2}" for n in range(100))
    head = f"- &a0 [{text}]\n- &a1 {{k: [{text}]}}\n"
    assert parsed(head + few).faults == []
    assert "4 MB of text" in fault(head + many)[0]
    assert "4 MB of text" in fault("\n---\n".join([head + few] * 4))[0]


def test_an_alias_counts_as_all_that_it_stands_for() -> None:
    """And what stands there once counts once, however deep."""
    wide = "- &a [" + ", ".join("x" * 100) + "]\n"
    assert parsed(wide + "- *a\n" * 100).faults == []
    assert "once its aliases are expanded" in fault(wide + "- *a\n" * 300)[0]
    deep = "[" * 28 + "x" + "]" * 28
    assert parsed("".join(f"- {deep}\n" for _ in range(400))).faults == []
