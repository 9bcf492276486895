"""Workflows whose HTTP Request nodes use n8n's generic credential of a spec."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.workflows import HTTP, ID, Json, http, node, workflow, write

Run = Callable[..., Outcome]
ORG = "https://acme--uat.sandbox.my.salesforce.com"
LEADS = f"{ORG}/services/data/v60.0/sobjects/Lead/describe"
TYPED = "n8n: {type: oAuth2Api}\n"
LINK = {"oAuth2Api": {"id": ID, "name": "Acme CRM"}}


def generic(url: str, link: Json | None = None, **parameters: Any) -> Json:
    """Return an HTTP Request node with n8n's generic OAuth2 credential."""
    given = {
        "url": url,
        "authentication": "genericCredentialType",
        "genericAuthType": "oAuth2Api",
        **parameters,
    }
    return node(given, HTTP, typeVersion=4.2, credentials=link or LINK)


def old(url: str) -> Json:
    """Return a node as the first version of HTTP Request has it."""
    given = {"url": url, "authentication": "oAuth2"}
    return node(given, HTTP, typeVersion=1, credentials=LINK)


def found(run: Run, spec: Path, *nodes: Json) -> dict[str, str]:
    """Return the checks of workflows that find something, with their messages."""
    file = write(Path("workflows/lead.json"), workflow(*nodes))
    done = run("doctor", spec, "--workflows", file.parent, "--format", "json", "--select", "SFC8")
    return {one["check"]: one["message"] for one in json.loads(done.out)["findings"]}


@pytest.mark.parametrize(
    "one", [generic(LEADS), old(LEADS), generic(LEADS, genericAuthType="={{ $json.kind }}")]
)
@pytest.mark.parametrize("base", ["oauth2", "client_credentials"])
def test_a_node_uses_the_credential(project: Project, run: Run, one: Json, base: str) -> None:
    spec = project.credential(TYPED, base)
    assert found(run, spec, one) == {}
    done = run("needs", spec, "--workflows", "workflows", "--format", "json")
    (needs,) = json.loads(done.out)["credentials"]
    assert needs["n8n_type"] == "oAuth2Api"
    assert [entry["object"] for entry in needs["objects"]] == ["Lead"]


def test_a_node_sends_the_token_elsewhere(project: Project, run: Run) -> None:
    spec = project.credential(TYPED, "oauth2")
    messages = found(run, spec, generic("https://hooks.example.com/leads"))
    assert "hooks.example.com" in messages["SFC807"]


def test_by_default_n8n_keeps_the_token_at_the_org(project: Project, run: Run) -> None:
    """An expression may decide the address, because n8n refuses any other host."""
    one = generic("={{ $json.url }}")
    assert "SFC807" not in found(run, project.credential(TYPED, "oauth2"), one)
    anywhere = TYPED.replace("}", ", http_request: any}")
    assert "SFC807" in found(run, project.credential(anywhere, "oauth2"), one)


@pytest.mark.parametrize("base", ["jwt", "oauth2"])
def test_n8n_finds_no_generic_credential_if_the_spec_is_another(
    project: Project, run: Run, base: str
) -> None:
    messages = found(run, project.credential("{}\n", base), generic(LEADS))
    assert "asks for the type OAuth2 API, but the spec has" in messages["SFC803"]


@pytest.mark.parametrize("one", [node(), http(LEADS)])
def test_a_node_can_t_use_the_generic_one_as_salesforce_s(
    project: Project, run: Run, one: Json
) -> None:
    messages = found(run, project.credential(TYPED, "oauth2"), one)
    assert messages["SFC803"].endswith("but the spec has OAuth2 API")


def test_other_generic_credentials_are_not_meant(project: Project, run: Run) -> None:
    link = {"oAuth2Api": {"id": "github1", "name": "GitHub"}}
    messages = found(
        run, project.credential(TYPED, "oauth2"), generic("https://api.github.com", link)
    )
    assert set(messages) == {"SFC806"}  # nothing uses the spec's


def test_any_node_with_the_credential_counts(project: Project, run: Run) -> None:
    graphql = node({"authentication": "oAuth2"}, "n8n-nodes-base.graphql", credentials=LINK)
    assert "SFC806" not in found(run, project.credential(TYPED, "oauth2"), graphql)


@pytest.mark.parametrize("kind", ["n8n-nodes-base.graphql", "n8n-nodes-base.graphqlTool"])
def test_a_graphql_node_sends_the_token_elsewhere(project: Project, run: Run, kind: str) -> None:
    spec = project.credential(TYPED, "oauth2")
    given = {"authentication": "oAuth2", "endpoint": "https://evil.example.com/graphql"}
    assert "evil.example.com" in found(run, spec, node(given, kind, credentials=LINK))["SFC807"]
    own = {**given, "endpoint": f"{ORG}/services/data/v60.0/graphql"}
    assert found(run, spec, node(own, kind, credentials=LINK)) == {}
    # A credential that another authentication left behind isn't used.
    left = {**given, "authentication": "none"}
    assert set(found(run, spec, node(left, kind, credentials=LINK))) == {"SFC806"}


def test_an_expression_may_choose_the_generic_credential(project: Project, run: Run) -> None:
    spec = project.credential(TYPED, "oauth2")
    for given in ({"authentication": "={{ $json.way }}"}, {"nodeCredentialType": "={{ 1 }}"}):
        one = http("https://evil.example.com/", **given) | {"credentials": LINK}
        assert "evil.example.com" in found(run, spec, one)["SFC807"]


def test_by_default_only_the_org_s_own_host_is_allowed(project: Project, run: Run) -> None:
    spec = project.credential(TYPED, "oauth2")
    messages = found(run, spec, generic("https://cs1.salesforce.com/services/data/v60.0/limits"))
    assert "which means org" in messages["SFC810"]
    assert "SFC810" not in found(run, spec, generic(LEADS))
    none = project.credential("n8n: {type: oAuth2Api, http_request: none}\n", "oauth2")
    assert "SFC810" in found(run, none, generic(LEADS))
