"""Statuses in Login History that are about the app and its tokens (LOGIN_OAUTH_…).

Source: Salesforce Object Reference, "Login Event Type - LOGIN_STATUS Values".
"""

from sfcred.salesforce.refusals.causes import (
    IP_RANGES,
    KEY_WRONG,
    NOT_ADMIN_APPROVED,
    NOT_INSTALLED,
    PROPAGATION,
)
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, status, texts
from sfcred.salesforce.refusals.places import CALLBACK, CERTIFICATE, HISTORY_STATUS, SETTINGS

_NO_KEY = RefusalCause(
    "no Consumer Key that Salesforce knows arrived: it is empty, wrong, or the app wants a secret "
    "that the client didn't send",
    "Compare the Consumer Key and the Consumer Secret with what n8n has, and render the credential "
    "again. For a JWT login, also compare the certificate in the app.",
    signs=("SFC010", "SFC110"),
)
_SIGNATURE = RefusalCause(
    "the signature doesn't fit the certificate in the app",
    "Upload the certificate that belongs to the private key: {where}.",
    CERTIFICATE,
    signs=("SFC408",),
)
_TOO_MANY_TOKENS = RefusalCause(
    "the client asks for access tokens too often and reached a limit",
    "Find what logs in that often: n8n before 2.28 logs in for every call of a JWT credential. "
    "Update n8n, and give each integration its own user.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "history-no-consumer",
        (
            *texts("history", "Missing Consumer Key Parameter"),
            *codes("history", "LOGIN_OAUTH_NO_CONSUMER"),
        ),
        (_NO_KEY, KEY_WRONG),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-consumer-deleted",
        status("LOGIN_OAUTH_CONSUMER_DELETED", "Consumer Deleted"),
        (
            KEY_WRONG._replace(what="the app that the Consumer Key belongs to was deleted"),
            NOT_INSTALLED,
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-not-approved",
        texts("history", "Failed: Not approved for access"),
        (NOT_ADMIN_APPROVED, NOT_INSTALLED),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-api-disabled",
        status("LOGIN_OAUTH_API_DISABLED", "OAuth API access disabled"),
        (
            RefusalCause(
                "the user lacks API Enabled, or the org's edition has no API",
                "Select API Enabled in the user's profile or in a permission set.",
            ),
            NOT_INSTALLED,
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-token-limit",
        status("LOGIN_OAUTH_EXCEED_GET_AT_LMT", "Get Access Token Limit Exceeded"),
        (_TOO_MANY_TOKENS,),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-verifier",
        (
            *status("LOGIN_OAUTH_INVALID_CODE_VERIFIER", "Failed: Invalid Code Verifier"),
            *status("LOGIN_OAUTH_INVALID_CODE_CHALLENGE", "Failed: Invalid Code Challenge"),
            *status("LOGIN_OAUTH_INVALID_VERIFIER", "Failed: Invalid Verifier"),
        ),
        (
            RefusalCause(
                "the code came from another login than the one that exchanged it (in n8n, usually "
                "because sandbox was chosen but production's page opened)",
                "Start the login again in a private window, or use `sfcred login`.",
            ),
        ),
        HISTORY_STATUS,
        never_in=("jwt", "client"),
    ),
    Refusal(
        "history-signature",
        (
            *status("LOGIN_OAUTH_INVALID_DSIG", "Failed: Signature Invalid"),
            *status("LOGIN_OAUTH_INVALID_SIG_METHOD", "Failed: Invalid Signature Method"),
        ),
        (_SIGNATURE,),
        HISTORY_STATUS,
        never_in=("code", "refresh", "client"),
    ),
    Refusal(
        "history-oauth-ip",
        status("LOGIN_OAUTH_INVALID_IP", "Failed: IP Address Not Allowed"),
        (IP_RANGES,),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-replay",
        (
            *status("LOGIN_OAUTH_NONCE_REPLAY", "Nonce Replay Detected"),
            *status("LOGIN_OAUTH_INVALID_NONCE", "Failed: Invalid Nonce"),
        ),
        (
            RefusalCause(
                "the same request was sent twice",
                "Look for a proxy or a client that sends again what it has already sent.",
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-clock",
        status("LOGIN_OAUTH_INVALID_TIMESTAMP", "Failed: Invalid Timestamp"),
        (
            RefusalCause(
                "the clock of the computer that logs in is wrong",
                "Synchronize the clock over the network (NTP).",
                signs=("clock",),
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-token",
        (
            *status("LOGIN_OAUTH_INVALID_TOKEN", "Failed: Invalid Token"),
            *status("LOGIN_OAUTH_NO_TOKEN", "Missing OAuth Token Parameter"),
        ),
        (
            RefusalCause(
                "the refresh token was revoked, has expired, or belongs to another app",
                "Give consent again: `sfcred login`, or Connect in n8n.",
            ),
        ),
        HISTORY_STATUS,
        never_in=("jwt", "client"),
    ),
    Refusal(
        "history-callback",
        status("LOGIN_OAUTH_NO_CALLBACK_URL", "Failed: Invalid Callback URL"),
        (
            RefusalCause(
                "the callback isn't exactly one of the app's",
                "Add n8n's callback URL to the app: {where}.",
                CALLBACK,
                signs=("SFC301", "SFC302"),
            ),
            PROPAGATION,
        ),
        HISTORY_STATUS,
        never_in=("jwt", "client"),
    ),
    Refusal(
        "history-package",
        (
            *status(
                "LOGIN_OAUTH_PACKAGE_MISSING",
                "Package for this consumer is not installed in your organization",
            ),
            *status(
                "LOGIN_OAUTH_PACKAGE_OLD", "Installed package for this consumer is out of date"
            ),
        ),
        (
            RefusalCause(
                "the app comes in a package that isn't installed here, or is out of date",
                "Install the package's current version, or create an app in this org.",
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-parameter",
        (
            *status("LOGIN_OAUTH_UNEXPECTED_PARAM", "Failed: Unexpected parameter"),
            *status("LOGIN_ERROR_HTP_METHD_INVALID", "Failed: Invalid HTTP method"),
            *status("LOGIN_OAUTH_INVALID_VERSION", "Failed: Version Not Supported"),
        ),
        (
            RefusalCause(
                "the client's request isn't one that Salesforce accepts for this flow",
                "Check for a proxy that rewrites requests, and compare the app's flows: {where}.",
                SETTINGS,
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-device",
        (
            *status("LOGIN_OAUTH_INVALID_DEVICE", "Device Id missing or not registered"),
            *status("LOGIN_OAUTH_INVALID_DS", "Failed: Activation secret invalid"),
            *status("LOGIN_OAUTH_MISSING_DS", "Failed: Activation secret missing"),
            *status("LOGIN_OAUTH_DS_NOT_EXPECTED", "Failed: Activation secret not expected"),
        ),
        (
            RefusalCause(
                "a client named a device that Salesforce doesn't accept, or should have (n8n's "
                "Salesforce credentials never name one)",
                "Look at the row's Application and Source IP, to find out which client that is. "
                "For a credential with a consent, give the consent again.",
            ),
        ),
        HISTORY_STATUS,
    ),
)
