"""Salesforce nodes: parameters as files have them, defaults and leftovers included."""

from typing import Any

import pytest

from sfcred.n8n.salesforce_nodes import Rule, table_of
from sfcred.needs.parameters import is_sent
from tests.helpers.workflows import TRIGGER, needs_of, node, objects_of, unknown_of

Json = dict[str, Any]


def fields(**rows: str) -> Json:
    return {"customFieldsUi": {"customFieldsValues": [{"fieldId": f, "value": v} for f, v in rows.items()]}}  # fmt: skip


def condition(field: str, operation: str = "equal", value: str = "x") -> Json:
    row = {"field": field, "operation": operation, "value": value}
    return {"conditionsUi": {"conditionValues": [row]}}


CREATE = {"": "create", "Company": "create", "LastName": "create"}
READ_ID = {"": "read", "Id": "read", "LastModifiedDate": "read"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        # The editor saves no defaults: this is Lead, create, with OAuth2.
        ({"company": "a", "lastname": "b"}, {"Lead": CREATE}),
        ({}, {"Lead": CREATE}),
        ({"additionalFields": {"email": ""}}, {"Lead": {**CREATE, "Email": "create"}}),
        ({"additionalFields": {"email": None}}, {"Lead": {**CREATE, "Email": "create"}}),
        ({"additionalFields": {"owner": {"__rl": True, "value": "", "mode": "id"}}}, {"Lead": CREATE}),
        ({"additionalFields": {"owner": {"__rl": True, "value": "005"}}}, {"Lead": {**CREATE, "OwnerId": "create"}}),
        ({"additionalFields": {"owner": "005"}}, {"Lead": {**CREATE, "OwnerId": "create"}}),
        ({"additionalFields": {"owner": {"__rl": True, "value": "={{ $json.o }}"}}}, {"Lead": {**CREATE, "OwnerId": "create"}}),
        # n8n drops what its description doesn't have, and never sends IsUnreadByOwner.
        ({"additionalFields": {"isUnreadByOwner": True, "nonsense": 1}}, {"Lead": CREATE}),
        ({"additionalFields": fields(Score__c="1")}, {"Lead": {**CREATE, "Score__c": "create"}}),
        ({"additionalFields": fields(Score__c="={{ 1 }}")}, {"Lead": {**CREATE, "Score__c": "create"}}),
        # Leftovers of another operation.
        ({"operation": "get", "leadId": "00Q", "additionalFields": {"email": "x"}}, {"Lead": {"": "read", "*": "read"}}),
        ({"operation": "delete", "leadId": "00Q", "updateFields": {"email": "x"}}, {"Lead": {"": "delete"}}),
        ({"externalId": "X__c"}, {"Lead": CREATE}),
        ({"operation": "upsert", "externalId": "X__c", "additionalFields": fields(X__c="1", Y__c="2")},
         {"Lead": {"": "create edit", "Company": "create edit", "LastName": "create edit", "Y__c": "create edit", "X__c": "read"}}),
        ({"operation": "update", "updateFields": {"email": "x"}}, {"Lead": {"": "edit", "Email": "edit"}}),
        ({"operation": "getSummary"}, {"Lead": {"": "read"}}),
        ({"operation": "addNote", "title": "t"}, {"Note": {"": "create", "Title": "create", "ParentId": "create"}}),
        ({"operation": "addToCampaign"}, {"CampaignMember": {"": "create", "LeadId": "create", "CampaignId": "create"}}),
        ({"operation": "addToCampaign", "options": {"status": "Sent"}},
         {"CampaignMember": {"": "create", "LeadId": "create", "CampaignId": "create", "Status": "create"}}),
        ({"resource": "case"}, {"Case": {"": "create", "Type": "create"}}),
        ({"resource": "case", "operation": "addComment"}, {"CaseComment": {"": "create", "ParentId": "create"}}),
        ({"resource": "contact", "additionalFields": {"acconuntId": "001"}},
         {"Contact": {"": "create", "LastName": "create", "AccountId": "create"}}),
        ({"resource": "account", "operation": "update", "updateFields": {}}, {"Account": {"": "edit"}}),
        ({"resource": "task", "additionalFields": {"type": "Call"}},
         {"Task": {"": "create", "Status": "create", "TaskSubtype": "create"}}),
        ({"resource": "document", "additionalFields": {"ownerId": "005", "linkToObjectId": ""}},
         {"ContentVersion": dict.fromkeys(
             ["", "Title", "ContentLocation", "PathOnClient", "VersionData", "OwnerId"], "create")}),
        ({"resource": "attachment", "operation": "update", "updateFields": {"binaryPropertyName": "data"}},
         {"Attachment": {"": "edit", "Body": "edit", "ContentType": "edit"}}),
        ({"resource": "user"}, {"User": {"": "read", "*": "read"}}),
        ({"resource": "customObject", "customObject": "Invoice__c"}, {"Invoice__c": {"": "create"}}),
        ({"resource": "customObject", "customObject": "Invoice__c", "customFieldsUi": fields(A__c="1")["customFieldsUi"],
          "additionalFields": {"recordTypeId": ""}}, {"Invoice__c": {"": "create", "A__c": "create"}}),
        ({"resource": "customObject", "customObject": "Invoice__c", "operation": "getAll"}, {"Invoice__c": READ_ID}),
        # The default fields depend on the exact name.
        ({"resource": "customObject", "customObject": "lead", "operation": "getAll"}, {"Lead": READ_ID}),
        ({"resource": "user", "operation": "getAll"}, {"User": {**READ_ID, "Name": "read", "Email": "read"}}),
        ({"operation": "getAll", "options": {"fields": ["Id", "Score__c"]}}, {"Lead": {"": "read", "Id": "read", "Score__c": "read"}}),
        ({"operation": "getAll", "options": {"fields": " id , Owner.Name"}}, {"Lead": {"": "read", "Id": "read", "Owner.Name": "read"}}),
        ({"resource": "task", "operation": "getAll", "options": {"fields": "Id", **condition("Priority")}},
         {"Task": {"": "read", "Id": "read", "Priority": "read"}}),
        ({"resource": "search", "query": "SELECT Id FROM Lead"}, {"Lead": {"": "read", "Id": "read"}}),
    ],
)  # fmt: skip
def test_what_a_node_needs(parameters: Json, expected: dict[str, dict[str, str]]) -> None:
    assert unknown_of(node(parameters)) == []
    assert objects_of(node(parameters)) == expected


@pytest.mark.parametrize(
    ("parameters", "known", "reason"),
    [
        ({"resource": "={{ 'contact' }}"}, [], "the resource comes from an expression"),
        ({"operation": "={{ $json.o }}"}, [], "the operation comes from an expression"),
        ({"resource": "wishes"}, [], "the resource wishes is not known"),
        ({"operation": "merge"}, [], "the operation merge is not known"),
        ({"additionalFields": "={{ $json }}"}, ["Lead"], "the fields in additionalFields come from an expression"),
        ({"additionalFields": fields(**{"={{ $json.f }}": "1"})}, ["Lead"], "a field's name comes from an expression"),
        ({"operation": "update"}, [], "n8n refuses an update without fields"),
        ({"operation": "upsert", "externalId": "={{ 1 }}"}, ["Lead"], "the external id field comes from an expression"),
        ({"resource": "customObject", "customObject": "={{ $json.o }}"}, [], "the object comes from an expression"),
        ({"resource": "customObject"}, [], "no object is chosen"),
        ({"operation": "getAll", "options": {"fields": "={{ $json.f }}"}}, ["Lead"], "the list of fields comes from an expression"),
        ({"operation": "getAll", "options": {"fields": "=Id,{{ $json.f }}"}}, ["Lead"], "the list of fields comes from an expression"),
        ({"operation": "getAll", "options": "={{ $json }}"}, ["Lead"], "the list of fields comes from an expression"),
        ({"operation": "getAll", "options": {"fields": True}}, [], "n8n refuses the list of fields"),
        ({"operation": "getAll", "options": {"fields": []}}, [], "the list of fields is empty"),
        ({"operation": "getAll", "options": {"fields": "Id,"}}, [], "n8n refuses the name of a field"),
        ({"operation": "getAll", "options": condition("Name", "=")}, [], "n8n refuses the operator"),
        ({"operation": "getAll", "options": condition("={{ 1 }}")}, ["Lead"], "a field's name comes from an expression"),
        ({"resource": "flow", "apiName": "Do_it"}, [], "the flow Do_it decides what it needs"),
        ({"resource": "flow", "operation": "getAll"}, [], "lists the org's flows"),
        ({"resource": "search", "query": "={{ $json.q }}"}, [], "the query comes from an expression"),
        ({"resource": "search", "query": "= {{ $json.q }}\n"}, [], "the query comes from an expression"),
        ({"resource": "search", "query": "={{ $json.q }} LIMIT 5"}, [], "the query comes from an expression"),
        ({"resource": "search"}, [], "the query is empty"),
    ],
)  # fmt: skip
def test_what_is_not_known(parameters: Json, known: list[str], reason: str) -> None:
    reasons = unknown_of(node(parameters))
    assert len(reasons) == 1
    assert reason in reasons[0]
    assert list(objects_of(node(parameters))) == known


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"additionalFields": {"customFieldsUi": {"customFieldsValues": "={{ $json.rows }}"}}}, "additionalFields.customFieldsUi comes from an expression"),
        ({"additionalFields": {"customFieldsUi": {"customFieldsValues": ["={{ $json.row }}"]}}}, "a row of additionalFields.customFieldsUi comes from an expression"),
        ({"operation": "getAll", "options": {"conditionsUi": {"conditionValues": "={{ $json.rows }}"}}}, "options.conditionsUi comes from an expression"),
    ],
)  # fmt: skip
def test_a_table_that_is_not_known_is_called_as_in_the_editor(
    parameters: Json, reason: str
) -> None:
    assert unknown_of(node(parameters)) == [reason]


def test_an_unknown_version_is_named_and_read_as_the_newest() -> None:
    found = node({}, typeVersion=9)
    assert unknown_of(found) == ["typeVersion 9 is not known; the node was read as 1.1"]
    assert objects_of(found) == {"Lead": CREATE}


def test_the_tool_of_an_agent_is_the_same_node() -> None:
    assert objects_of(node({}, "n8n-nodes-base.salesforceTool")) == {"Lead": CREATE}


def test_fields_that_nobody_chose_are_marked() -> None:
    query, chosen = {"operation": "getAll"}, {"operation": "getAll", "options": {"fields": "Email"}}
    (both,) = needs_of(node(query), node(chosen))
    marked = {field.field: field.unasked for field in both.objects[0].fields}
    assert marked["Company"] is True
    assert marked["Email"] is False  # one node chose it
    (both,) = needs_of(node({"operation": "getAll", "options": condition("Email")}))
    marked = {field.field: field.unasked for field in both.objects[0].fields}
    assert (marked["Company"], marked["Email"]) == (True, False)  # the condition names it
    (upload,) = needs_of(node({"resource": "document", "title": "t"}))
    unasked = {field.field for field in upload.objects[0].fields if field.unasked}
    assert unasked == {"ContentLocation", "PathOnClient"}


@pytest.mark.parametrize("event", sorted(table_of(None).trigger.events))  # type: ignore[union-attr]
def test_the_trigger_chooses_all_fields_itself(event: str) -> None:
    parameters = {"triggerOn": event, "customObject": "Invoice__c"}
    (needs,) = needs_of(node(parameters, TRIGGER))
    (found,) = needs.objects
    assert all(field.unasked for field in found.fields)
    named = {field.field for field in found.fields}
    assert {"Id", "CreatedDate", "LastModifiedDate"} <= named
    assert found.object == ("Invoice__c" if event.startswith("custom") else event[:-7].title())


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "no event is chosen"),
        ({"triggerOn": "leadMerged"}, "the event leadMerged is not known"),
        ({"triggerOn": "={{ 1 }}"}, "the triggerOn comes from an expression"),
        ({"triggerOn": "customObjectCreated"}, "no object is chosen"),
    ],
)
def test_what_is_not_known_about_a_trigger(parameters: Json, reason: str) -> None:
    assert unknown_of(node(parameters, TRIGGER)) == [reason]


def test_disabled_nodes_and_unrelated_ones_need_nothing() -> None:
    other = {"name": "x", "type": "n8n-nodes-base.set", "parameters": {}}
    assert needs_of(node({}, disabled=True), other) == []


@pytest.mark.parametrize(
    ("rule", "sent"),
    [
        ("always", [None, "", 0, False, "x", {}]),
        ("present", [None, "", 0, False, "x", {}]),
        ("filled", [0, False, "x", {}]),
        ("true", ["x", {}]),
    ],
)
def test_a_rule_decides_which_values_are_sent(rule: Rule, sent: list[object]) -> None:
    """No version that was checked has a `filled` field, but the script that reads n8n knows it."""
    values: list[Any] = [None, "", 0, False, "x", {}]
    assert [value for value in values if is_sent(rule, value)] == sent
