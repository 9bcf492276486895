"""A real n8n is the oracle of `sfcred needs`.

Workflows with every resource, operation and option of n8n's Salesforce nodes run in it against an
org that records the requests. They have to need exactly what n8n requested. The requests are in
tests/needs/oracle.json, for the unit tests. To write the file again, set SFCRED_E2E_WRITE_ORACLE.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.e2e_install import n8n_home, node_home
from scripts.salesforce_nodes import table_text
from scripts.standard_names import TARGET as NAMES
from scripts.standard_names import names_text
from sfcred.n8n import salesforce_nodes
from sfcred.n8n.versions import format_version
from tests.e2e.conftest import NEW, OLD
from tests.e2e.n8n import N8n
from tests.e2e.recording_org import RecordingOrg
from tests.helpers.material import Workshop
from tests.helpers.workflows import SALESFORCE, TRIGGER

ORACLE = Path(__file__).parents[1] / "needs/oracle.json"
_CASES = Path(__file__).with_name("oracle_cases.cjs")
_JWT_EVERY = 10  # every tenth case uses JWT, the others OAuth2
Json = dict[str, Any]


@pytest.fixture
def recorder() -> Iterator[RecordingOrg]:
    org = RecordingOrg()
    yield org
    org.close()


def cases_of(version: str) -> tuple[list[Json], list[Json]]:
    """Return the cases for the node and for the trigger, each with a name and parameters."""
    command = [str(node_home() / "bin/node"), str(_CASES), str(n8n_home(version))]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    nodes = [
        {"case": name, "parameters": parameters, "version": (1, 1.1)[number % 2],
         "type": f"{SALESFORCE}Tool" if number % 50 == 49 else SALESFORCE}
        for number, (name, parameters) in enumerate(found["nodes"])
    ]  # fmt: skip
    triggers = [
        {"case": name, "parameters": parameters, "version": 1, "type": TRIGGER}
        for name, parameters in found["triggers"]
    ]
    return nodes, triggers


def credential(org: RecordingOrg, number: int, key: str) -> Json:
    """Return a credential of its own for each case, so that its requests can be told apart."""
    base: Json = {"id": f"case{number}", "name": f"case {number}"}
    if number % _JWT_EVERY == 0:
        given = {"environment": "production", "clientId": "x", "privateKey": key,
                 "username": f"case{number}@acme.com", "myDomainUrl": org.url}  # fmt: skip
        return {**base, "type": "salesforceJwtApi", "data": given}
    tokens = {
        "access_token": "00D!x",
        "refresh_token": "x",
        "instance_url": org.instance_url(number),
    }
    data: Json = {"environment": "production", "clientId": "x", "clientSecret": "x"}
    data["oauthTokenData"] = tokens
    return {**base, "type": "salesforceOAuth2Api", "data": data}


def node(case: Json, number: int, uses: Json) -> Json:
    is_jwt = uses["type"] == "salesforceJwtApi"
    more = {"pollTimes": {"item": [{"mode": "everyX", "unit": "hours", "value": 5}]}}
    return {
        "id": f"n{number}",
        "name": f"n{number}",
        "type": case["type"],
        "typeVersion": case["version"],
        "position": [400, number * 10],
        "onError": "continueRegularOutput",
        "parameters": {
            **case["parameters"],
            **({"authentication": "jwt"} if is_jwt else {}),
            **(more if case["type"] == TRIGGER else {}),
        },
        "credentials": {uses["type"]: {"id": uses["id"], "name": uses["name"]}},
    }


def other(name: str, kind: str, parameters: Json, version: float = 1) -> Json:
    return {"id": name, "name": name, "type": f"n8n-nodes-base.{kind}", "typeVersion": version,
            "position": [0, 0], "parameters": parameters}  # fmt: skip


def workflows(nodes: list[Json], triggers: list[Json]) -> list[Json]:
    """Return one workflow in which a file goes to all nodes, and one with all triggers."""
    text = {"mode": "raw", "jsonOutput": '{"text": "x"}', "options": {}}
    first = [
        other("start", "manualTrigger", {}),
        other("text", "set", text, 3.4),
        other("file", "convertToFile", {"operation": "toText", "sourceProperty": "text"}, 1.1),
    ]
    fan = [{"node": one["name"], "type": "main", "index": 0} for one in nodes]
    steps = {"start": "text", "text": "file"}
    chain = {a: {"main": [[{"node": b, "type": "main", "index": 0}]]} for a, b in steps.items()}
    more = {"settings": {}, "active": False}
    end = other("end", "noOp", {})
    to_end = {
        one["name"]: {"main": [[{"node": "end", "type": "main", "index": 0}]]} for one in triggers
    }
    return [
        {"id": "nodes", "name": "nodes", "nodes": [*first, *nodes],
         "connections": {**chain, "file": {"main": [fan]}}, **more},
        {"id": "triggers", "name": "triggers", "nodes": [*triggers, end], "connections": to_end, **more},
    ]  # fmt: skip


@pytest.mark.parametrize("version", [OLD, NEW])
def test_n8n_requests_what_the_oracle_says(
    version: str, tmp_path: Path, recorder: RecordingOrg, workshop: Workshop
) -> None:
    nodes, triggers = cases_of(version)
    cases = nodes + triggers
    key = workshop.text("rsa-2048")
    uses = [credential(recorder, number, key) for number in range(len(cases))]
    made = [node(case, number, uses[number]) for number, case in enumerate(cases)]
    n8n = N8n(version, tmp_path)
    (tmp_path / "credentials.json").write_text(json.dumps(uses), encoding="utf-8")
    n8n.import_credentials(tmp_path / "credentials.json", number=len(uses))
    flows = workflows(made[: len(nodes)], made[len(nodes) :])
    (tmp_path / "workflows.json").write_text(json.dumps(flows), encoding="utf-8")
    n8n.command("import:workflow", f"--input={tmp_path / 'workflows.json'}")
    n8n.command("execute", "--id=nodes", fails=None)  # some cases are there to fail
    n8n.command("publish:workflow", "--id=triggers")
    with n8n.serving(owner=False):
        _wait_for(recorder, range(len(nodes), len(cases)))
    found = [
        {**case, "requests": recorder.requests.get(number, [])} for number, case in enumerate(cases)
    ]
    for case in found[len(nodes) :]:  # each trigger polls when it is activated
        case["requests"] = [_without_times(one) for one in case["requests"][:1]]
    if "SFCRED_E2E_WRITE_ORACLE" in os.environ:
        ORACLE.write_text("[\n" + ",\n".join(map(json.dumps, found)) + "\n]\n", encoding="utf-8")
    assert found == json.loads(ORACLE.read_text(encoding="utf-8"))


def _wait_for(recorder: RecordingOrg, numbers: range) -> None:
    for _ in range(240):
        if all(number in recorder.requests for number in numbers):
            return
        time.sleep(0.5)
    missing = [number for number in numbers if number not in recorder.requests]
    raise AssertionError(f"these triggers sent nothing: {missing}")


def _without_times(request: Json) -> Json:
    import re

    return {**request, "query": re.sub(r"(?<=[<=] )\S+", "TIME", request["query"])}


@pytest.mark.parametrize("version", [OLD, NEW])
def test_the_newest_table_is_that_of_the_installed_node(version: str) -> None:
    newest = f"{format_version(salesforce_nodes.SINCE[-1])}.json"
    file = Path(salesforce_nodes.__file__).with_suffix("") / newest
    assert table_text(version) == file.read_text(encoding="utf-8")


def test_the_standard_names_are_those_of_the_salesforce_cli() -> None:
    assert names_text() == NAMES.read_text(encoding="utf-8")
