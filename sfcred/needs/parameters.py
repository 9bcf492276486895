"""Look up a node's parameters as n8n does."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sfcred.n8n.salesforce_nodes import Rule
from sfcred.needs.expressions import is_dynamic
from sfcred.workflows.model import Json, Parameters


class Row(NamedTuple):
    """A row of a table in the editor, or the reason why it isn't known."""

    values: Mapping[str, Json]
    unknown: str = ""


def find(parameters: Parameters, path: str) -> Json:
    """Return the value at a path such as `options.fields`; None if there is none.

    If a parent is an expression, that expression.
    """
    value: Json = dict(parameters)
    for step in path.split("."):
        if not isinstance(value, dict):
            return value if is_dynamic(value) else None
        value = value.get(step)
    return value


def inner(value: Json) -> Json:
    """Return what a resource locator (`{"__rl": true, "value": …}`) contains."""
    return value.get("value") if isinstance(value, dict) and "__rl" in value else value


def is_sent(rule: Rule, value: Json) -> bool:
    """Return whether n8n sends a field. With an expression, it may."""
    found = inner(value)
    if rule in ("always", "present") or is_dynamic(found):
        return True
    if rule == "filled":
        return found not in (None, "")
    return isinstance(found, dict | list) or bool(found)


def rows(parameters: Parameters, path: str) -> Iterator[Row]:
    """Yield the rows of a table in the editor; none if the collection around it is dynamic."""
    outer, *inside = path.split(".")
    value = find(parameters, path)
    if len(inside) > 1 and is_dynamic(parameters.get(outer)):
        return
    if is_dynamic(value):
        yield Row({}, f"{path.rpartition('.')[0]} comes from an expression")
    for row in value if isinstance(value, list) else ():
        if isinstance(row, dict):
            yield Row(row)
        elif is_dynamic(row):
            yield Row({}, f"a row of {path.rpartition('.')[0]} comes from an expression")
