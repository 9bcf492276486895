"""The renewal of a token."""

from sfcred.salesforce.refusals.causes import (
    NEW_CONSENT,
    REFRESH_POLICY,
    SANDBOX_REFRESHED,
    USER_OFF,
)
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts, token
from sfcred.salesforce.refusals.places import PERMISSION_SETS, POLICIES, RECONNECT, SETTINGS

_ROTATION = RefusalCause(
    "token rotation is on, and somebody else used the token or kept an old one (typical if the "
    "first renewal worked and the next one failed)",
    "Let only one program renew the token: one n8n, not `sfcred doctor` and n8n in turn. Or turn "
    "off Refresh Token Rotation: {where}. Then give consent again: `sfcred login`.",
    SETTINGS,
    signs=("SFC609", "rotates"),
    unless=("rotation_off",),
)
_REVOKED = RefusalCause(
    "the consent was revoked: in the user's OAuth Connected Apps, in Session Management, by a new "
    "password, or because the app was uninstalled",
    NEW_CONSENT,
)
_TOO_MANY = RefusalCause(
    "this user gave consent to the app more than about five times, which revoked the oldest "
    "consent",
    "Give each credential its own user or its own app, then give consent again: `sfcred login`.",
    signs=("SFC605",),
)
_IDLE = RefusalCause(
    "the app limits how long a refresh token may stay unused (30 days), even if its policy says "
    "valid until revoked",
    "Use the credential more often, or turn the limit off: {where}. Then give consent again: "
    "`sfcred login`.",
    POLICIES,
)
_APPROVAL = RefusalCause(
    "the app was switched to admin-approved users, and this user isn't one of them",
    "Add a permission set to the app's policy, and assign it to the user: {where}.",
    PERMISSION_SETS,
    signs=("SFC602",),
)
_CAUSES = (
    _ROTATION,
    REFRESH_POLICY,
    _TOO_MANY,
    _REVOKED,
    _IDLE,
    SANDBOX_REFRESHED._replace(
        what="the sandbox was refreshed, which ends all consents", fix=NEW_CONSENT, where=None
    ),
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "refresh-token-expired",
        (
            token("invalid_grant", "expired access/refresh token", "refresh"),
            token("invalid_grant", "expired access/refresh token"),
            token("invalid_grant", "token has been revoked"),
            token("invalid_grant", "invalid refresh token"),
            token("invalid_grant", "refresh token is invalid or expired"),
        ),
        _CAUSES,
        RECONNECT,
    ),
    Refusal(
        "token-request-in-process",
        (
            token("invalid_grant", "token request is already being processed"),
            *codes("history", "OAUTH_TOKEN_IN_PROCESS"),
        ),
        (
            RefusalCause(
                "two requests at the same moment tried to renew the token with the same refresh "
                "token, and Salesforce serves only one of them",
                "Run it again: turn on Retry On Fail in the node's settings. Start workflows with "
                "this credential at different minutes, and let only one program renew the token.",
            ),
        ),
        RECONNECT,
    ),
    Refusal(
        "token-validity-expired",
        (token("invalid_grant", "token validity expired"),),
        (REFRESH_POLICY, USER_OFF, _IDLE),
        RECONNECT,
    ),
    Refusal(
        "refresh-refused",
        (
            token("invalid_grant", "", "refresh"),
            token("invalid_request", "", "refresh"),
            *texts(
                "cli",
                "invalid and can't be refreshed",
                "Unable to refresh session",
                "Could not refresh the access token",
                "Failed to refresh access token",
                "Failed to refresh the access token",
                "Unable to refresh access token",
            ),
        ),
        (*_CAUSES, _APPROVAL),
        RECONNECT,
        says_little=True,
        of_any_service=True,
    ),
)
