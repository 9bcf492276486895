"""A value is the wrong kind of secret.

**Finds** a Consumer Key or a refresh token in place of the Consumer Secret, an access token or a
Consumer Secret in place of the refresh token, and a key or certificate in place of either.

**Why it matters** The values look alike in a password manager, and Salesforce only answers
`invalid_client` or `invalid_grant`. An access token expires within hours and can't be renewed.

**How to fix it** Salesforce shows Consumer Key and Consumer Secret side by side: External Client
App Manager, the app, Settings, OAuth Settings, Consumer Key and Secret (Connected App: App Manager,
View, Manage Consumer Details). A refresh token comes from a consent, not from Setup.

**Source** The form of Salesforce's own values: Consumer Keys usually start with 3MVG9, access
tokens with the org's id and an exclamation mark, refresh tokens usually with 5Aep.
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import NotKnown
from sfcred.resolve.credential import Credential
from sfcred.spec.source import Route, route_text

BAD = Example(
    "{}\n",
    base="oauth2",
    environ={"ACME_CLIENT_SECRET": "text:3MVG9abcdefghijklmnopqrstuvwxyz0123"},
)
GOOD = Example("{}\n", base="oauth2", environ={"ACME_CLIENT_SECRET": "text:1234567890123456789"})

_KINDS = (
    (r"3MVG9[\w.]+", "a Consumer Key"),
    (r"00D\w{12,15}!.+", "an access token"),
    (r"5Aep[\w.]+", "a refresh token"),
    (r"(?s).*-----BEGIN [A-Z ]*PRIVATE KEY.*", "a private key"),
    (r"(?s).*-----BEGIN CERTIFICATE.*", "a certificate"),
    (r"[0-9A-F]{64}", "a Consumer Secret"),
)
_EXPECTED: dict[Route, str] = {
    ("oauth2", "client_secret"): "a Consumer Secret",
    ("oauth2", "refresh_token"): "a refresh token",
    ("client_credentials", "client_secret"): "a Consumer Secret",
}


@offline_check(
    "SFC011",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow=("oauth2", "client_credentials"),
    since="0.1.0",
    follows=("SFC010",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Compare what a value looks like with what its field needs."""
    for route, expected in _EXPECTED.items():
        if route not in credential.fields:
            continue
        try:
            value = credential.value(route).get_secret_value().strip()
        except NotKnown:
            continue  # not declared, SFC005's, or n8n's
        kind = next((what for shape, what in _KINDS if re.fullmatch(shape, value)), None)
        if kind is not None and kind != expected:
            message = f"the value of {route_text(route)} looks like {kind}"
            yield Problem(message, route, f"Replace it with {expected}.")
