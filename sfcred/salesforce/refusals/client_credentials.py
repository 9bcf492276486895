"""The client credentials flow."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, token
from sfcred.salesforce.refusals.places import NEVER, POLICIES, SCOPES, SETTINGS

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "no-valid-scopes",
        (token("invalid_grant", "no valid scopes defined"),),
        (
            RefusalCause(
                "the app only has scopes that the client credentials flow doesn't grant",
                "Add `api` to the app: {where}.",
                SCOPES,
                signs=("SFC204",),
            ),
        ),
        NEVER,
    ),
    Refusal(
        "no-run-as-user",
        (token("invalid_grant", "no client credentials user enabled"),),
        (
            RefusalCause(
                "the client credentials flow has no user to run as",
                "Set a user in Run As: {where}.",
                POLICIES,
            ),
        ),
        NEVER,
    ),
    Refusal(
        "client-credentials-flow-off",
        (
            token("invalid_grant", "client credentials flow not enabled"),
            token("invalid_client", "client credentials flow not enabled"),
        ),
        (
            RefusalCause(
                "the client credentials flow is off in the app or in its policy",
                "n8n's Salesforce credentials don't use this flow. To use it elsewhere, enable it "
                "in the app and in its policy: {where}.",
                SETTINGS,
            ),
        ),
        NEVER,
    ),
)
