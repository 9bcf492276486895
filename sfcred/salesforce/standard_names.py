"""Salesforce's own names of standard objects and fields, with their capitals.

Salesforce's API accepts any case; n8n sends `lead` and `accountId`. The names come from jsforce's
standard schema (scripts/standard_names.py writes the table). Custom names stay as they are written.
"""

import json
import pkgutil
from functools import cache
from typing import TypedDict


class _Table(TypedDict):
    objects: list[str]
    fields: list[str]
    children: dict[str, dict[str, str]]


@cache
def _table() -> _Table:
    table: _Table = json.loads(pkgutil.get_data(__package__, "standard_names.json") or b"{}")
    return table


@cache
def _objects() -> dict[str, str]:
    return {name.lower(): name for name in _table()["objects"]}


@cache
def _fields() -> dict[str, str]:
    return {name.lower(): name for name in _table()["fields"]}


@cache
def _children() -> dict[str, dict[str, str]]:
    return {
        owner.lower(): {name.lower(): child for name, child in children.items()}
        for owner, children in _table()["children"].items()
    }


def object_name(text: str) -> str:
    """Return an object's canonical name; an unknown one, such as a custom object, as it is."""
    return _objects().get(text.lower(), text)


def field_name(path: str) -> str:
    """Return a field's canonical name or path (`owner.name` becomes `Owner.Name`)."""
    return ".".join(_fields().get(part.lower(), part) for part in path.split("."))


def child_object(owner: str, relationship: str) -> str | None:
    """Return the object of a child relationship (`Contacts` of Account); None if unknown."""
    return _children().get(owner.lower(), {}).get(relationship.lower())
