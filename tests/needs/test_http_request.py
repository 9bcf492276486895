"""HTTP Request nodes: Salesforce's REST addresses, and what else they may be."""

from typing import Any

import pytest

from tests.helpers.workflows import http, needs_of, node, objects_of, unknown_of

REST = "https://acme.my.salesforce.com/services/data/v59.0"


def body(**pairs: str) -> dict[str, Any]:
    rows = [{"name": name, "value": value} for name, value in pairs.items()]
    return {"sendBody": True, "bodyParameters": {"parameters": rows}}


def json_body(text: str) -> dict[str, Any]:
    return {"sendBody": True, "specifyBody": "json", "jsonBody": text}


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
        ("https://acme.my.salesforce.com/services/apexrest/x", {}, [], "the address names no object"),
        (f"={REST}/sobjects/{{{{ $json.o }}}}", {}, [], "the object comes from an expression"),
        (f"{REST}/composite", {"method": "POST"}, [], "/composite names no single object"),
        (f"{REST}/composite/tree/Lead", {"method": "POST"}, ["Lead"], "in the records of the body"),
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
    ],
)  # fmt: skip
def test_what_is_not_known(
    url: str, parameters: dict[str, Any], known: list[str], reason: str
) -> None:
    found = http(url, **parameters)
    (told,) = unknown_of(found)
    assert reason in told
    assert list(objects_of(found)) == known


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
