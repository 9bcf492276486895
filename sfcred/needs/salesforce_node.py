"""What a Salesforce node needs, from its parameters and the table of what n8n sends."""

import re
from collections.abc import Iterable

from sfcred.n8n.salesforce_nodes import Event, NodeTable, Operation, Trigger
from sfcred.needs.expressions import HOLE, fixed, is_dynamic, template
from sfcred.needs.model import WHOLE, Access, FieldNeed, NodeNeeds, Verb, read_of
from sfcred.needs.parameters import find, is_sent, rows
from sfcred.needs.soql import read_soql
from sfcred.salesforce.standard_names import field_name, object_name
from sfcred.workflows.model import Json, Parameters, WorkflowNode

# n8n's own rules: what breaks them, it refuses before it sends anything.
_FIELD = re.compile(r"[a-zA-Z]\w*(\.[a-zA-Z]\w*)*", re.ASCII)
_OPERATORS = frozenset(
    {"EQUAL", "=", "!=", "<>", "<", "<=", ">", ">=", "LIKE", "NOT LIKE", "IN", "NOT IN"}
    | {"INCLUDES", "EXCLUDES"}
)
_WRITES: dict[str, tuple[Verb, ...]] = {
    "create": ("create",),
    "edit": ("edit",),
    "upsert": ("create", "edit"),
}


class NotSent(Exception):
    """n8n fails before it sends anything, or the object isn't known. The text is the reason."""


def salesforce_needs(node: WorkflowNode, table: NodeTable) -> NodeNeeds:
    """Return what a node of the type Salesforce needs.

    Args:
        node: The node.
        table: What that n8n's node sends.
    """
    unknown: list[str] = []
    try:
        operation = _operation(node.parameters, table)
        if node.version not in table.versions:
            newest = max(table.versions)
            unknown.append(
                f"typeVersion {node.version:g} is not known; the node was read as {newest:g}"
            )
        accesses = _Reader(node.parameters, table, operation, unknown).accesses()
    except NotSent as reason:
        return NodeNeeds((), (*unknown, str(reason)))
    return NodeNeeds(tuple(accesses), tuple(dict.fromkeys(unknown)))


def _operation(parameters: Parameters, table: NodeTable) -> Operation:
    name = _choice(parameters, "resource", table.default_resource)
    resource = table.resources.get(name)
    if resource is None:
        raise NotSent(f"the resource {name} is not known")
    name = _choice(parameters, "operation", resource.default)
    operation = resource.operations.get(name)
    if operation is None:
        raise NotSent(f"the operation {name} is not known")
    return operation


def _choice(parameters: Parameters, name: str, default: str) -> str:
    value = parameters.get(name, default)
    if is_dynamic(value):
        raise NotSent(f"the {name} comes from an expression")
    return fixed(value) or ""


def chosen_object(parameters: Parameters, name: str) -> str:
    """Return the object that a parameter names, as it is written.

    Raises:
        NotSent: It isn't known.
    """
    value = parameters.get(name)
    if is_dynamic(value):
        raise NotSent("the object comes from an expression")
    text = fixed(value) or ""
    if not _FIELD.fullmatch(text) or "." in text:
        raise NotSent("no object is chosen" if not text else "the object's name is not valid")
    return text


class _Reader:
    """Reads one node's parameters for its operation."""

    def __init__(
        self,
        parameters: Parameters,
        table: NodeTable,
        operation: Operation,
        unknown: list[str],
    ) -> None:
        self._parameters = parameters
        self._table = table
        self._operation = operation
        self._unknown = unknown

    def accesses(self) -> Iterable[Access]:
        operation = self._operation
        if operation.kind in ("flow", "flows"):
            raise NotSent(self._flow())
        if operation.kind == "soql":
            return self._soql()
        name = operation.object or chosen_object(self._parameters, operation.object_from or "")
        if operation.kind == "query":
            return [self._query(name)]
        shown = object_name(name)
        if operation.kind == "get":
            return [read_of(shown, [WHOLE])]
        if operation.kind == "describe":
            return [Access(shown, ("read",))]
        if operation.kind == "delete":
            return [Access(shown, ("delete",))]
        return [self._write(shown, _WRITES[operation.kind])]

    def _flow(self) -> str:
        if self._operation.flow is None:
            return "lists the org's flows, which names no object"
        name = fixed(self._parameters.get(self._operation.flow))
        return f"the flow {name or '(from an expression)'} decides what it needs"

    def _soql(self) -> Iterable[Access]:
        query = self._parameters.get(self._operation.query or "")
        if not isinstance(query, str) or not query.strip():
            raise NotSent("the query is empty")
        text = template(query)
        if text.lstrip().startswith(HOLE):  # also {{ a }} {{ b }}, and a line end after it
            raise NotSent("the query comes from an expression")
        found = read_soql(text)
        self._unknown += found.unknown
        return found.accesses

    # -- writing

    def _write(self, name: str, verbs: tuple[Verb, ...]) -> Access:
        operation = self._operation
        if operation.refuses_empty and not find(self._parameters, "updateFields"):
            raise NotSent("n8n refuses an update without fields")
        sent: dict[str, bool] = dict.fromkeys(operation.unasked, True)
        sent |= dict.fromkeys(operation.always, False)
        self._own_fields(sent)
        for field in (*self._collected(), *self._named("body")):
            sent[field] = False
        external = self._external_id(sent)
        needs = [FieldNeed(field_name(f), verbs, unasked) for f, unasked in sent.items()]
        if external:
            needs.append(FieldNeed(field_name(external), ("read",)))
        return Access(name, verbs, tuple(needs))

    def _own_fields(self, sent: dict[str, bool]) -> None:
        """Add the fields of the node's own parameters. n8n sends them even if the file has none."""
        for path, fields in self._operation.parameters.items():
            if "." in path:
                continue
            is_there = path in self._parameters
            for field, rule in fields:
                if is_sent(rule, self._parameters.get(path)):
                    sent[field] = sent.get(field, True) and not is_there

    def _collected(self) -> Iterable[str]:
        """Yield the fields that were added in collections, such as Additional Fields."""
        known = self._operation.parameters
        for outer, value in self._parameters.items():
            if isinstance(value, dict):
                for name, one in value.items():
                    for field, rule in known.get(f"{outer}.{name}", ()):
                        if is_sent(rule, one):
                            yield field
            elif is_dynamic(value) and any(path.startswith(f"{outer}.") for path in known):
                # As a whole, it can choose any field.
                self._unknown.append(f"the fields in {outer} come from an expression")

    def _external_id(self, sent: dict[str, bool]) -> str:
        """Return an upsert's external id field, which n8n takes out of the body."""
        if self._operation.external_id is None:
            return ""
        value = self._parameters.get(self._operation.external_id)
        if is_dynamic(value):
            self._unknown.append("the external id field comes from an expression")
            return ""
        name = fixed(value) or ""
        sent.pop(name, None)
        return name

    def _named(self, place: str) -> Iterable[str]:
        for table in self._operation.named:
            if table.place != place:
                continue
            for row in rows(self._parameters, table.path):
                value = row.values.get(table.name)
                if row.unknown or is_dynamic(value):
                    self._unknown.append(row.unknown or "a field's name comes from an expression")
                elif place == "where":
                    yield self._condition(fixed(value) or "", row.values.get("operation"))
                elif name := fixed(value):
                    yield name

    def _condition(self, field: str, operator: Json) -> str:
        if not is_dynamic(operator):
            text = "EQUAL" if operator is None else fixed(operator) or ""
            if " ".join(text.split()).upper() not in _OPERATORS:
                raise NotSent("n8n refuses the operator of a condition")
        return valid_field(field)

    # -- reading

    def _query(self, name: str) -> Access:
        conditions = list(self._named("where"))
        chosen = self._chosen(find(self._parameters, self._operation.fields or ""))
        if chosen is None:
            usual = self._table.default_fields
            found = read_of(
                object_name(name), map(field_name, usual.get(name, usual["*"])), unasked=True
            )
        else:
            found = read_of(object_name(name), map(field_name, chosen))
        asked = read_of(object_name(name), map(field_name, conditions))
        return _joined(found, asked)

    def _chosen(self, value: Json) -> list[str] | None:
        """Return the fields that the node chooses; None if it leaves the choice to n8n."""
        if value is None or value in ("", False, 0):
            return None
        if isinstance(value, list):
            parts = [template(part) if isinstance(part, str) else "" for part in value]
        elif not isinstance(value, str):
            raise NotSent("n8n refuses the list of fields, which is neither a list nor a text")
        else:
            parts = [part.strip() for part in template(value).split(",")]
        if any(HOLE in part for part in parts):
            self._unknown.append("the list of fields comes from an expression")
        found = [valid_field(part) for part in parts if HOLE not in part]
        if not parts:
            raise NotSent("the list of fields is empty, which Salesforce refuses")
        return found


def valid_field(name: str) -> str:
    """Return a field's name.

    Raises:
        NotSent: n8n refuses it.
    """
    if not _FIELD.fullmatch(name):
        raise NotSent("n8n refuses the name of a field (an empty entry, or a special character)")
    return name


def _joined(one: Access, other: Access) -> Access:
    """Return both accesses to an object as one. A field that one of them chose is chosen."""
    unasked: dict[str, bool] = {}
    for need in (*one.fields, *other.fields):
        unasked[need.field] = unasked.get(need.field, True) and need.unasked
    fields = tuple(FieldNeed(field, ("read",), value) for field, value in unasked.items())
    return Access(one.object, one.verbs, fields)


def trigger_needs(node: WorkflowNode, table: NodeTable) -> NodeNeeds:
    """Return what a Salesforce Trigger needs: it chooses all fields itself."""
    trigger = table.trigger
    if trigger is None:
        return NodeNeeds((), ("this n8n version has no Salesforce Trigger",))
    unknown: tuple[str, ...] = ()
    if node.version not in trigger.versions:
        newest = max(trigger.versions)
        unknown = (f"typeVersion {node.version:g} is not known; the node was read as {newest:g}",)
    try:
        event = _event(node.parameters, trigger)
        target = event.object or chosen_object(node.parameters, event.object_from or "")
    except NotSent as reason:
        return NodeNeeds((), (*unknown, str(reason)))
    fields = event.fields if event.object else table.default_fields.get(target, event.fields)
    names = map(field_name, (*fields, *event.conditions))
    return NodeNeeds((read_of(object_name(target), names, unasked=True),), unknown)


def _event(parameters: Parameters, trigger: Trigger) -> Event:
    name = _choice(parameters, "triggerOn", "")
    event = trigger.events.get(name)
    if event is None:
        raise NotSent(f"the event {name} is not known" if name else "no event is chosen")
    return event
