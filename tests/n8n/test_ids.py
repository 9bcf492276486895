"""Ids that never change, and invalid ids."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.n8n.ids import derive_id, id_fault, name_fault


@pytest.mark.parametrize(
    ("name", "credential_id"),
    [
        ("acme-crm", "88sMjWNBBLkrGxbj"),
        ("acme-crm-uat", "NxGAjzEchh4YRGlN"),
        ("a", "yPz5p4Ajqtx9P9NK"),
        ("", "ghciiGK4SuUuq8Bp"),
        ("Ünïcödé", "eZ2Uj6jKfySaTKiq"),
        ("x" * 200, "4zv5gpwMZFhr3ayW"),
    ],
)
def test_a_derived_id_is_the_same_for_ever(name: str, credential_id: str) -> None:
    assert derive_id(name) == credential_id


@given(st.text())
def test_a_derived_id_suits_every_n8n(name: str) -> None:
    derived = derive_id(name)
    assert re.fullmatch("[0-9A-Za-z]{16}", derived)
    assert id_fault(derived) is None


@given(st.sets(st.text(), min_size=2, max_size=2))
def test_two_names_have_two_ids(names: set[str]) -> None:
    assert len({derive_id(name) for name in names}) == 2


@pytest.mark.parametrize("text", ["acmeCrm000000001", "a", "A-b_9"])
def test_good_ids(text: str) -> None:
    assert id_fault(text) is None


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("acme/crm", "export"),
        ("acme crm", "letters, digits"),
        ("ácme", "letters, digits"),
        ("acme\n", "letters, digits"),
        ("a" * 17, "API"),
        ("a" * 36, "API"),
        ("a" * 37, "Postgres"),
        ("", "empty"),
    ],
)
def test_what_a_bad_id_breaks(text: str, breaks: str) -> None:
    fault = id_fault(text)
    assert fault
    assert breaks in fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [("", "3"), ("ab", "3"), ("abc", None), ("x" * 128, None), ("x" * 129, "128")],
)
def test_names(text: str, fault: str | None) -> None:
    found = name_fault(text)
    assert (found is None) if fault is None else (found and fault in found)
