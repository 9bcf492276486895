"""The tables of what n8n's Salesforce nodes send."""

from pathlib import Path

import pytest

from sfcred.n8n import salesforce_nodes
from sfcred.n8n.salesforce_nodes import SINCE, table_of
from sfcred.n8n.versions import TRIGGER_JWT, format_version, has

FOLDER = Path(salesforce_nodes.__file__).with_suffix("")


def test_every_table_has_its_version_and_every_version_its_table() -> None:
    files = {path.stem for path in FOLDER.glob("*.json")}
    assert files == {format_version(version) for version in SINCE}
    assert sorted(SINCE) == list(SINCE)


@pytest.mark.parametrize("version", SINCE)
def test_a_table_has_all_that_needs_reads(version: tuple[int, int, int]) -> None:
    table = table_of(version)
    assert table.default_resource == "lead"
    assert {"Lead", "*"} <= set(table.default_fields)
    assert set(table.resources) >= {"lead", "customObject", "search", "user"}
    trigger = table.trigger
    assert (trigger is not None and "jwt" in trigger.authentication) == has(TRIGGER_JWT, version)


def test_the_version_decides_which_table_is_used() -> None:
    assert table_of((0, 220, 0)) is table_of((1, 0, 0))
    assert table_of((2, 34, 9)) is table_of((2, 32, 0))
    assert table_of(None) is table_of((99, 0, 0))
    assert table_of((2, 10, 0)).default_fields["*"] == ["id"]
    assert table_of((2, 23, 0)).default_fields["*"] == ["id", "LastModifiedDate"]
