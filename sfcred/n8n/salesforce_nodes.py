"""What n8n's Salesforce nodes send, by n8n version.

scripts/salesforce_nodes.py writes the tables in the folder of the same name by running the nodes'
own code. n8n and its package n8n-nodes-base share their first two numbers.
"""

import pkgutil
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sfcred.n8n.versions import Version, format_version

NODE, TOOL, TRIGGER = (
    "n8n-nodes-base.salesforce",
    "n8n-nodes-base.salesforceTool",
    "n8n-nodes-base.salesforceTrigger",
)
#: The first checked version of each table. Not every release was checked.
SINCE: tuple[Version, ...] = (
    (1, 0, 0), (1, 20, 0), (1, 43, 0), (2, 20, 0), (2, 23, 0), (2, 30, 0), (2, 32, 0), (2, 35, 0),
)  # fmt: skip

#: When a field is sent: always; if its parameter is in the file (`present`), has a value
#: (`filled`), or is true to JavaScript (`true`).
Rule = Literal["always", "present", "filled", "true"]
Kind = Literal[
    "create", "edit", "upsert", "delete", "get", "describe", "query", "soql", "flow", "flows"
]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rows(_Table):
    """A table in the editor whose rows name fields: custom fields, or conditions."""

    path: str
    name: str
    place: Literal["body", "where"] = Field(alias="in")


class Operation(_Table):
    """One operation of a resource.

    Attributes:
        kind: What the request does.
        object, object_from: The object, or the parameter that has its name.
        external_id: The parameter with an upsert's external id field.
        query, flow: The parameter with the SOQL, or with the flow's name.
        fields: The parameter that chooses a query's fields.
        parameters: The fields that each parameter (`additionalFields.email`) sends, and when.
        named: Tables whose rows name further fields.
        always: Fields that hold a file, which the operation is for.
        unasked: Fields that n8n sends by itself.
        refuses_empty: Whether n8n fails if no field is chosen.
    """

    kind: Kind
    object: str | None = None
    object_from: str | None = None
    external_id: str | None = None
    query: str | None = None
    flow: str | None = None
    fields: str | None = None
    parameters: dict[str, list[tuple[str, Rule]]] = {}
    named: list[Rows] = []
    always: list[str] = []
    unasked: list[str] = []
    refuses_empty: bool = False


class Resource(_Table):
    """A resource, its operations, and the one that the editor doesn't save."""

    default: str
    operations: dict[str, Operation]


class Event(_Table):
    """An event of the trigger: the query that n8n sends."""

    object: str | None = None
    object_from: str | None = None
    fields: list[str]
    conditions: list[str]


class Trigger(_Table):
    """The trigger. Without `authentication`, it can only use OAuth2."""

    versions: list[float]
    authentication: list[str]
    events: dict[str, Event]


class NodeTable(_Table):
    """The Salesforce nodes of some n8n versions.

    Attributes:
        versions: The typeVersions of the node.
        default_fields: The fields that a query without chosen fields selects, by object; `*` for
            all other objects.
        trigger: None if that n8n has none.
    """

    versions: list[float]
    authentication: list[str]
    default_resource: str
    default_fields: dict[str, list[str]]
    resources: dict[str, Resource]
    trigger: Trigger | None


def table_of(version: Version | None) -> NodeTable:
    """Return the table of an n8n version; the newest if the version is unknown."""
    since = [one for one in SINCE if version is None or one <= version]
    return _load(since[-1] if since else SINCE[0])


@cache
def _load(since: Version) -> NodeTable:
    name = f"salesforce_nodes/{format_version(since)}.json"
    return NodeTable.model_validate_json(pkgutil.get_data("sfcred.n8n", name) or b"")
