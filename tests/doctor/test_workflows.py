"""doctor with workflows: from the configuration, from files, and from a running n8n."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.formats import LISTING
from tests.helpers.n8n_api import API_KEY, URL
from tests.helpers.project import CONSUMER_SECRET, REFRESH_TOKEN, Project
from tests.helpers.workflows import HTTP, ID, TRIGGER, http, node, workflow, write

Run = Callable[..., Outcome]
Json = dict[str, Any]
CHOSEN = {"operation": "get", "leadId": "00Q"}
FLOW = Path("workflows/lead.json")
JWT = "salesforceJwtApi"
OAUTH2 = "salesforceOAuth2Api"
ORG = "https://acme--uat.sandbox.my.salesforce.com"


@pytest.fixture
def specs(project: Project) -> Project:
    """A project with one OAuth2 credential, and a configuration that names the workflows."""
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    project.credential("n8n: {http_request: org}\n", "oauth2", "credentials/acme.yaml")
    return project


def report_of(run: Run, *arguments: str) -> Json:
    report = json.loads(run("doctor", "--format", "json", *arguments).out)
    assert report["crashed"] == []
    assert isinstance(report, dict)
    return report


def found(run: Run, *nodes: Json, **more: Any) -> list[str]:
    """Return the ids of what doctor finds in a workflow with these nodes."""
    write(FLOW, workflow(*nodes, **more))
    findings = report_of(run)["findings"]
    return [finding["check"] for finding in findings if finding["check"].startswith("SFC8")]


def linked(kind: str, key: str | None = ID, name: str = "Acme CRM") -> Json:
    return {"credentials": {kind: {"id": key, "name": name}}}


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([node(CHOSEN)], []),
        ([node({**CHOSEN, "authentication": "jwt"}, **linked(OAUTH2))], ["SFC806", "SFC801"]),
        ([node(CHOSEN, credentials={})], ["SFC806", "SFC801"]),
        ([node(CHOSEN, **linked(OAUTH2, None, ""))], ["SFC806", "SFC801"]),
        ([http(f"{ORG}/x", credentials={})], []),  # replaced below: the helper always has one
        ([node({**CHOSEN, "authentication": "={{ 1 }}"})], ["SFC806"]),
        ([node(CHOSEN, **linked(OAUTH2, "other"))], ["SFC806", "SFC802"]),
        ([node(CHOSEN, **linked(OAUTH2, None))], ["SFC806", "SFC802"]),
        ([node(CHOSEN, disabled=True, **linked(OAUTH2, "other")), node(CHOSEN)], []),
        ([node({**CHOSEN, "authentication": "jwt"}, **linked(JWT))], ["SFC803"]),
        ([http(f"{ORG}/services/data/v60.0/limits", JWT)], ["SFC803"]),
        # A leftover of another authentication isn't used.
        ([node(CHOSEN, credentials={**linked(OAUTH2)["credentials"], **linked(JWT, "x")["credentials"]})], []),
        ([http("https://hooks.example.com/x")], ["SFC807"]),
        ([http("https://other.my.salesforce.com/services/data/v60.0/limits")], ["SFC807"]),
        ([http("https://acme--uat.sandbox.my.salesforce.com.evil.example/")], ["SFC807"]),
        ([http("https://user@evil.example/services/data/v60.0/limits")], ["SFC807"]),
        ([http("https://acme--uat.sandbox.my.salesforce-sites.com/x")], ["SFC807"]),
        ([http("={{ $json.url }}")], []),  # the spec limits the hosts; which one isn't known
        ([http(f"={ORG}/services/data/v60.0/sobjects/Lead/{{{{ $json.id }}}}")], []),
        ([http("https://ACME--UAT.sandbox.my.salesforce.com/services/data/v60.0/limits")], []),
        ([http("https://acme--uat.sandbox.lightning.force.com/services/data/v60.0/limits")], ["SFC810"]),
        ([http("https://hooks.example.com/x", authentication="none"), node(CHOSEN)], []),
        ([node({"operation": "getAll"})], ["SFC809"]),
        ([node({"operation": "getAll", "options": {"fields": ["Id"]}})], []),
        ([node({"triggerOn": "leadCreated"}, TRIGGER)], ["SFC809"]),
        ([node({"resource": "document", "title": "x"})], []),
    ],
)  # fmt: skip
def test_what_is_found_in_a_node(
    specs: Project, run: Run, nodes: list[Json], expected: list[str]
) -> None:
    if nodes[0]["type"] == HTTP and not nodes[0]["credentials"]:
        expected = ["SFC806", "SFC801"]
    assert found(run, *nodes) == expected


@pytest.mark.parametrize(
    ("n8n", "url", "expected"),
    [
        ("http_request: any", "https://x.example", ["error"]),
        ("http_request: any", "={{ $json.url }}", ["warning"]),
        ("http_request: any", "=https://{{ $json.host }}/x", ["warning"]),
        (
            'http_request: none, version: "1.100.0"',
            "={{ $json.url }}",
            ["warning"],
        ),  # it ignores the field
        ("http_request: none", "={{ $json.url }}", []),
        ("http_request: org", "={{ $json.url }}", []),
        ("http_request: [x.example]", "https://x.example/y", []),
        ("http_request: ['*.x.example']", "https://a.x.example/y", []),
        ("http_request: [x.example]", "https://y.example", ["error"]),
    ],
)
def test_where_the_token_may_go(
    project: Project, run: Run, n8n: str, url: str, expected: list[str]
) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    project.credential(f"n8n: {{{n8n}}}\n", "oauth2", "credentials/acme.yaml")
    write(FLOW, workflow(http(url)))
    severities = [f["severity"] for f in report_of(run)["findings"] if f["check"] == "SFC807"]
    assert severities == expected


def paged(next_url: str, mode: str = "responseContainsNextURL", **more: Any) -> Json:
    """Return a node that reads page after page: the first one of the org."""
    pages = {"paginationMode": mode, "nextURL": next_url}
    return {**http(f"{ORG}/x", options={"pagination": {"pagination": pages}}), **more}


def graphql(endpoint: str, kind: str = "n8n-nodes-base.graphql") -> Json:
    given = {"authentication": "predefinedCredentialType", "nodeCredentialType": OAUTH2}
    return node({**given, "endpoint": endpoint}, kind, typeVersion=1.1)


EVIL = "https://evil.example.com/"


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        *((http(f"{space}{EVIL}"), ["error"]) for space in "\ufeff\xa0\u1680\u2028\u3000 \x01\x1f"),
        (http(f"=\ufeff{EVIL}"), ["error"]),
        (http("ht\ntps://ev\til.example.com/"), ["error"]),
        (http(f"\ufeff{ORG}/x"), []),
        (http("https:\\\\evil.example.com"), ["error"]),
        (paged(f"{EVIL}x"), ["error"]),
        (paged("={{ $response.body.next }}"), ["warning"]),
        (paged(f"={ORG}/{{{{ $response.body.next }}}}"), []),
        (paged(f"={ORG}{{{{ $response.body.next }}}}"), ["warning"]),  # it can be .evil.com
        (paged(f"{EVIL}x", "off"), []),
        (paged(f"{EVIL}x", "updateAParameterInEachRequest"), []),
        (paged(f"{EVIL}x", typeVersion=2), []),  # it has no pages
        (paged(EVIL, type="n8n-nodes-base.httpRequestTool"), ["error"]),
        (graphql(EVIL), ["error"]),
        (graphql(f"\n{EVIL}", "n8n-nodes-base.graphqlTool"), ["error"]),
        (graphql("={{ $json.endpoint }}"), ["warning"]),
        (graphql(f"{ORG}/services/data/v60.0/graphql"), []),
        (http(EVIL, authentication="={{ $json.way }}"), ["error"]),
    ],
)  # fmt: skip
def test_where_else_a_node_sends_the_token(
    project: Project, run: Run, one: Json, expected: list[str]
) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    project.credential("n8n: {http_request: any}\n", "oauth2", "credentials/acme.yaml")
    write(FLOW, workflow(one))
    severities = [f["severity"] for f in report_of(run)["findings"] if f["check"] == "SFC807"]
    assert severities == expected


@pytest.mark.parametrize("one", [paged("https://cs1.salesforce.com/x"), graphql("https://cs1.salesforce.com/x")])  # fmt: skip
def test_n8n_refuses_a_next_page_and_graphql_too(specs: Project, run: Run, one: Json) -> None:
    write(FLOW, workflow(one))
    (finding,) = [f for f in report_of(run)["findings"] if f["check"] == "SFC810"]
    assert "cs1.salesforce.com" in finding["message"]


CUSTOM = "n8n: {http_request: [api.acme.com]}"


@pytest.mark.parametrize(
    ("base", "fragment", "url", "expected"),
    [
        ("oauth2", "{}", f"{ORG}/services/data/v60.0/limits", "is not set, which means none"),
        ("jwt", "{}", f"{ORG}/services/data/v60.0/limits", "is not set, which means none"),
        ("oauth2", "n8n: {http_request: none}", f"{ORG}/x", "n8n.http_request is none"),
        ("oauth2", "{}", f"={ORG}/services/data/v60.0/sobjects/{{{{ $json.o }}}}", "is not set"),
        ("oauth2", "{}", "={{ $json.url }}", "is not set"),  # n8n doesn't even look at the address
        ("oauth2", "{}", "", "is not set"),
        ("oauth2", 'n8n: {version: "1.110.0"}', f"{ORG}/x", "is not set"),
        ("oauth2", "n8n: {version: null}", f"{ORG}/x", "is not set"),
        ("oauth2", CUSTOM, f"{ORG}/x", "is a list without this host"),
        ("oauth2", CUSTOM, f"{ORG}:443/x", "is a list without this host"),
        ("oauth2", CUSTOM, f"=\t{ORG.upper()}/x", "is a list without this host"),
        ("oauth2", "n8n: {http_request: ['*.acme--uat.sandbox.my.salesforce.com']}", f"{ORG}/x",
         "is a list without this host"),
        ("oauth2", "n8n: {http_request: org}",
         "https://acme--uat.sandbox.lightning.force.com/x", "n8n.http_request is org"),
        # Near misses
        ("oauth2", "n8n: {http_request: org}", f"{ORG}/x", ""),
        ("oauth2", "n8n: {http_request: org}", f"=  {ORG}:443/{{{{ $json.path }}}}", ""),
        ("oauth2", "n8n: {http_request: any}", f"{ORG}/x", ""),
        ("oauth2", "n8n: {http_request: any}", "={{ $json.url }}", ""),
        ("oauth2", 'n8n: {version: "1.109.0"}', f"{ORG}/x", ""),
        ("oauth2", "n8n: {http_request: ['*.salesforce.com']}", f"{ORG}/x", ""),
        ("jwt", CUSTOM, f"{ORG}/x", ""),  # the host of the login is always in the list
        ("oauth2", CUSTOM, "", ""),
        ("oauth2", CUSTOM, "https://api.acme.com/x", ""),
        ("oauth2", CUSTOM, "={{ $json.url }}", ""),
    ],
)  # fmt: skip
def test_what_n8n_refuses(
    project: Project, run: Run, base: str, fragment: str, url: str, expected: str
) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    project.material("credentials/acme.key", "rsa-2048")
    project.credential(f"{fragment}\n", base, "credentials/acme.yaml")
    write(FLOW, workflow(http(url, JWT if base == "jwt" else OAUTH2)))
    found = [f for f in report_of(run)["findings"] if f["check"] == "SFC810"]
    assert [f["severity"] for f in found] == (["error"] if expected else [])
    for finding in found:
        assert "node `node` in `Lead sync`: n8n refuses its requests" in finding["message"]
        assert expected in finding["message"]
        assert "n8n.http_request" in finding["hint"]
        assert (finding["file"], finding["line"]) == (str(FLOW), 6)


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("{}", "Set n8n.http_request to org."),
        (CUSTOM, "Add `acme--uat.sandbox.my.salesforce.com` to n8n.http_request."),
        ("my_domain: null", "Set n8n.http_request to a list of hosts, with `acme--uat"),
    ],
)
def test_what_to_set_for_a_refused_host(
    project: Project, run: Run, fragment: str, expected: str
) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    project.credential(f"{fragment}\n", "oauth2", "credentials/acme.yaml")
    write(FLOW, workflow(http(f"{ORG}/x")))
    (finding,) = [f for f in report_of(run)["findings"] if f["check"] == "SFC810"]
    assert "`acme--uat.sandbox.my.salesforce.com`" in finding["message"]
    assert finding["hint"].startswith(expected)


def test_a_host_from_an_expression_is_not_known_to_be_refused(specs: Project, run: Run) -> None:
    write(FLOW, workflow(http("=https://{{ $json.host }}/services/data/v60.0/limits")))
    report = report_of(run)
    assert report["findings"] == []
    (entry,) = [one for one in report["not_checked"] if one["check"] == "SFC810"]
    assert entry["reason"].startswith("node `node` in `Lead sync`: an expression decides the host")
    assert run("doctor").status == 0


def test_profiles_of_which_one_allows_the_host(project: Project, run: Run) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    profiles = "profiles: {a: {n8n: {http_request: none}}, b: {n8n: {http_request: org}}}\n"
    project.credential(profiles, "oauth2", "credentials/acme.yaml")
    assert found(run, http(f"{ORG}/services/data/v60.0/limits")) == []


def test_a_foreign_host_that_n8n_refuses_is_one_finding(project: Project, run: Run) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    project.credential("{}\n", "oauth2", "credentials/acme.yaml")
    write(FLOW, workflow(http("https://hooks.example.com/x")))
    (finding,) = report_of(run)["findings"]
    assert finding["check"] == "SFC807"
    assert "hooks.example.com" in finding["message"]
    assert "n8n refuses that (n8n.http_request)" in finding["message"]
    assert "list it in n8n.http_request" in finding["hint"]


def test_the_nearest_credential_by_name(specs: Project, run: Run) -> None:
    write(FLOW, workflow(node(CHOSEN, **linked(OAUTH2, "zzz", "Acme CRM2"))))
    (finding,) = [f for f in report_of(run)["findings"] if f["check"] == "SFC802"]
    assert "Did you mean `acme-crm` (id `acmeCrm000000001`)?" in finding["hint"]
    assert (finding["file"], finding["line"]) == (str(FLOW), 6)


@pytest.mark.parametrize(("version", "expected"), [("2.34.2", ["SFC804"]), ("2.35.0", [])])
def test_the_trigger_and_jwt(project: Project, run: Run, version: str, expected: list[str]) -> None:
    project.credential(f'n8n: {{version: "{version}"}}\n', "jwt", "credentials/acme.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    Path("sfcred.toml").write_text(
        'workflows = ["workflows"]\nignore = ["SFC809"]\n', encoding="utf-8"
    )
    trigger = node({"triggerOn": "leadCreated", "authentication": "jwt"}, TRIGGER)
    assert found(run, trigger) == expected


def test_without_a_version_the_trigger_is_not_checked(project: Project, run: Run) -> None:
    project.credential("n8n: {version: null}\n", "jwt", "credentials/acme.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    write(FLOW, workflow(node({"triggerOn": "leadCreated", "authentication": "jwt"}, TRIGGER)))
    report = report_of(run)
    assert "SFC804" not in {f["check"] for f in report["findings"]}
    assert [e["cause"] for e in report["not_checked"] if e["check"] == "SFC804"] == ["not_stated"]


def test_profiles_that_share_an_id_are_not_mixed_environments(project: Project, run: Run) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    fragment = (
        "profiles:\n  uat: {}\n  production: {environment: production, "
        "my_domain: https://acme.my.salesforce.com, n8n: {url: https://n8n-prod.acme.com}, "
        "app: {callback_urls: [https://n8n-prod.acme.com/rest/oauth2-credential/callback]}}\n"
    )
    project.credential(fragment, "oauth2", "credentials/acme.yaml")
    assert "SFC805" not in found(run, node(CHOSEN), node(CHOSEN))


ACCESS = "00D000000000001!AQcAQ.canary4711canary4711canary"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIcanary4711\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("where", "secrets"),
    [
        (node({"headers": {"Authorization": f"Bearer {ACCESS}"}}), 1),
        (node({"code": f"const key = `{KEY}`"}, "n8n-nodes-base.code"), 1),
        (node({"body": f"grant_type=x&client_secret={CONSUMER_SECRET}"}, HTTP), 1),
        (node({"jsonBody": json.dumps({"clientSecret": CONSUMER_SECRET})}, HTTP), 1),
        (node({"p": [{"name": "client_secret", "value": CONSUMER_SECRET}]}, HTTP), 1),
        (node({"p": [{"value": CONSUMER_SECRET, "name": "client_secret"}]}, HTTP), 1),
        (node({"p": [{"name": "client_secret", "type": "string", "value": CONSUMER_SECRET}]}), 1),
        (node({"jsCode": f"const client_secret = '{CONSUMER_SECRET}'"}, "n8n-nodes-base.code"), 1),
        (node({"workflowJson": json.dumps(workflow(node({"jsonBody": json.dumps({"client_secret": CONSUMER_SECRET})}, HTTP)))}), 1),
        (node({"client_secret": "1234567890123456789"}, HTTP), 1),
        (node({"refresh": REFRESH_TOKEN}, HTTP, disabled=True), 1),
        (node({"a": ACCESS, "b": ACCESS}, HTTP), 1),
        (node({"a": ACCESS, "b": REFRESH_TOKEN}, HTTP), 2),
        (node({"client_secret": "={{ $vars.secret }}"}, HTTP), 0),
        (node({"hash": "ab" * 32, "number": "1234567890123456"}, HTTP), 0),
        (node({"id": "00D000000000001AAA", "url": "https://x/00D000000000001!"}, HTTP), 0),
        (node({"note": "-----BEGIN CERTIFICATE-----"}, HTTP), 0),
    ],
)  # fmt: skip
def test_secrets_in_a_workflow(specs: Project, run: Run, where: Json, secrets: int) -> None:
    where = {**where, "credentials": {}}
    write(FLOW, workflow(where, node(CHOSEN)))
    for form in ("json", "text", "sarif", "github", "html"):
        done = run("doctor", "--format", form)
        assert "canary4711" not in done.out + done.err
        assert CONSUMER_SECRET not in done.out + done.err
    findings = [f for f in report_of(run)["findings"] if f["check"] == "SFC808"]
    assert len(findings) == secrets
    assert all("node `node`" in finding["message"] for finding in findings)


def test_secrets_in_pinned_data(specs: Project, run: Run) -> None:
    write(FLOW, workflow(node(CHOSEN), pinData={"node": [{"json": {"token": ACCESS}}]}))
    (finding,) = report_of(run)["findings"]
    assert finding["check"] == "SFC808"
    assert "pinned or static data" in finding["message"]
    line = FLOW.read_text(encoding="utf-8").split("\n")[finding["line"] - 1]
    assert line[finding["column"] - 1 :].startswith("00D")


def test_the_configuration_s_workflows_are_checked_only_with_all_specs(
    specs: Project, run: Run
) -> None:
    write(FLOW, workflow(node({"operation": "getAll"})))
    assert [f["check"] for f in report_of(run)["findings"]] == ["SFC809"]
    assert report_of(run, "credentials/acme.yaml")["findings"] == []
    chosen = report_of(run, "credentials/acme.yaml", "--workflows", "workflows")
    assert [f["check"] for f in chosen["findings"]] == ["SFC809"]


def test_with_some_specs_an_unknown_credential_is_not_judged(specs: Project, run: Run) -> None:
    write(FLOW, workflow(node(CHOSEN, **linked(OAUTH2, "other"))))
    report = report_of(run, "credentials/acme.yaml", "--workflows", "workflows")
    assert "SFC802" not in {f["check"] for f in report["findings"]}
    assert "SFC802" in {entry["check"] for entry in report["not_checked"]}


def test_a_credential_in_a_spec_with_errors_is_not_called_unknown(specs: Project, run: Run) -> None:
    specs.credential("name: other\nenvironment: [x]\n", "oauth2", "credentials/other.yaml")
    write(FLOW, workflow(node(CHOSEN, **linked(OAUTH2, "other"))))
    report = report_of(run)
    assert "SFC802" not in {f["check"] for f in report["findings"]}
    (entry,) = [e for e in report["not_checked"] if e["check"] == "SFC802"]
    assert (entry["file"], entry["cause"]) == (str(FLOW), "unreadable")
    assert "could not be understood" in entry["reason"]


@pytest.mark.parametrize(
    ("configuration", "options", "status", "credential"),
    [
        # Workflows that fit say nothing about whether the credential works.
        ('select = ["SFC8"]', (), 4, "unknown"),
        ('select = ["SFC805", "SFC003"]', (), 4, "unknown"),
        ('select = ["SFC8", "SFC105"]', (), 0, "ok"),
        ('ignore = ["SFC0", "SFC1", "SFC2", "SFC3", "SFC4", "SFC5", "SFC6", "SFC7"]', (), 4, "unknown"),
        ("", ("--select", "SFC8"), 0, "ok"),  # asked for, and done
        ('select = ["SFC1"]', ("--select", "SFC8"), 0, "ok"),
        ('select = ["SFC8"]', ("--select", "SFC105"), 0, "ok"),
    ],
)  # fmt: skip
def test_checks_of_workflows_alone_make_no_credential_ok(
    specs: Project, run: Run, configuration: str, options: tuple[str, ...],
    status: int, credential: str,
) -> None:  # fmt: skip
    Path("sfcred.toml").write_text(
        f'workflows = ["workflows"]\n{configuration}\n', encoding="utf-8"
    )
    write(FLOW, workflow(node(CHOSEN)))
    done = run("doctor", "--format", "json", *options)
    report = json.loads(done.out)
    assert (done.status, [one["status"] for one in report["credentials"]]) == (status, [credential])
    assert report["findings"] == []


def test_what_a_file_leaves_out_of_the_workflow_checks_is_told(specs: Project, run: Run) -> None:
    Path("sfcred.toml").write_text(
        'workflows = ["workflows"]\nselect = ["SFC1"]\n', encoding="utf-8"
    )
    write(FLOW, workflow(http("https://hooks.example.com/x")))
    report = report_of(run)
    assert report["findings"] == []
    told = {e["check"]: e["reason"] for e in report["not_checked"]}
    assert told["SFC807"] == "`select` in sfcred.toml runs only SFC1"


def test_the_workflows_of_a_running_n8n(
    specs: Project, run: Run, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    entry = {**workflow(node({**CHOSEN, "authentication": "jwt"}, **linked(OAUTH2))), "id": "abc"}
    httpx_mock.add_response(json={"data": [entry], "nextCursor": None}, is_reusable=True)
    findings = report_of(run, "--n8n", URL)["findings"]
    assert [(f["check"], f["file"]) for f in findings] == [
        ("SFC806", "credentials/acme.yaml"),
        ("SFC801", f"{URL}/workflow/abc"),
    ]
    assert run("doctor", "--n8n", URL, "--workflows", "x").status == 2


def test_a_workflow_that_comes_on_two_pages_is_checked_once(
    specs: Project, run: Run, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Someone who changes a workflow while the list is read moves the others to later pages.
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    entry = {**workflow(node({"operation": "getAll"})), "id": "abc"}
    httpx_mock.add_response(json={"data": [entry], "nextCursor": "2"})
    httpx_mock.add_response(json={"data": [entry], "nextCursor": None})
    assert [f["check"] for f in report_of(run, "--n8n", URL)["findings"]] == ["SFC809"]


def test_a_file_that_cannot_be_read_is_not_checked(specs: Project, run: Run) -> None:
    write(FLOW, workflow(node(CHOSEN)))
    (FLOW.parent / "broken.json").write_text('{"nodes": [', encoding="utf-8")
    assert run("doctor").status == 4
    report = report_of(run)
    broken = {e["check"] for e in report["not_checked"] if e["file"].endswith("broken.json")}
    assert {"SFC801", "SFC809"} <= broken


def test_a_credential_is_not_called_unused_if_a_file_cannot_be_read(
    specs: Project, run: Run
) -> None:
    write(FLOW, workflow())
    assert [f["check"] for f in report_of(run)["findings"]] == ["SFC806"]
    (FLOW.parent / "broken.json").write_text('{"nodes": [', encoding="utf-8")
    report = report_of(run)
    assert report["findings"] == []
    assert "SFC806" in {entry["check"] for entry in report["not_checked"]}


def test_a_credential_is_not_called_unused_if_an_inline_workflow_cannot_be_read(
    specs: Project, run: Run
) -> None:
    parameters = {"source": "parameter", "workflowJson": "={{ $json.workflow }}"}
    write(FLOW, workflow(node(parameters, "n8n-nodes-base.executeWorkflow", credentials={})))
    report = report_of(run)
    assert report["findings"] == []
    assert "SFC806" in {entry["check"] for entry in report["not_checked"]}


@pytest.mark.parametrize(
    "rule",
    [
        'workflows = ["workflows"]\nignore = ["SFC809"]\n',
        'workflows = ["workflows"]\n[path_ignores]\n"workflows/" = {SFC809 = "the user sees all"}\n',
    ],
)
def test_findings_in_workflows_can_be_ignored(specs: Project, run: Run, rule: str) -> None:
    write(FLOW, workflow(node({"operation": "getAll"})))
    Path("sfcred.toml").write_text(rule, encoding="utf-8")
    report = report_of(run)
    assert report["findings"] == []
    assert report["summary"]["ignored"] == 1


def test_a_spec_can_ignore_what_concerns_its_credential(project: Project, run: Run) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    fragment = "doctor: {ignore: {SFC809: the user sees all}}\n"
    project.credential(fragment, "oauth2", "credentials/acme.yaml")
    assert found(run, node({"operation": "getAll"})) == []


def test_a_baseline_takes_in_workflows_but_no_secrets(specs: Project, run: Run) -> None:
    secret = node({"headers": ACCESS}, HTTP, credentials={})
    write(FLOW, workflow(node({"operation": "getAll"}), secret))
    assert run("doctor", "--write-baseline").status == 1  # the secret
    assert [f["check"] for f in report_of(run)["findings"]] == ["SFC808"]


@pytest.mark.parametrize("name", LISTING)
def test_every_format_shows_findings_in_workflows(specs: Project, run: Run, name: str) -> None:
    write(FLOW, workflow(node({"operation": "getAll"}, name="Get <b>all</b>\n::error::x")))
    done = run("doctor", "--format", name)
    assert done.status == 0
    assert "SFC809" in done.out
    assert "<b>all" not in done.out or name in (
        "json",
        "text",
        "concise",
        "github",
        "sarif",
        "gitlab",
    )
    assert "\n::error::x" not in done.out


def test_other_commands_do_not_look_at_workflows(specs: Project, run: Run) -> None:
    write(FLOW, workflow(http("https://hooks.example.com/x")))
    assert run("doctor").status == 1
    assert run("render", "-o", "out.json", "--force").status == 0


def test_the_html_report_shows_what_workflows_need(specs: Project, run: Run) -> None:
    unknown = node({"operation": "={{ $json.op }}"}, name="Later <i>")
    write(FLOW, workflow(node({"resource": "case", "operation": "getAll"}), unknown))
    page = run("doctor", "--format", "html").out
    section = page.partition("What workflows need")[2].partition("</details>")[0]
    assert "<dt>Case</dt><dd>read: Id, AccountId" in section
    assert "requested by n8n itself (node)" in section
    assert "Lead sync / Later &lt;i&gt; (the operation comes from an expression)" in section
    Path("sfcred.toml").write_text("", encoding="utf-8")
    assert "What workflows need" not in run("doctor", "--format", "html").out
