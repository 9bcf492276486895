"""The client credentials flow.

The wordings come from users' reports and other vendors' documentation.
"""

from sfcred.salesforce.refusals.causes import IP_RANGES, USER_OFF, WRONG_ORG
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts, token
from sfcred.salesforce.refusals.places import NEVER, POLICIES, RECONNECT, SCOPES, SETTINGS

_NO_SCOPE = RefusalCause(
    "the app only has scopes that the client credentials flow doesn't grant",
    "Add `api` to the app: {where}.",
    SCOPES,
    signs=("SFC204", "SFC209"),
    unless=("consent",),
)
_NO_USER = RefusalCause(
    "the client credentials flow has no user to run as",
    "Set the Username of an integration user in Run As: {where}.",
    POLICIES,
    signs=("SFC611",),
    unless=("consent",),
)
_OFF_IN_SETTINGS = RefusalCause(
    "the client credentials flow is off in the app's settings",
    "Select Enable Client Credentials Flow: {where}.",
    SETTINGS,
    unless=("consent",),
)
_OFF_IN_POLICIES = RefusalCause(
    "the client credentials flow is off in the app's policies",
    "Select Enable Client Credentials Flow, and set Run As: {where}.",
    POLICIES,
    unless=("consent",),
)
FLOW_OFF = (_OFF_IN_SETTINGS, _OFF_IN_POLICIES)
#: Why Salesforce refuses a client whose secret is right.
CLIENT_REFUSED = (_NO_USER, *FLOW_OFF, _NO_SCOPE)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "no-valid-scopes",
        (token("invalid_grant", "no valid scopes defined", "client"),),
        (_NO_SCOPE,),
        RECONNECT,
    ),
    Refusal(
        "no-run-as-user",
        (token("invalid_grant", "no client credentials user enabled", "client"),),
        (_NO_USER,),
        RECONNECT,
    ),
    Refusal(
        "client-credentials-flow-off",
        (
            token("invalid_grant", "client credentials flow not enabled", "client"),
            token("invalid_client", "client credentials flow not enabled", "client"),
        ),
        FLOW_OFF,
        RECONNECT,
    ),
    Refusal(
        "code-credentials-flow-off",
        (
            token("invalid_client", "code credential flow not enabled"),
            token("invalid_grant", "code credential flow not enabled"),
        ),
        (
            RefusalCause(
                "the client logs in with the Authorization Code and Credentials flow (headless, "
                "with a login page of its own), which is off in the app",
                "Turn on Authorization Code and Credentials Flow: {where}. n8n doesn't use it: "
                "leave it off for n8n.",
                SETTINGS,
            ),
        ),
        NEVER,
    ),
    Refusal(
        "client-credentials-refused",
        (
            token("invalid_grant", "", "client"),
            token("invalid_request", "", "client"),
            # Azure Data Factory's.
            *texts("cli", "SalesforceOauth2ClientCredentialFailure"),
        ),
        (
            *CLIENT_REFUSED,
            USER_OFF._replace(what="the user that the flow runs as is inactive or frozen"),
            IP_RANGES._replace(signs=()),
            WRONG_ORG,
        ),
        RECONNECT,
        says_little=True,
    ),
)
