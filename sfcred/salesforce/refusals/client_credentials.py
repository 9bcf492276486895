"""The client credentials flow.

The wordings come from users' reports and other vendors' documentation.
"""

from sfcred.salesforce.refusals.causes import IP_RANGES, USER_OFF, WRONG_ORG
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, token
from sfcred.salesforce.refusals.places import BAD_REQUEST, POLICIES, SCOPES, SETTINGS

_NO_SCOPE = RefusalCause(
    "the app only has scopes that the client credentials flow doesn't grant",
    "Add `api` to the app: {where}.",
    SCOPES,
    signs=("SFC204", "SFC209"),
)
_NO_USER = RefusalCause(
    "the client credentials flow has no user to run as",
    "Set the Username of an integration user in Run As: {where}.",
    POLICIES,
    signs=("SFC611",),
)
_OFF_IN_SETTINGS = RefusalCause(
    "the client credentials flow is off in the app's settings",
    "Select Enable Client Credentials Flow: {where}.",
    SETTINGS,
)
_OFF_IN_POLICIES = RefusalCause(
    "the client credentials flow is off in the app's policies",
    "Select Enable Client Credentials Flow, and set Run As: {where}.",
    POLICIES,
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "no-valid-scopes",
        (token("invalid_grant", "no valid scopes defined", "client"),),
        (_NO_SCOPE,),
        BAD_REQUEST,
    ),
    Refusal(
        "no-run-as-user",
        (token("invalid_grant", "no client credentials user enabled", "client"),),
        (_NO_USER,),
        BAD_REQUEST,
    ),
    Refusal(
        "client-credentials-flow-off",
        (
            token("invalid_grant", "client credentials flow not enabled", "client"),
            token("invalid_client", "client credentials flow not enabled", "client"),
        ),
        (_OFF_IN_SETTINGS, _OFF_IN_POLICIES),
        BAD_REQUEST,
    ),
    Refusal(
        "client-credentials-refused",
        (token("invalid_grant", "", "client"), token("invalid_request", "", "client")),
        (
            _NO_USER,
            _OFF_IN_SETTINGS,
            _OFF_IN_POLICIES,
            _NO_SCOPE,
            USER_OFF._replace(what="the user that the flow runs as is inactive or frozen"),
            IP_RANGES._replace(signs=()),
            WRONG_ORG,
        ),
        BAD_REQUEST,
        says_little=True,
    ),
)
