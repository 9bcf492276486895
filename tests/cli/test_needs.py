"""`sfcred needs`: sources, credentials, formats and exit statuses."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from pytest_httpx import HTTPXMock

from sfcred.cli.schemas import schema
from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL
from tests.helpers.project import Project
from tests.helpers.workflows import TRIGGER, http, node, workflow, write

Run = Callable[..., Outcome]
QUERY = {"resource": "search", "query": "SELECT Id FROM Contact"}
FLOWS = Path("workflows")


def needs(run: Run, *arguments: str | Path, status: int = 0) -> list[dict[str, Any]]:
    """Run the command, validate its JSON, and return the credentials in it."""
    done = run("needs", "--format", "json", *arguments)
    assert done.status == status, done
    found = json.loads(done.out)
    jsonschema.Draft202012Validator(schema("needs")).validate(found)
    assert found["needs_version"] == 1
    credentials = found["credentials"]
    assert isinstance(credentials, list)
    return credentials


@pytest.fixture
def specs(project: Project) -> Project:
    """A project with one OAuth2 credential and its configuration."""
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    project.credential(base="oauth2", name="credentials/acme.yaml")
    return project


def test_the_contract(specs: Project, run: Run) -> None:
    write(FLOWS / "leads.json", workflow(node({"company": "={{ $json.c }}"}, name="Create lead")))
    assert needs(run) == [
        {
            "credential": "acme-crm",
            "profile": None,
            "n8n_id": "acmeCrm000000001",
            "n8n_type": "salesforceOAuth2Api",
            "objects": [
                {
                    "object": "Lead",
                    "verbs": ["create"],
                    "fields": [
                        {"field": "Company", "verbs": ["create"], "unasked": False},
                        # The parameter isn't in the file, but n8n sends the field.
                        {"field": "LastName", "verbs": ["create"], "unasked": True},
                    ],
                    "used_by": [
                        {"file": "workflows/leads.json", "workflow": "Lead sync", "node": "Create lead"}
                    ],
                }
            ],
            "unknown": [],
        }
    ]  # fmt: skip


def test_text_and_markdown(specs: Project, run: Run) -> None:
    trigger = node({"triggerOn": "userCreated"}, TRIGGER, name="New user")
    write(FLOWS / "a.json", workflow(node(QUERY), trigger, http("={{ $json.u }}"), active=False))
    text = run("needs").out
    assert text.startswith("acme-crm (oauth2, sandbox): 1 workflow (1 inactive), 3 nodes\n")
    assert "  Contact      read              Id\n" in text
    assert "requested by n8n itself (New user)" in text
    assert (
        "  not known: Lead sync / node (HTTP Request: the address comes from an expression)" in text
    )
    markdown = run("needs", "--format", "markdown").out
    assert "| Contact | read | Id | Lead sync / node |" in markdown
    (one,) = needs(run)
    assert {user.get("active") for obj in one["objects"] for user in obj["used_by"]} == {False}
    assert one["unknown"][0]["active"] is False


def test_each_profile_that_shares_the_id_has_the_needs(project: Project, run: Run) -> None:
    fragment = "profiles: {uat: {}, production: {environment: production}}\n"
    project.credential(fragment, "oauth2", "credentials/acme.yaml")
    write(FLOWS / "a.json", workflow(node(QUERY)))
    found = needs(run, "--workflows", "workflows")
    assert [one["profile"] for one in found] == ["production", "uat"]
    assert found[0]["objects"] == found[1]["objects"]
    assert len(needs(run, "--workflows", "workflows", "--profile", "uat")) == 1


def test_credentials_that_no_spec_has(specs: Project, run: Run) -> None:
    other = {"salesforceOAuth2Api": {"id": "zzz", "name": "Old CRM"}}
    write(FLOWS / "a.json", workflow(node(QUERY, credentials=other), node(QUERY, credentials={})))
    named = [(one["credential"], one["n8n_id"], one["n8n_type"]) for one in needs(run)]
    assert named == [(None, None, "salesforceOAuth2Api"), (None, "zzz", "salesforceOAuth2Api")]
    text = run("needs").out
    assert "No credential (salesforceOAuth2Api): 1 workflow, 1 node" in text
    assert "Old CRM (salesforceOAuth2Api, id zzz; no spec has it)" in text


OTHER = {"salesforceOAuth2Api": {"id": "other00000000001", "name": "Other"}}
OTHER_SPEC = "name: other\nn8n: {id: other00000000001}\n"


@pytest.mark.parametrize("chosen", ["other", "credentials/other.yaml"])
def test_a_credential_of_another_spec_isn_t_called_unknown(
    specs: Project, run: Run, chosen: str
) -> None:
    specs.credential(OTHER_SPEC, "oauth2", "credentials/other.yaml")
    write(FLOWS / "a.json", workflow(node(QUERY)))
    options = (chosen, "--workflows", "workflows")
    assert needs(run, *options) == []
    assert run("needs", *options).out.startswith("No workflow uses the chosen credentials")
    write(FLOWS / "a.json", workflow(node(QUERY), node(QUERY, credentials=OTHER)))
    assert [one["credential"] for one in needs(run, *options)] == ["other"]
    assert [one["credential"] for one in needs(run)] == ["acme-crm", "other"]


def test_two_credentials_of_one_file(project: Project, run: Run) -> None:
    both = project.credential(base="oauth2", name="credentials/acme.yaml")
    second = project.credential(OTHER_SPEC, "oauth2", "credentials/other.yaml")
    both.write_text(
        both.read_text(encoding="utf-8") + "---\n" + second.read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    second.unlink()
    write(FLOWS / "a.json", workflow(node(QUERY), node(QUERY, credentials=OTHER)))
    assert [one["credential"] for one in needs(run, "other", "--workflows", "workflows")] == [
        "other"
    ]


def test_a_credential_of_another_profile_isn_t_called_unknown(project: Project, run: Run) -> None:
    fragment = (
        "profiles: {uat: {}, production: {environment: production, n8n: {id: other00000000001}}}\n"
    )
    project.credential(fragment, "oauth2", "credentials/acme.yaml")
    write(FLOWS / "a.json", workflow(node(QUERY), node(QUERY, credentials=OTHER)))
    (one,) = needs(run, "--workflows", "workflows", "--profile", "uat")
    assert (one["profile"], one["n8n_id"]) == ("uat", "acmeCrm000000001")


@pytest.mark.parametrize(("options", "status"), [((), 4), (("acme-crm",), 0)])
def test_a_credential_in_a_spec_with_errors_may_have_a_spec(
    specs: Project, run: Run, options: tuple[str, ...], status: int
) -> None:
    specs.credential(f"{OTHER_SPEC}environment: [x]\n", "oauth2", "credentials/other.yaml")
    write(FLOWS / "a.json", workflow(node(QUERY, credentials=OTHER)))
    options = (*options, "--workflows", "workflows")
    (one,) = needs(run, *options, status=status)
    assert one["credential"] is None
    assert "in a spec that could not be understood" in one["unknown"][0]["reason"]
    for form in ("text", "markdown"):
        text = run("needs", *options, "--format", form).out.replace("\\", "")
        assert "Other (salesforceOAuth2Api, id other00000000001; it may have a spec)" in text
        assert "no spec has it" not in text


def test_with_a_spec_outside_the_project_others_may_have_a_spec(specs: Project, run: Run) -> None:
    elsewhere = specs.credential(OTHER_SPEC, "oauth2", "elsewhere/other.yaml")
    write(FLOWS / "a.json", workflow(node(QUERY)))
    (one,) = needs(run, elsewhere, "--workflows", "workflows")
    assert one["unknown"][0]["reason"].startswith("not all specs were read")
    assert "it may have a spec" in run("needs", elsewhere, "--workflows", "workflows").out


def test_a_credential_that_is_used_as_another_type_says_so(specs: Project, run: Run) -> None:
    own = {"id": "acmeCrm000000001", "name": "a"}
    as_jwt = node({**QUERY, "authentication": "jwt"}, credentials={"salesforceJwtApi": own})
    write(FLOWS / "a.json", workflow(node(QUERY), as_jwt))
    text = run("needs").out
    assert "acme-crm (oauth2, sandbox): 1 workflow, 1 node" in text
    assert "acme-crm (oauth2, sandbox, used as salesforceJwtApi): 1 workflow, 1 node" in text


def test_an_entry_of_a_list_that_is_no_workflow_is_named(specs: Project, run: Run) -> None:
    flows = [json.loads(json.dumps(workflow(node(QUERY)))), {"name": "cut off"}]
    write(FLOWS / "all.json", flows)
    done = run("needs")
    assert "Contact" in done.out
    assert "workflows/all.json:30:3: has an entry that is not" in done.err
    assert done.status == 4


def test_authentication_decides_which_credential_a_node_uses(specs: Project, run: Run) -> None:
    both = {
        "salesforceOAuth2Api": {"id": "acmeCrm000000001", "name": "a"},
        "salesforceJwtApi": {"id": "jwt1", "name": "b"},
    }
    write(FLOWS / "a.json", workflow(node({**QUERY, "authentication": "jwt"}, credentials=both)))
    assert [one["n8n_id"] for one in needs(run)] == ["jwt1"]


def test_the_n8n_version_of_the_spec_decides_what_the_node_sends(
    project: Project, run: Run
) -> None:
    project.credential('n8n: {version: "2.10.0"}\n', "oauth2", "credentials/acme.yaml")
    write(FLOWS / "a.json", workflow(node({"operation": "getAll"})))
    (one,) = needs(run, "--workflows", "workflows")
    assert "LastModifiedDate" not in {field["field"] for field in one["objects"][0]["fields"]}


def test_files_that_cannot_be_read_are_named_and_the_rest_goes_on(specs: Project, run: Run) -> None:
    write(FLOWS / "a.json", workflow(node(QUERY)))
    (FLOWS / "b.json").write_text('{"nodes": [', encoding="utf-8")
    write(FLOWS / "c.json", {"name": "package"})
    assert len(needs(run, status=4)) == 1
    errors = run("needs").err
    assert "workflows/b.json:1:12: not valid JSON" in errors
    assert "workflows/c.json:1:1: is JSON, but not an n8n workflow" in errors


def test_nothing_to_read(specs: Project, run: Run) -> None:
    assert run("needs").status == 2  # the folder doesn't exist
    FLOWS.mkdir()
    assert "nothing to read" in run("needs").err
    Path("sfcred.toml").write_text("", encoding="utf-8")
    done = run("needs")
    assert done.status == 2
    assert "--workflows" in done.err


def test_a_project_without_specs_still_has_needs(run: Run) -> None:
    write(FLOWS / "a.json", workflow(node(QUERY)))
    assert [one["credential"] for one in needs(run, "--workflows", "workflows")] == [None]
    assert run("needs", "no.yaml", "--workflows", "workflows").status == 2


def test_specs_that_cannot_be_reached_are_not_taken_for_none(
    specs: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write(FLOWS / "a.json", workflow(node(QUERY)))
    assert run("needs").status == 0
    outside = tmp_path_factory.mktemp("outside")
    Path("credentials/acme.yaml").replace(outside / "acme.yaml")
    Path("credentials/acme.yaml").symlink_to(outside / "acme.yaml")
    done = run("needs")
    assert done.status == 2
    assert "leads outside the project" in done.err
    assert done.out == ""


def test_a_folder_of_specs_that_cannot_be_read_is_an_error(
    specs: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(FLOWS / "a.json", workflow(node(QUERY)))
    scandir = os.scandir

    def refusing(path: Any) -> Any:  # permissions don't stop root
        if Path(path).name == "credentials":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    done = run("needs")
    assert done.status == 2
    assert "credentials" in done.err


def test_a_folder_of_specs_that_is_set_and_missing_is_an_error(specs: Project, run: Run) -> None:
    write(FLOWS / "a.json", workflow(node(QUERY)))
    Path("sfcred.toml").write_text(
        'workflows = ["workflows"]\npaths = ["specs"]\n', encoding="utf-8"
    )
    done = run("needs")
    assert done.status == 2
    assert "specs does not exist" in done.err


def test_specs_that_are_all_excluded_are_named(specs: Project, run: Run) -> None:
    write(FLOWS / "a.json", workflow(node(QUERY)))
    Path("sfcred.toml").write_text(
        'workflows = ["workflows"]\nexclude = ["credentials/**"]\n', encoding="utf-8"
    )
    done = run("needs")
    assert done.status == 0
    assert "leaves out credentials/acme.yaml" in done.err


def test_workflows_nested_too_deeply_are_not_known(specs: Project, run: Run) -> None:
    content = workflow(node(QUERY))
    for level in range(6):
        parameters = {"source": "parameter", "workflowJson": json.dumps(content)}
        runs = node(parameters, "n8n-nodes-base.executeWorkflow", name="run", credentials={})
        content = workflow(runs, name=f"level {level}")
    write(FLOWS / "a.json", content)
    (one,) = needs(run)
    assert one["objects"] == []
    (unknown,) = one["unknown"]
    assert (unknown["workflow"], unknown["node"]) == ("level 1", "run")
    assert "nested too deeply" in unknown["reason"]


def test_no_workflow_uses_a_credential(specs: Project, run: Run) -> None:
    write(FLOWS / "a.json", workflow(name="empty"))
    assert run("needs").out == "No workflow uses a Salesforce credential.\n"
    assert needs(run) == []


def test_what_cannot_be_read_is_not_taken_for_no_use(specs: Project, run: Run) -> None:
    FLOWS.mkdir()
    (FLOWS / "a.yaml").write_text("nodes: []\n", encoding="utf-8")
    done = run("needs", "--workflows", "workflows/a.yaml")
    assert done.out == (
        "No workflow uses a Salesforce credential, as far as the files could be read.\n"
    )
    assert "workflows/a.yaml:1:1: is YAML" in done.err
    assert done.status == 4


def test_a_path_in_the_configuration_cannot_leave_the_project(specs: Project, run: Run) -> None:
    write(Path("../outside/a.json"), workflow(node(QUERY)))
    Path("sfcred.toml").write_text('workflows = ["../outside"]\n', encoding="utf-8")
    done = run("needs")
    assert done.status == 2
    assert "outside the project" in done.err
    assert len(needs(run, "--workflows", "../outside")) == 1  # your own choice


def test_names_from_workflows_are_masked_and_harmless(specs: Project, run: Run) -> None:
    token = "00D000000000001!AQcAQ.canary4711.canary4711"
    name = f"\x1b[31m::error::\n{token} <b>|x|"
    write(FLOWS / "a.json", workflow(node({**QUERY, "resource": token}, name=name), name=name))
    for form in ("text", "json", "markdown"):
        done = run("needs", "--format", form)
        assert "canary4711" not in done.out + done.err
        assert "\x1b" not in done.out
        assert "\n::error" not in done.out
    assert "<b>" not in run("needs", "--format", "markdown").out


@pytest.fixture
def api(httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch) -> HTTPXMock:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    return httpx_mock


def test_the_workflows_of_a_running_n8n(specs: Project, run: Run, api: HTTPXMock) -> None:
    first = {**workflow(node(QUERY), active=False), "id": "abc"}
    archived = {**workflow(node(QUERY)), "id": "def", "isArchived": True}
    pages = iter([{"data": [first], "nextCursor": "2"}, {"data": [archived], "nextCursor": None}])
    api.add_callback(lambda _request: httpx.Response(200, json=next(pages)), is_reusable=True)
    (one,) = needs(run, "--n8n", URL)
    assert one["credential"] == "acme-crm"
    (user,) = one["objects"][0]["used_by"]
    assert user == {
        "file": f"{URL}/workflow/abc", "workflow": "Lead sync", "node": "node", "active": False
    }  # fmt: skip
    sent = [str(request.url) for request in api.get_requests()]
    assert sent == [
        f"{URL}/api/v1/workflows?limit=100",
        f"{URL}/api/v1/workflows?limit=100&cursor=2",
    ]


def test_a_missing_key_names_the_scope_for_workflows(
    specs: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("N8N_API_KEY", raising=False)
    done = run("needs", "--n8n", URL)
    assert done.status == 2
    assert "with the scope workflow:list. Then run: `export N8N_API_KEY=KEY`" in done.err
    assert "credential:create" not in done.err


def test_an_answer_that_is_not_n8ns(specs: Project, run: Run, api: HTTPXMock) -> None:
    api.add_response(json={"data": ["x"], "nextCursor": None})
    done = run("needs", "--n8n", URL)
    assert done.status == 4
    assert "not from n8n's API" in done.err


def test_a_key_without_the_scope(specs: Project, run: Run, api: HTTPXMock) -> None:
    api.add_response(status_code=403, json={"message": "Forbidden"})
    done = run("needs", "--n8n", URL)
    assert done.status == 4
    assert "workflow:list" in done.err


def test_the_result_goes_to_a_file(specs: Project, run: Run) -> None:
    write(FLOWS / "a.json", workflow(node(QUERY)))
    assert run("needs", "--format", "markdown", "-o", "needs.md").out == ""
    assert "| Contact |" in Path("needs.md").read_text(encoding="utf-8")
