"""doctor and needs with the workflows of a running n8n, made and listed through its public API."""

import json
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.e2e.conftest import NEW, OLD
from tests.e2e.n8n import Client, N8n
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET
from tests.helpers.workflows import HTTP, SALESFORCE, TRIGGER

Run = Callable[..., Outcome]
Json = dict[str, Any]
OAUTH2, JWT = "salesforceOAuth2Api", "salesforceJwtApi"
ORG = "https://acme--uat.sandbox.my.salesforce.com"
SPEC = """\
version: 1
name: {name}
environment: {environment}
my_domain: {domain}
client_id: {{env: KEY}}
oauth2: {{client_secret: {{env: SECRET}}}}
app: {{type: connected_app, scopes: [api, refresh_token, full]}}
n8n: {{version: "{version}", id: {key}, http_request: {http_request}}}
"""
SPECS = {
    "sandbox": ("acmeSandbox00001", "sandbox", ORG, "none"),
    "limited": ("acmeLimited00001", "sandbox", ORG, "org"),
    "production": ("acmeProd00000001", "production", "https://acme.my.salesforce.com", "none"),
    "idle": ("acmeIdle00000001", "sandbox", ORG, "none"),
}
GET = {"resource": "lead", "operation": "get", "leadId": "00Q000000000001AAA"}
QUERY = {"resource": "search", "operation": "query", "query": "SELECT Id, Email FROM Contact"}


class Server:
    """A running n8n, and its public API."""

    def __init__(self, n8n: N8n, client: Client) -> None:
        self.n8n, self.client = n8n, client
        self.url = f"http://127.0.0.1:{n8n.port}"
        self.scopes = ["workflow:create", "workflow:list", "workflow:read"]
        body = {"label": "sfcred", "expiresAt": None, "scopes": self.scopes}
        self.key: str = client.post("api-keys", body)["rawApiKey"]

    def create(self, name: str, *nodes: Json) -> str:
        """Create a workflow, and return its id."""
        body = {
            "name": name,
            "nodes": [
                {"id": f"{name}-{number}", "position": [0, 0], "name": f"node {number}", **one}
                for number, one in enumerate(nodes, 1)
            ],
            "connections": {},
            "settings": {},
        }
        headers = {"Content-Type": "application/json", "X-N8N-API-KEY": self.key}
        request = urllib.request.Request(
            f"{self.url}/api/v1/workflows", json.dumps(body).encode(), headers
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            key = json.load(answer)["id"]
        assert isinstance(key, str)
        return key


@pytest.fixture(params=[OLD, NEW])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    n8n = N8n(request.param, tmp_path / "n8n")
    Path("credentials").mkdir()
    for name, (key, environment, domain, wanted) in SPECS.items():
        values = {"environment": environment, "domain": domain, "http_request": wanted}
        text = SPEC.format(name=name, key=key, version=n8n.version, **values)
        Path(f"credentials/{name}.yaml").write_text(text, encoding="utf-8")
    for name, value in (("KEY", CONSUMER_KEY), ("SECRET", CONSUMER_SECRET)):
        monkeypatch.setenv(name, value)
    with n8n.serving() as client:
        found = Server(n8n, client)
        monkeypatch.setenv("N8N_API_KEY", found.key)
        yield found


def uses(name: str, kind: str = OAUTH2) -> Json:
    key = SPECS[name][0] if name in SPECS else name
    return {"credentials": {kind: {"id": key, "name": name}}}


def salesforce(parameters: Json, **more: Any) -> Json:
    return {"type": SALESFORCE, "typeVersion": 1, "parameters": parameters, **more}


def request_to(url: str, name: str) -> Json:
    parameters = {
        "url": url, "authentication": "predefinedCredentialType", "nodeCredentialType": OAUTH2
    }  # fmt: skip
    return {"type": HTTP, "typeVersion": 4.2, "parameters": parameters, **uses(name)}


#: Workflows, and what doctor finds in each.
CASES: dict[str, tuple[list[Json], list[str]]] = {
    "good": ([salesforce(GET, **uses("sandbox")), salesforce(QUERY, **uses("sandbox"))], []),
    "no credential": ([salesforce(GET)], ["SFC801"]),
    "moved to JWT": (
        [salesforce({**GET, "authentication": "jwt"}, **uses("sandbox"))], ["SFC801"]
    ),
    "unknown": ([salesforce(GET, **uses("gone000000000001"))], ["SFC802"]),
    "other type": (
        [salesforce({**GET, "authentication": "jwt"}, **uses("sandbox", JWT))], ["SFC803"]
    ),
    "mixed": (
        [salesforce(GET, **uses("sandbox")), salesforce(GET, **uses("production"))], ["SFC805"]
    ),
    "foreign": ([request_to("https://hooks.example.com/x", "sandbox")], ["SFC807"]),
    "secret": (
        [salesforce({**GET, "leadId": f"00D000000000001!{'A1b2' * 20}"}, **uses("sandbox"))],
        ["SFC808"],
    ),
    "unasked": (
        [salesforce({"resource": "lead", "operation": "getAll"}, **uses("sandbox")),
         {"type": TRIGGER, "typeVersion": 1, **uses("sandbox"),
          "parameters": {"triggerOn": "caseUpdated"}}],
        ["SFC809", "SFC809"],
    ),
    "refused": ([request_to(f"{ORG}/services/data/v60.0/limits", "sandbox")], ["SFC810"]),
    "refused anywhere": ([request_to("={{ $json.url }}", "sandbox")], ["SFC810"]),
    "allowed": ([request_to(f"{ORG}/services/data/v60.0/limits", "limited")], []),
    "disabled": ([salesforce(GET, disabled=True)], []),
}  # fmt: skip
#: More than a page of n8n's API, all of them before the workflows above or after them.
FILLING = 101


def test_what_doctor_and_needs_read_through_the_api(server: Server, run: Run) -> None:
    for number in range(FILLING):
        server.create(f"filling {number}")
    ids = {name: server.create(name, *nodes) for name, (nodes, _) in CASES.items()}
    archived = server.create("archived", salesforce(GET))
    server.client.post(f"workflows/{archived}/archive", {})

    def judge(*source: str) -> Json:
        done = run("doctor", *source, "--select", "SFC8", "--format", "json")
        assert done.status == 1, done
        report = json.loads(done.out)
        assert report["crashed"] == []
        assert isinstance(report, dict)
        return report

    report = judge("--n8n", server.url)
    found = Counter((f["file"].rpartition("/")[2], f["check"]) for f in report["findings"])
    expected = Counter(
        (ids[name], check) for name, (_, checks) in CASES.items() for check in checks
    )
    assert found - expected == {("idle.yaml", "SFC806"): 1}
    assert expected - found == {}
    assert all(f["file"].startswith((server.url, "credentials/")) for f in report["findings"])

    # The same workflows in n8n's own export give the same findings.
    server.n8n.command("export:workflow", "--all", f"--output={server.n8n.folder / 'all.json'}")
    exported = judge("--workflows", str(server.n8n.folder / "all.json"))
    assert sorted((f["check"], f["message"]) for f in exported["findings"]) == sorted(
        (f["check"], f["message"]) for f in report["findings"]
    )

    needs = run("needs", "--n8n", server.url, "--format", "json")
    assert needs.status == 0, needs
    by_name = {one["credential"]: one for one in json.loads(needs.out)["credentials"]}
    assert {"sandbox", "limited", "production", None} == set(by_name)
    sandbox = {one["object"]: one for one in by_name["sandbox"]["objects"]}
    assert set(sandbox) == {"Case", "Contact", "Lead"}
    assert sandbox["Contact"]["fields"] == [
        {"field": field, "verbs": ["read"], "unasked": False} for field in ("Email", "Id")
    ]
    (user,) = sandbox["Contact"]["used_by"]
    assert user == {
        "file": f"{server.url}/workflow/{ids['good']}",
        "workflow": "good", "node": "node 2", "active": False,
    }  # fmt: skip
    assert CONSUMER_SECRET not in needs.out + needs.err
    assert server.key not in needs.out + needs.err
