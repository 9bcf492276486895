"""The client credentials flow.

The wordings come from users' reports and other vendors' documentation.
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, token
from sfcred.salesforce.refusals.places import BAD_REQUEST, POLICIES, SCOPES, SETTINGS

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "no-valid-scopes",
        (token("invalid_grant", "no valid scopes defined", "client"),),
        (
            RefusalCause(
                "the app only has scopes that the client credentials flow doesn't grant",
                "Add `api` to the app: {where}.",
                SCOPES,
                signs=("SFC204", "SFC209"),
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "no-run-as-user",
        (token("invalid_grant", "no client credentials user enabled", "client"),),
        (
            RefusalCause(
                "the client credentials flow has no user to run as",
                "Set the Username of an integration user in Run As: {where}.",
                POLICIES,
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "client-credentials-flow-off",
        (
            token("invalid_grant", "client credentials flow not enabled", "client"),
            token("invalid_client", "client credentials flow not enabled", "client"),
        ),
        (
            RefusalCause(
                "the client credentials flow is off in the app's settings",
                "Select Enable Client Credentials Flow: {where}.",
                SETTINGS,
            ),
            RefusalCause(
                "the client credentials flow is off in the app's policies",
                "Select Enable Client Credentials Flow, and set Run As: {where}.",
                POLICIES,
            ),
        ),
        BAD_REQUEST,
    ),
)
