"""`sfcred explain --error --spec` advises nothing that the spec's flow or type of app rules out."""

from datetime import UTC, datetime, timedelta

import pytest

from sfcred.report.error_text import Known, as_text
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential
from tests.helpers.project import Project, credentials_of

_CLIENT_REFUSED = (
    "Client authentication failed (e.g., unknown client, no client authentication included, or "
    "unsupported authentication method)."
)
_ERRORS = (
    "invalid_client: invalid client credentials",
    "invalid_client_id: client identifier invalid",
    "invalid_client",
    "invalid_grant",
    "invalid_grant: invalid assertion",
    "invalid_grant: ip restricted",
    "invalid_grant: expired access/refresh token",
    "invalid_grant: authentication failure",
    "invalid_grant: user hasn't approved this consumer",
    "invalid_grant: client credentials flow not enabled",
    "INVALID_SESSION_ID: Session expired or invalid",
    "app_not_found: External client app is not installed in this org",
    "oauth_flow_disabled",
    "invalid_scope: the requested scope is not allowed",
    "redirect_uri_mismatch",
    "OAUTH_APPROVAL_ERROR_GENERIC",
    "unsupported_grant_type: grant type not supported",
    "Failed: Signature Invalid",
    _CLIENT_REFUSED,
    "The credential needs to be reconnected",
    "Failed to acquire OAuth2 access token",
)
_CONSENT = ("refresh token", "callback url", "sfcred login")
_KEY = ("certificate", "private key", "sfcred keygen")
#: What a flow has nothing to do with.
_NOT_OF = {
    "jwt": ("consumer secret", *_CONSENT),
    "oauth2": _KEY,
    "client_credentials": (*_KEY, *_CONSENT),
}
_SCREEN = {
    "connected_app": "Setup, External Client App Manager",
    "external_client_app": "Setup, App Manager",
}


@pytest.mark.parametrize("error", _ERRORS)
@pytest.mark.parametrize("app", list(_SCREEN))
@pytest.mark.parametrize("flow", list(_NOT_OF))
def test_nothing_is_advised_that_the_spec_rules_out(
    flow: str, app: str, error: str, project: Project
) -> None:
    path = project.credential(f"app:\n  type: {app}\n", flow)
    # The example's certificate is made for the test: a day later, the app isn't new any more.
    later = datetime.now(UTC) + timedelta(days=7)
    (credential,) = credentials_of([path], Context(project.folder, now=later))
    text, is_known = as_text(error, Known(credential))
    assert is_known
    advice = text.partition("Ruled out: ")[0]
    assert _SCREEN[app] not in advice
    assert "1. the app is new" not in advice
    if "which doesn't usually get this error" not in advice:
        assert [word for word in _NOT_OF[flow] if word in advice.lower()] == []


def credential_of(flow: str, project: Project) -> Credential:
    context = Context(project.folder, now=datetime.now(UTC))
    (credential,) = credentials_of([project.credential("{}\n", flow)], context)
    return credential


@pytest.mark.parametrize(
    ("flow", "error", "wrong"),
    [
        *((flow, "invalid_grant: authentication failure", "security token") for flow in _NOT_OF),
        ("jwt", "invalid_scope: the requested scope is not allowed", "always asks"),
        ("client_credentials", "invalid_scope", "always asks"),
        ("oauth2", "invalid_session_level", "JWT"),
        ("client_credentials", "invalid_session_level", "JWT"),
    ],
)
def test_a_cause_fits_what_the_flow_sends(
    flow: str, error: str, wrong: str, project: Project
) -> None:
    credential = credential_of(flow, project)
    text, is_known = as_text(error, Known(credential))
    assert is_known
    assert wrong not in text.partition("Ruled out: ")[0]


@pytest.mark.parametrize(
    "status", ["Failed: Invalid Token", "Failed: Invalid Callback URL", "Failed: Invalid Verifier"]
)
@pytest.mark.parametrize("flow", ["jwt", "client_credentials"])
def test_a_status_of_a_consent_is_another_login_s(flow: str, status: str, project: Project) -> None:
    known = Known(credential_of(flow, project))
    assert "doesn't usually get this error" in as_text(status, known)[0]
