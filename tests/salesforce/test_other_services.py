"""An error of another service isn't explained as if it were Salesforce's."""

from pathlib import Path

import pytest
import yaml

from sfcred.report.error_text import as_text, diagnose
from sfcred.salesforce.diagnosis import diagnose_text
from sfcred.salesforce.other_services import other_service
from sfcred.salesforce.refusals import REFUSALS
from sfcred.salesforce.refusals.shared import CODES, TEXTS

TEXTS_OF_OTHERS = yaml.safe_load(
    Path(__file__).with_name("other_services.yaml").read_text(encoding="utf-8")
)
CONDITION = "If it is about Salesforce:"


@pytest.mark.parametrize("case", TEXTS_OF_OTHERS, ids=lambda case: case["text"][:40])
def test_whose_answer_it_is_is_told(case: dict[str, str]) -> None:
    kind, _, name = case["expect"].partition(" ")
    said, is_known = as_text(case["text"])
    if kind == "other":
        assert not is_known
        assert f"It looks like an error of {name}, not of a Salesforce org." in said
        assert "doctor --live" not in said
    elif kind == "shared":
        assert said.startswith(f"The text is about {name}.")
    elif kind == "alone":
        assert f"{CONDITION}\n" in said
    else:
        assert [one.name for one in diagnose(case["text"])] == [name]
        assert CONDITION not in said


def test_python_programs_get_the_condition() -> None:
    (found,) = diagnose("NOT_FOUND")
    assert found.condition == f"Other services give this answer, too. {CONDITION}"
    (found,) = diagnose("NOT_FOUND at https://acme.my.salesforce.com/services/data/v60.0")
    assert found.condition == ""


def test_a_connection_that_the_text_does_not_name_has_a_condition() -> None:
    said, _ = as_text("connect ECONNREFUSED 10.0.0.9:443")
    assert said.startswith("The text doesn't say which connection failed.")
    said, _ = as_text("connect ECONNREFUSED 10.0.0.9:443 for https://acme.my.salesforce.com/")
    assert said.startswith("connection-refused ")


def test_with_another_service_s_host_my_domain_is_not_the_cause() -> None:
    (found,) = diagnose("getaddrinfo ENOTFOUND api.hubapi.com")
    assert all("My Domain" not in cause.what for cause in found.causes)
    assert found.condition.startswith("The text is about HubSpot.")


@pytest.mark.parametrize(
    "text",
    [
        "sh: google-chrome: Google Chrome crashed",
        "com.google.api.client.http.HttpResponseException: 400 Bad Request",
        "https://ec2-1-2-3-4.compute.amazonaws.com/rest/oauth2-credential/callback?error=x",
        "https://acme.my.salesforce.com says Slack",
        "Salesforce to Slack: invalid_client",
        "https://noslack.com/",
        "Googles",
        "x" * 7000 + " https://slack.com/",
        "",
        "Unauthorized endpoint, please check Setup->Security->Remote site settings. endpoint = https://api.stripe.com",
        "System.CalloutException: Read timed out from https://slack.com/api/chat.postMessage",
        "INVALID_FIELD: SAP_Number__c",
        "invalid_grant: user is inactive - user of the Microsoft Outlook integration",
        "invalid_client: invalid client credentials when deploying with GitHub",
        "inactive_user: user is inactive; Jira",
        "Named credential 'Google' : invalid_grant",
        "invalid_grant: invalid assertion, signed by Okta",
        "LIMIT_EXCEEDED: Data Cloud: S3 bucket limit",
        "Open Google Authenticator and enter the verification code",
        "Zoom in on the error",
        "eyJhbGciOiJIUzI1NiJ9+S3Kf/SAPx.Box",
    ],
)
def test_what_can_be_salesforce_s_is_no_other_service_s(text: str) -> None:
    assert other_service(text) == ""


def test_a_sign_of_another_service_outweighs_the_mere_name_of_salesforce() -> None:
    text = "Salesforce to HubSpot: 401 Unauthorized https://api.hubapi.com/crm/v3/objects"
    assert other_service(text) == "HubSpot"
    assert diagnose_text(text) == []


def test_what_the_table_calls_shared_is_in_the_table() -> None:
    answers = [answer for row in REFUSALS for answer in row.answers]
    assert {answer.error for answer in answers} >= CODES
    assert {answer.description for answer in answers} >= TEXTS


@pytest.mark.parametrize(
    "text",
    [
        'password authentication failed for user "acme"',
        'no pg_hba.conf entry for host "10.0.0.9", user "acme", database "crm", no encryption',
        "sorry, too many clients already",
        "NOAUTH Authentication required.",
        'relation "orders" does not exist',
        "ER_ACCESS_DENIED_ERROR: Access denied for user 'acme'@'10.0.0.9' (using password: YES)",
    ],
)
def test_a_database_can_be_n8n_s_or_a_node_s(text: str) -> None:
    (found,) = diagnose(text)
    own, node = found.causes
    assert "if only executions with that node fail" in node.what
    assert "node" not in own.what
    (found,) = diagnose(f"NodeOperationError: {text}\n at nodes/Postgres/v2/helpers/utils.ts")
    assert found.causes == (node, own)


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("Error: Invalid login: 535-5.7.8 Username and Password not accepted. EAUTH", "SMTP"),
        ("535 5.7.3 Authentication unsuccessful [BN6PR1EAUTH] Invalid login", "SMTP"),
        ("80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error", "LDAP"),
        ("Invalid password: LDAP bind failed", "LDAP"),
    ],
)
def test_mail_and_directories_are_other_services(text: str, service: str) -> None:
    said, is_known = as_text(text)
    assert not is_known
    assert f"It looks like an error of {service}, not of a Salesforce org." in said


def test_another_service_gets_only_advice_that_fits_it() -> None:
    said, _ = as_text("Microsoft: Überprüfen Sie Ihren Benutzernamen und Ihr Kennwort.")
    assert said.count("Salesforce") == 1
    said, _ = as_text("Google: Error 400: redirect_uri_mismatch")
    assert "Copy OAuth Redirect URL from n8n's credential" in said


def test_another_service_gets_no_near_texts_of_salesforce() -> None:
    near = "expired access or refresh token was sent"
    assert "nearest texts" in as_text(near)[0]
    told, _ = as_text(f"Slack API error: {near}")
    assert "It looks like an error of Slack" in told
    assert "nearest texts" not in told


def test_any_service_s_trial_can_expire() -> None:
    said, _ = as_text("Your n8n cloud trial has expired.")
    assert said.startswith("Other services give this answer, too. If it is about Salesforce:")
