"""`sfcred needs` against n8n's own requests, recorded by tests/e2e/test_oracle.py."""

import json
from pathlib import Path
from typing import Any

import pytest

from sfcred.n8n.salesforce_nodes import table_of
from tests.helpers.oracle import meaning_of
from tests.helpers.workflows import TRIGGER, needs_of, node

Case = dict[str, Any]
CASES: list[Case] = json.loads(Path(__file__).with_name("oracle.json").read_text(encoding="utf-8"))


def sent(case: Case) -> list[dict[str, Any]]:
    """Return what n8n's requests in a case mean."""
    return [found for one in case["requests"] if (found := meaning_of(one)) is not None]


def said(case: Case) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what sfcred says about a case, and what it doesn't know."""
    (needs,) = needs_of(node(case["parameters"], case["type"], typeVersion=case["version"]))
    found = [
        {
            "object": one.object,
            "verbs": " ".join(one.verbs),
            "fields": {field.field: " ".join(field.verbs) for field in one.fields},
        }
        for one in needs.objects
    ]
    return found, [one.reason for one in needs.unknown]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_needs_are_what_n8n_requests(case: Case) -> None:
    expected = sent(case)
    found, unknown = said(case)
    assert found == expected
    assert bool(unknown) == (not expected), unknown


def test_the_oracle_has_every_operation_and_event() -> None:
    table = table_of(None)
    wanted = {
        (resource, operation)
        for resource, one in table.resources.items()
        for operation in one.operations
    }
    nodes = [case for case in CASES if case["type"] != TRIGGER]
    had = {
        (case["parameters"].get("resource", "lead"), case["parameters"].get("operation", "create"))
        for case in nodes
        if case["requests"]
    }
    assert wanted == had & wanted
    assert table.trigger is not None
    events = {case["parameters"]["triggerOn"] for case in CASES if case["type"] == TRIGGER}
    assert events == set(table.trigger.events)
    assert all(case["requests"] for case in CASES if case["type"] == TRIGGER)
