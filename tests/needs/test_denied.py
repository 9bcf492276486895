"""Refusals of fields and objects: what they name, and which nodes requested it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.needs.denied import Denied, read_denied
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.workflows import TRIGGER, node, workflow, write

Run = Callable[..., Outcome]
N8N = """{"message":"400 - [{\\"message\\":\\"\\\\nSELECT Id,Type FROM Case\\\\n ^\\\\nERROR at Row:1:Column:11\\\\nNo such column 'Type' on entity 'Case'. If you"}]"}"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "No such column 'Type' on entity 'Case'. If you are attempting",
            Denied("Case", ("Type",)),
        ),
        (N8N, Denied("Case", ("Type",))),
        ("No such column 'X__c' on sobject of type Lead", Denied("Lead", ("X__c",))),
        ("sObject type 'Invoice__c' is not supported. If you", Denied("Invoice__c")),
        (
            "Unable to create/update fields: Type, Status. Please check the security settings",
            Denied("", ("Type", "Status"), is_write=True),
        ),
        ("No such column in my spreadsheet", None),
        ("invalid_grant: audience is invalid", None),
    ],
)
def test_what_is_refused(text: str, expected: Denied | None) -> None:
    assert read_denied(text) == expected


@pytest.fixture
def flows(project: Project) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n')
    project.credential(base="oauth2", name="credentials/acme.yaml")
    cases = node({"triggerOn": "caseUpdated"}, TRIGGER, name="New case")
    lead = node({"company": "x", "lastname": "x"}, name="Create lead")
    write(Path("workflows/a.json"), workflow(cases, lead))


@pytest.mark.usefixtures("flows")
def test_the_nodes_are_named(run: Run) -> None:
    done = run("explain", "--error", N8N)
    assert done.status == 0
    assert (
        "Lead sync / New case (workflows/a.json:6), as acme-crm; n8n requests it by itself"
        in done.out
    )
    written = run("explain", "--error", "Unable to create/update fields: Company. Please check")
    assert "Lead sync / Create lead" in written.out
    assert "by itself" not in written.out
    assert "New case" not in written.out


@pytest.mark.usefixtures("flows")
def test_a_field_that_no_workflow_requests(run: Run) -> None:
    done = run("explain", "--error", "No such column 'Other__c' on entity 'Case'")
    assert "None of the workflows that sfcred read requests it" in done.out


def test_without_workflows_the_refusal_is_explained_all_the_same(run: Run) -> None:
    done = run("explain", "--error", "sObject type 'Task' is not supported.")
    assert done.status == 0
    assert "Task" in done.out
    assert "set `workflows`" in done.out
