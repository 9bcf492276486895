"""n8n workflows for tests, as n8n writes them."""

import json
from pathlib import Path
from typing import Any

from sfcred.n8n.credential_types import JWT, OAUTH2
from sfcred.needs.collect import needs_of_files
from sfcred.needs.model import CredentialNeeds
from sfcred.needs.use import KnownCredentials
from sfcred.resolve.credential import Credential
from sfcred.workflows.read import read_text

SALESFORCE, TRIGGER = "n8n-nodes-base.salesforce", "n8n-nodes-base.salesforceTrigger"
HTTP = "n8n-nodes-base.httpRequest"
ID = "acmeCrm000000001"

Json = dict[str, Any]


def node(parameters: Json | None = None, kind: str = SALESFORCE, **more: Any) -> Json:
    """Return a node that uses the credential of the tests' base spec with OAuth2, or JWT."""
    given = parameters or {}
    uses = JWT if given.get("authentication") == "jwt" else OAUTH2
    return {
        "id": "1",
        "name": "node",
        "type": kind,
        "typeVersion": 1,
        "position": [0, 0],
        "parameters": given,
        "credentials": {uses: {"id": ID, "name": "Acme CRM"}},
        **more,
    }


def http(url: str, uses: str = OAUTH2, **parameters: Any) -> Json:
    """Return an HTTP Request node with the Salesforce credential."""
    given = {
        "url": url,
        "authentication": "predefinedCredentialType",
        "nodeCredentialType": uses,
        **parameters,
    }
    link = {"id": ID, "name": "Acme CRM"}
    return node(given, HTTP, typeVersion=4.2, credentials={uses: link})


def workflow(*nodes: Json, name: str = "Lead sync", **more: Any) -> Json:
    """Return a workflow."""
    return {
        "id": "w1",
        "name": name,
        "active": True,
        "nodes": list(nodes),
        "connections": {},
        **more,
    }


def write(path: Path, content: object) -> Path:
    """Write JSON to a file, and create its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return path


def needs_of(*nodes: Json, credentials: tuple[Credential, ...] = ()) -> list[CredentialNeeds]:
    """Return what one workflow with these nodes needs."""
    file = read_text(json.dumps(workflow(*nodes)), "lead.json")
    return needs_of_files([file], KnownCredentials(credentials))


def objects_of(*nodes: Json) -> dict[str, dict[str, str]]:
    """Return, by object, each field and its verbs; the object's own verbs are under ``."""
    (needs,) = needs_of(*nodes)
    return {
        one.object: {
            "": " ".join(one.verbs),
            **{field.field: " ".join(field.verbs) for field in one.fields},
        }
        for one in needs.objects
    }


def unknown_of(*nodes: Json) -> list[str]:
    """Return why the needs of these nodes are not all known."""
    (needs,) = needs_of(*nodes)
    return [one.reason for one in needs.unknown]
