"""What n8n shows for a refusal of the token endpoint, by how it logs in."""

import pytest

from sfcred.salesforce.refusals import KnownWording, Refusal, find_refusal
from sfcred.salesforce.refusals.model import Grant
from sfcred.salesforce.refusals.n8n_shows import shown_in_n8n
from sfcred.salesforce.refusals.places import (
    BAD_REQUEST,
    BROWSER,
    FIRST_TOKEN,
    OWN_TEXT,
    RECONNECT,
)

SCOPE = 'n8n shows "The requested scope is invalid, unknown, or malformed."'


def row(name: str) -> Refusal:
    """Return a row of the table."""
    found = find_refusal(name)
    assert found
    return found


@pytest.mark.parametrize(
    ("name", "error", "grant", "shown"),
    [
        ("flow-disabled", "oauth_flow_disabled", "jwt", BAD_REQUEST),
        # n8n's OAuth client knows ten codes, and repeats Salesforce's text for the others.
        ("flow-disabled", "oauth_flow_disabled", "refresh", OWN_TEXT),
        ("user-inactive", "inactive_user", "client", OWN_TEXT),
        ("user-inactive", "invalid_grant", "client", f"{RECONNECT} {FIRST_TOKEN}"),
        # Nobody clicks Connect for a login without a person.
        ("scope-invalid", "invalid_scope", "client", SCOPE),
        ("scope-invalid", "invalid_scope", "code", BROWSER),
        ("app-blocked", "app_blocked", "refresh", OWN_TEXT),
    ],
)
def test_what_n8n_shows_depends_on_the_login(
    name: str, error: str, grant: Grant, shown: str
) -> None:
    assert shown_in_n8n(row(name), KnownWording("token", 400, error), frozenset({grant})) == shown


def test_without_a_credential_both_are_named() -> None:
    flow_disabled = row("flow-disabled")
    shown = shown_in_n8n(flow_disabled, flow_disabled.answers[0], frozenset())
    assert shown == f"{BAD_REQUEST} With OAuth2 or client credentials, {OWN_TEXT}"


def test_a_page_of_salesforce_s_is_seen_in_the_browser() -> None:
    blocked = row("app-blocked")
    assert shown_in_n8n(blocked, blocked.answers[0], frozenset({"client"})) == BROWSER
