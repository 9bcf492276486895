"""A workflow whose Salesforce node asks the org one query."""

from collections.abc import Mapping
from typing import Any

NODE = "salesforce"


def workflow_id(credential: Mapping[str, Any]) -> str:
    """The id of the workflow that uses a credential."""
    return f"wf-{credential['id']}"


def query_workflow(credential: Mapping[str, Any]) -> dict[str, Any]:
    """The workflow, for n8n's import."""
    authentication = "jwt" if credential["type"] == "salesforceJwtApi" else "oAuth2"
    parameters = {
        "authentication": authentication,
        "resource": "search",
        "operation": "query",
        "query": "SELECT Id FROM Account",
    }
    salesforce = {
        **_node(NODE, "salesforce", 200, parameters),
        # n8n finds the credential by id and type.
        "credentials": {credential["type"]: {"id": credential["id"], "name": credential["name"]}},
    }
    link = {"node": NODE, "type": "main", "index": 0}
    return {
        "id": workflow_id(credential),
        "name": workflow_id(credential),
        "active": False,
        "settings": {},
        "nodes": [_node("start", "manualTrigger", 0, {}), salesforce],
        "connections": {"start": {"main": [[link]]}},
    }


def records(execution: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the Salesforce node gave in an execution."""
    (run,) = execution["data"]["resultData"]["runData"][NODE]
    return [item["json"] for item in run["data"]["main"][0]]


def _node(name: str, kind: str, left: int, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "type": f"n8n-nodes-base.{kind}",
        "typeVersion": 1,
        "position": [left, 0],
        "parameters": parameters,
    }
