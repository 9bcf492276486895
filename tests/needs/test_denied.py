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
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
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


@pytest.fixture
def nodes(project: Project) -> Callable[..., Path]:
    """Return a function that writes a workflow with these nodes, beside a spec."""
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    project.credential(base="oauth2", name="credentials/acme.yaml")
    return lambda *given: write(Path("workflows/a.json"), workflow(*given))


def lines(run: Run, text: str) -> list[str]:
    """Return the nodes that explain names, each with what it says of them."""
    out = run("explain", "--error", text).out
    return [line.strip() for line in out.splitlines() if line.startswith("  Lead sync / ")]


def named(done: list[str]) -> list[str]:
    return [line.partition(" (")[0].removeprefix("Lead sync / ") for line in done]


def test_only_the_nodes_that_request_the_field_are_named(
    nodes: Callable[..., Path], run: Run
) -> None:
    nodes(
        node({"resource": "search", "query": "SELECT Id, Score__c FROM Lead"}, name="Scores"),
        node({"resource": "search", "query": "SELECT Id, City FROM Lead"}, name="Cities"),
        node({"company": "x", "lastname": "x"}, name="Create lead"),
    )
    assert named(lines(run, "No such column 'Score__c' on entity 'Lead'")) == ["Scores"]
    assert named(lines(run, "No such column 'City' on entity 'Lead'")) == ["Cities"]
    assert named(lines(run, "No such column 'Id' on entity 'Lead'")) == ["Scores", "Cities"]
    everyone = ["Scores", "Cities", "Create lead"]
    assert named(lines(run, "sObject type 'Lead' is not supported.")) == everyone


def test_each_node_tells_whether_somebody_chose_the_field(
    nodes: Callable[..., Path], run: Run
) -> None:
    nodes(
        node({"triggerOn": "caseUpdated"}, TRIGGER, name="New case"),
        node({"resource": "search", "query": "SELECT Type FROM Case"}, name="Types"),
    )
    first, second = lines(run, N8N)
    assert first.startswith("Lead sync / New case (")
    assert first.endswith("; n8n requests it by itself")
    assert second.startswith("Lead sync / Types (")
    assert "by itself" not in second


def test_who_only_reads_a_field_is_not_named_where_it_cannot_be_written(
    nodes: Callable[..., Path], run: Run
) -> None:
    nodes(
        node({"resource": "search", "query": "SELECT Company FROM Lead"}, name="Reads"),
        node({"company": "x", "lastname": "x"}, name="Writes"),
    )
    assert named(lines(run, "Unable to create/update fields: Company. Please")) == ["Writes"]
    assert named(lines(run, "No such column 'Company' on entity 'Lead'")) == ["Reads", "Writes"]


def test_a_node_with_unknown_parts_is_not_ruled_out(nodes: Callable[..., Path], run: Run) -> None:
    query = "=SELECT Id, {{ $json.more }} FROM Lead"
    nodes(
        node({"resource": "search", "query": query}, name="Any fields"),
        node({"resource": "search", "query": "={{ $json.query }}"}, name="Anything"),
    )
    out = run("explain", "--error", "No such column 'Score__c' on entity 'Lead'").out
    assert "None of the workflows that sfcred read requests it by name." in out
    assert "It may be a part of what isn't known about these:" in out
    assert "Lead sync / Any fields" in out
    assert "Lead sync / Anything" in out


def test_without_workflows_the_refusal_is_explained_all_the_same(run: Run) -> None:
    done = run("explain", "--error", "sObject type 'Task' is not supported.")
    assert done.status == 0
    assert "Task" in done.out
    assert "set `workflows`" in done.out
