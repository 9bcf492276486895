"""HTTP Request nodes: Salesforce's REST addresses, and what else they may be."""

import json
from typing import Any

import pytest

from tests.helpers.workflows import http, needs_of, node, objects_of, unknown_of

REST = "https://acme.my.salesforce.com/services/data/v59.0"


def body(**pairs: str) -> dict[str, Any]:
    rows = [{"name": name, "value": value} for name, value in pairs.items()]
    return {"sendBody": True, "bodyParameters": {"parameters": rows}}


def json_body(text: str) -> dict[str, Any]:
    return {"sendBody": True, "specifyBody": "json", "jsonBody": text}


def query(**pairs: str) -> dict[str, Any]:
    rows = [{"name": name, "value": value} for name, value in pairs.items()]
    return {"sendQuery": True, "queryParameters": {"parameters": rows}}


def hidden(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return parameters that the editor left behind: nothing says that they are sent."""
    return {name: value for name, value in parameters.items() if not name.startswith("send")}


RECORDS = """{"allOrNone": true, "records": [
    {"attributes": {"type": "account"}, "name": "x"}, {"attributes": {"type": "X__c"}, "id": "1", "Y__c": 1}]}"""
TREE = """{"records": [{"attributes": {"type": "Account", "referenceId": "1"}, "Name": "x", "Contacts":
    {"records": [{"attributes": {"type": "Contact", "referenceId": "2"}, "LastName": "y"}]}}]}"""
COMPOSITE = """={"compositeRequest": [
    {"method": "PATCH", "url": "/services/data/v64.0/sobjects/Product2/Ext__c/{{ $json.e }}", "referenceId": "a",
     "body": {"Name": {{ $json.n }}}},
    {"method": "POST", "url": "/services/data/v64.0/sobjects/PricebookEntry", "referenceId": "b",
     "body": {"Product2Id": "@{a.id}"}},
    {"url": "/services/data/v64.0/query?q=SELECT+Id+FROM+Pricebook2+WHERE+IsActive=true", "referenceId": "c"}]}"""
WITHIN = '{"compositeRequest": [{"method": "POST", "url": "/services/data/v64.0/composite", "body": {}}]}'
BATCH = """{"batchRequests": [
    {"method": "PATCH", "url": "v64.0/sobjects/account/001000000000001", "richInput": {"Name": "x"}},
    {"method": "GET", "url": "v64.0/sobjects/Lead/00Q000000000001"}]}"""
BY_OTHER = '{"records": [{"attributes": {"type": "X__c"}, "A__r": {"B__c": "1"}}]}'


@pytest.mark.parametrize(
    ("url", "parameters", "expected"),
    [
        ("/sobjects/Lead/00Q000000000001", {}, {"Lead": {"": "read", "*": "read"}}),
        ("/sobjects/lead/00Q000000000001?fields=Id,Name", {}, {"Lead": {"": "read", "Id": "read", "Name": "read"}}),
        ("/sobjects/Lead/{{ $json.id }}", {}, {"Lead": {"": "read", "*": "read"}}),
        ("/sobjects/Lead/describe", {}, {"Lead": {"": "read"}}),
        ("/sobjects/Lead", {}, {"Lead": {"": "read"}}),
        ("/sobjects/Lead/00Q000000000001", {"method": "DELETE"}, {"Lead": {"": "delete"}}),
        ("/sobjects/Lead/", {"method": "POST", **body(Company="x", X__c="1")},
         {"Lead": {"": "create", "Company": "create", "X__c": "create"}}),
        ("/sobjects/Lead/00Q000000000001", {"method": "PATCH", **json_body('={"Name": "{{ $json.n }}", "A__c": {{ 1 }} }')},
         {"Lead": {"": "edit", "Name": "edit", "A__c": "edit"}}),
        ("/sobjects/Lead/Ext__c/5", {"method": "PATCH", **json_body('{"Ext__c": "5", "attributes": {}, "B__c": 1}')},
         {"Lead": {"": "create edit", "B__c": "create edit", "Ext__c": "read"}}),
        ("/sobjects/Attachment/00P000000000001/Body", {}, {"Attachment": {"": "read", "Body": "read"}}),
        ("/query?q=SELECT+Id%2CName+FROM+Lead", {}, {"Lead": {"": "read", "Id": "read", "Name": "read"}}),
        ("/query", {"sendQuery": True, "queryParameters": {"parameters": [{"name": "q", "value": "SELECT Id FROM Lead"}]}},
         {"Lead": {"": "read", "Id": "read"}}),
        ("/query", {"sendQuery": True, "specifyQuery": "json", "jsonQuery": '{"q": "SELECT Id FROM Lead"}'},
         {"Lead": {"": "read", "Id": "read"}}),
        ("/limits", {}, {}),
        # A POST can stand for another method.
        ("/sobjects/Lead/00Q000000000001?_HttpMethod=PATCH", {"method": "POST", **body(Name="x")},
         {"Lead": {"": "edit", "Name": "edit"}}),
        ("/sobjects/Lead/00Q000000000001", {"method": "POST", **query(_HttpMethod="delete")}, {"Lead": {"": "delete"}}),
        ("/sobjects/Lead/Ext__c/5?_HttpMethod=PATCH", {"method": "POST"}, {"Lead": {"": "create edit", "Ext__c": "read"}}),
        ("/sobjects/Lead/00Q000000000001?_HttpMethod=PATCH", {}, {"Lead": {"": "read", "*": "read"}}),
        # Node's URL resolves dots.
        ("/sobjects/Lead/../Account/001000000000001", {}, {"Account": {"": "read", "*": "read"}}),
        ("/sobjects/Lead/%2E%2e/./Account/001000000000001", {}, {"Account": {"": "read", "*": "read"}}),
        ("\\sobjects\\Lead\\..\\Account", {}, {"Account": {"": "read"}}),
        ("/../v60.0/sobjects/Account?x=/../Lead", {}, {"Account": {"": "read"}}),
        ("/../../../../../../services/data/v60.0/sobjects/Account", {}, {"Account": {"": "read"}}),
        ("/sobjects/Lead/00Q000000000001", {"method": "HEAD"}, {"Lead": {"": "read", "*": "read"}}),
        # Several records in one request.
        ("/composite/tree/account", {"method": "POST", **json_body(TREE)},
         {"Account": {"": "create", "Name": "create"}, "Contact": {"": "create", "LastName": "create"}}),
        ("/composite/sobjects", {"method": "POST", **json_body(RECORDS)},
         {"Account": {"": "create", "Name": "create"}, "X__c": {"": "create", "Y__c": "create"}}),
        ("/composite/sobjects/", {"method": "PATCH", **json_body(RECORDS)},
         {"Account": {"": "edit", "Name": "edit"}, "X__c": {"": "edit", "Y__c": "edit"}}),
        ("/composite/sobjects/X__c/Y__c", {"method": "PATCH", **json_body('{"records": [{"Y__c": "1", "Z__c": "={{ 1 }}"}]}')},
         {"X__c": {"": "create edit", "Y__c": "read", "Z__c": "create edit"}}),
        ("/composite/sobjects/account?ids=001000000000001&fields=name", {}, {"Account": {"": "read", "Name": "read"}}),
        ("/composite/sobjects/account", {"method": "POST", **json_body('{"ids": ["={{ 1 }}"], "fields": ["id", "name"]}')},
         {"Account": {"": "read", "Id": "read", "Name": "read"}}),
        # Requests inside a request.
        ("/composite", {"method": "POST", **json_body(COMPOSITE)},
         {"Product2": {"": "create edit", "Ext__c": "read", "Name": "create edit"},
          "PricebookEntry": {"": "create", "Product2Id": "create"},
          "Pricebook2": {"": "read", "Id": "read", "IsActive": "read"}}),
        ("/composite/batch", {"method": "POST", **json_body(BATCH)},
         {"Account": {"": "edit", "Name": "edit"}, "Lead": {"": "read", "*": "read"}}),
        ("/composite/graph", {"method": "POST", **json_body('={"graphs": [' + COMPOSITE[1:] + "]}")},
         {"Product2": {"": "create edit", "Ext__c": "read", "Name": "create edit"},
          "PricebookEntry": {"": "create", "Product2Id": "create"},
          "Pricebook2": {"": "read", "Id": "read", "IsActive": "read"}}),
        # Slashes too many, as in published workflows.
        ("/../../data//v59.0//sobjects//Lead//00Q000000000001/", {}, {"Lead": {"": "read", "*": "read"}}),
        # What the editor hides isn't sent.
        ("/sobjects/Lead/00Q000000000001", hidden(query(fields="Id")), {"Lead": {"": "read", "*": "read"}}),
        ("/sobjects/Lead", {"method": "POST", **hidden(body(Company="x"))}, {"Lead": {"": "create"}}),
        ("/sobjects/Lead", {"method": "POST", **hidden(json_body('{"Company": "x"}'))}, {"Lead": {"": "create"}}),
        ("/sobjects/Lead", {"method": "POST", **json_body('{"Company": "x"}'), **body(Old__c="x")},
         {"Lead": {"": "create", "Company": "create"}}),
        ("/sobjects/Lead", {"method": "POST", **body(Company="x"), "jsonBody": '{"Old__c": 1}'},
         {"Lead": {"": "create", "Company": "create"}}),
        ("/sobjects/Lead/00Q000000000001", {**query(fields="Id"), "jsonQuery": '{"fields": "Name"}', "specifyQuery": "json"},
         {"Lead": {"": "read", "Name": "read"}}),
        ("/sobjects/Lead", {"method": "POST", "sendBody": "={{ 1 }}", **hidden(body(Company="x"))},
         {"Lead": {"": "create", "Company": "create"}}),
    ],
)  # fmt: skip
def test_what_a_request_needs(url: str, parameters: dict[str, Any], expected: object) -> None:
    found = http("=" + REST + url, **parameters)
    assert unknown_of(found) == []
    assert objects_of(found) == expected


@pytest.mark.parametrize(
    ("url", "parameters", "known", "reason"),
    [
        ("={{ $json.url }}", {}, [], "the address comes from an expression"),
        ("", {}, [], "the address is empty"),
        ("=https://acme.my.salesforce.com/services/data/{{ $json.path }}", {}, [], "the address comes from"),
        ("=https://acme.my.salesforce.com/services/data/v59.0{{ $json.path }}", {}, [], "the address comes from"),
        (f"={REST}/{{{{ $json.path }}}}", {}, [], "an expression names no single object"),
        ("https://acme.my.salesforce.com/services/apexrest/x", {}, [], "the address names no object"),
        (f"={REST}/sobjects/{{{{ $json.o }}}}", {}, [], "the object comes from an expression"),
        (f"{REST}/composite", {"method": "POST"}, [], "the body has no list of requests"),
        (f"{REST}/composite", {"method": "POST", **json_body("={{ $json }}")}, [], "the body comes from"),
        (f"{REST}/composite", {"method": "POST", **json_body('={"compositeRequest": {{ 1 }}}')}, [], "the body comes from"),
        (f"{REST}/composite/graph", {"method": "POST", **json_body('={"graphs": {{ 1 }}}')}, [], "the body comes from"),
        (f"{REST}/composite/graph", {"method": "POST", **json_body('={"graphs": [{{ 1 }}]}')}, [], "the body comes from"),
        (f"{REST}/composite", {"method": "POST", **json_body('{"compositeRequest": [{"url": 1}]}')}, [], "can't be read"),
        (f"{REST}/composite", {"method": "POST", **json_body('={"compositeRequest": [{"url": "{{ 1 }}"}]}')}, [], "the address comes from"),
        (f"{REST}/composite", {"method": "POST", **json_body(WITHIN)}, [], "/composite names no single object"),
        (f"{REST}/composite/batch/x", {"method": "POST"}, [], "/composite names no single object"),
        (f"{REST}/composite/tree/Lead", {"method": "POST"}, ["Lead"], "no list of what the request is about"),
        (f"{REST}/composite/tree/Lead/x", {"method": "POST"}, [], "/composite names no single object"),
        (f"={REST}/composite/tree/{{{{ $json.o }}}}", {"method": "POST"}, [], "the object comes from an expression"),
        (f"{REST}/composite/sobjects?ids=001000000000001", {"method": "DELETE"}, [], "names no single object"),
        (f"{REST}/composite/sobjects", {"method": "POST", **json_body("={{ $json }}")}, [], "the body comes from"),
        (f"{REST}/composite/sobjects", {"method": "POST", **json_body('={"records": {{ $json.r }}}')}, [], "the body comes from"),
        (f"{REST}/composite/sobjects", {"method": "POST", **json_body('={"records": [{{ $json.r }}]}')}, [], "the body comes from"),
        (f"{REST}/composite/sobjects", {"method": "POST", **json_body('{"records": [{"Name": "x"}]}')}, [], "doesn't name its object"),
        (f"{REST}/composite/sobjects", {"method": "POST", **json_body(BY_OTHER)}, ["X__c"], "A__r in the body selects a record"),
        (f"{REST}/composite/sobjects", {"method": "POST", **json_body("[1")}, [], "can't be read as JSON"),
        (f"{REST}/composite/sobjects/X__c/Y__c", {"method": "PATCH", **json_body("={{ 1 }}")}, ["X__c"], "the body comes from"),
        (f"{REST}/composite/sobjects/Lead", {"method": "POST", **json_body('={"fields": {{ 1 }}}')}, ["Lead"], "the body comes from"),
        (f"{REST}/composite/sobjects/Lead", {"method": "POST", **json_body('={"fields": ["Id", "{{ 1 }}"]}')}, ["Lead"], "the body comes from"),
        (f"{REST}/composite/sobjects/Lead", {"method": "POST", **json_body("{}")}, ["Lead"], "no list of what"),
        (f"{REST}/sobjects/User/005000000000001/password", {"method": "POST"}, [], "a user's password"),
        (f"={REST}/query?q={{{{ $json.q }}}}%0A", {}, [], "the query comes from an expression"),
        (f"={REST}/query?q={{{{ $json.q }}}} LIMIT 1", {}, [], "the query comes from an expression"),
        (f"{REST}/query", {}, [], "the query is not in the node"),
        (f"={REST}/query?q={{{{ $json.q }}}}", {}, [], "the query comes from an expression"),
        (f"{REST}/sobjects/Lead", {"method": "={{ $json.m }}"}, [], "the method comes from"),
        (f"{REST}/sobjects/Lead", {"method": "PUT"}, [], "PUT is not a method"),
        (f"{REST}/sobjects/Lead", {"method": "POST", **json_body("={{ $json }}")}, ["Lead"], "the body comes from"),
        (f"{REST}/sobjects/Lead", {"method": "POST", **json_body("[1]")}, ["Lead"], "not one record"),
        (f"{REST}/sobjects/Lead", {"method": "POST", **json_body("{x")}, ["Lead"], "can't be read as JSON"),
        (f"{REST}/sobjects/Lead", {"method": "POST", "sendBody": True, "contentType": "raw"}, ["Lead"], "is not JSON"),
        (f"{REST}/sobjects/Lead", {"method": "POST", **body(**{"={{ 1 }}": "x"})}, ["Lead"], "a field's name comes from"),
        (f"={REST}/sobjects/Lead/{{{{ $json.a }}}}/{{{{ $json.b }}}}", {}, ["Lead"], "the rest of the address"),
        (f"{REST}/sobjects/Account/001000000000001AAA/Contacts", {}, ["Account"], "/Contacts leads from the record to another"),
        (f"{REST}/sobjects/Account/001000000000001/Owner", {}, ["Account"], "/Owner leads from"),
        (f"{REST}/sobjects/Account/001000000000001/Body", {}, ["Account"], "/Body leads from"),
        (f"={REST}/sobjects/Lead/00Q000000000001?_HttpMethod={{{{ $json.m }}}}", {"method": "POST"}, [], "the method"),
        (f"={REST}/sobjects/Lead/{{{{ $json.x }}}}/../Account", {}, [], "has .. after an expression"),
        (f"{REST}/sobjects/Lead", {"method": "POST", "sendBody": True, "specifyBody": "={{ 1 }}"}, ["Lead"], "the body is not in the node"),
    ],
)  # fmt: skip
def test_what_is_not_known(
    url: str, parameters: dict[str, Any], known: list[str], reason: str
) -> None:
    found = http(url, **parameters)
    (told,) = unknown_of(found)
    assert reason in told
    assert list(objects_of(found)) == known


def test_a_body_can_have_too_many_requests() -> None:
    one = {"url": "/services/data/v64.0/sobjects/Lead"}
    text = json.dumps({"compositeRequest": [one] * 501})
    found = http(f"{REST}/composite", method="POST", **json_body(text))
    assert objects_of(found) == {"Lead": {"": "read"}}
    assert "more than 500 requests" in unknown_of(found)[0]


def test_a_related_record_is_changed_and_not_the_one_in_the_address() -> None:
    one = http(f"{REST}/sobjects/Account/001000000000001/Owner", method="PATCH", **body(Name="x"))
    assert objects_of(one) == {"Account": {"": "read"}}
    assert "/Owner leads from" in unknown_of(one)[0]


OLD = {"url": f"{REST}/sobjects/Lead", "requestMethod": "POST"}
UI = {"bodyParametersUi": {"parameter": [{"name": "Company", "value": "x"}]}}
JSON = {"bodyParametersJson": '{"Name": "x"}'}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({**UI, **JSON}, ["Company"]),
        ({**UI, **JSON, "jsonParameters": True}, ["Name"]),
        (body(Left__c="x"), []),
        ({**UI, "options": {"bodyContentType": "raw"}}, "the body is not JSON"),
        ({**JSON, "jsonParameters": True, "sendBinaryData": True}, "the body is not JSON"),
        ({**JSON, "jsonParameters": "={{ 1 }}"}, "the body is not in the node"),
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_the_first_versions_have_their_own_parameters(
    version: int, parameters: dict[str, Any], expected: list[str] | str
) -> None:
    one = http(**{**OLD, **parameters}) | {"typeVersion": version}
    names = [name for name in objects_of(one)["Lead"] if name]
    assert names == (expected if isinstance(expected, list) else [])
    assert unknown_of(one) == ([f"HTTP Request: {expected}"] if isinstance(expected, str) else [])


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"sendBody": True, "parametersBody": {"values": [{"name": "Company"}]}}, ["Company"]),
        ({"parametersBody": {"values": [{"name": "Company"}]}}, []),
        (json_body('{"Company": "{company}"}'), ["Company"]),
        ({"sendBody": True, "specifyBody": "model"}, "the body is not in the node"),
    ],
)
def test_the_old_tool_has_its_own_parameters(
    parameters: dict[str, Any], expected: list[str] | str
) -> None:
    kind = "@n8n/n8n-nodes-langchain.toolHttpRequest"
    one = http(f"{REST}/sobjects/Lead", method="POST", **parameters)
    one |= {"type": kind, "typeVersion": 1.1}
    names = [name for name in objects_of(one)["Lead"] if name]
    assert names == (expected if isinstance(expected, list) else [])
    assert unknown_of(one) == ([f"HTTP Request: {expected}"] if isinstance(expected, str) else [])


def test_requests_without_a_salesforce_credential_are_not_meant() -> None:
    url = f"{REST}/sobjects/Lead"
    assert needs_of(http(url, authentication="none")) == []
    assert needs_of(http(url, nodeCredentialType="hubspotApi")) == []
    generic = {"authentication": "genericCredentialType", "genericAuthType": "oAuth2Api"}
    link = {"oAuth2Api": {"id": "x", "name": "GitHub"}}
    assert needs_of(http(url, **generic) | {"credentials": link}) == []


def test_other_nodes_with_a_salesforce_credential_are_named() -> None:
    assert unknown_of(node({}, "n8n-nodes-acme.crm")) == [
        "nodes of the type n8n-nodes-acme.crm are not known"
    ]
