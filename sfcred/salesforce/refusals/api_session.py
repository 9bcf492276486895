"""The first calls with a token."""

from sfcred.salesforce.refusals.causes import NEW_CONSENT
from sfcred.salesforce.refusals.model import (
    KnownWording,
    Refusal,
    RefusalCause,
    codes,
    texts,
    token,
)
from sfcred.salesforce.refusals.places import (
    FORBIDDEN,
    NEVER,
    OWN,
    POLICIES,
    SCOPES,
    SETTINGS,
    UNAUTHORIZED,
)

_API_SCOPE = RefusalCause(
    "the token lacks the scope api",
    "Add `api` to the app, and log in again: {where}.",
    SCOPES,
    signs=("SFC204", "no_api_scope"),
)
# Salesforce documents this one for client credentials (knowledge article 005226515).
_API_SCOPE_OF_CLIENT = _API_SCOPE._replace(
    signs=(*_API_SCOPE.signs, "client"), unless=("api_scope",)
)
_API_ENABLED = RefusalCause(
    "the user lacks the permission API Enabled, or the org's edition has no API",
    "Select API Enabled in the user's profile, or in a permission set: Setup, Users, the user, "
    "Profile.",
)
_ACCESS_CONTROL = RefusalCause(
    "API Access Control lets only approved apps call the API, and this app isn't one of them",
    "Approve the app in Setup, API Access Control, and assign it to the user with a permission "
    "set: {where}.",
    POLICIES,
    signs=("jwt",),
)
_IP = RefusalCause(
    "the app enforces IP restrictions, and the call comes from another address than the login",
    "Set IP Relaxation to Relax IP restrictions: {where}. Then connect again.",
    POLICIES,
    unless=("ip_relaxed",),
)
_LOCKED = RefusalCause(
    "the org locks sessions to the IP address from which they originated",
    "Clear that option in Setup, Session Settings, or let n8n use one outgoing address.",
)
_LOCKED_STREAM = _LOCKED._replace(
    fix="Clear that option in Setup, Session Settings, then log in again."
)
_EVERY_REQUEST = RefusalCause(
    "the user's profile has Login IP Ranges, and the org compares every call with them, not only "
    "the login",
    "Add n8n's outgoing addresses to the profile's Login IP Ranges, or clear Enforce login IP "
    "ranges on every request in Setup, Session Settings.",
    signs=("SFC606", "SFC607"),
)
_ENDED = RefusalCause("the access token has expired or was revoked", "Log in again.")
_JWT_TOKEN = RefusalCause(
    "the app issues JWT-based access tokens for named users, which the event bus may not accept",
    "Clear Issue JSON Web Token (JWT)-based access tokens for named users: {where}. Then log in "
    "again.",
    SETTINGS,
)
_HEADERS = RefusalCause(
    "the client sends no access token, or not the org's own address and id",
    "The Pub/Sub API requires three headers: accesstoken, instanceurl (the address that the token "
    "came with) and tenantid (the org's id).",
)
_LEVEL = RefusalCause(
    "the app or the profile requires a High Assurance session, so this one isn't valid for the API",
    "Remove the High Assurance requirement from the app's policy and the user's profile: {where}.",
    POLICIES,
)
_EXPIRED = RefusalCause(
    "the access token has expired and wasn't renewed, or was revoked",
    "n8n renews it by itself. If it doesn't, log in again. With OAuth2, the refresh token has "
    "ended, too.",
    unless=("fresh_token",),
    fix_without_consent="n8n renews it by itself. If it doesn't, log in again: `sfcred doctor "
    "--live`.",
)
_NO_REFRESH_TOKEN = RefusalCause(
    "the app or the consent doesn't include the scope refresh_token, so the client got no refresh "
    "token",
    f"Add refresh_token to the app: {{where}}. {NEW_CONSENT}",
    SCOPES,
    signs=("SFC202", "SFC203"),
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "token-refused",
        (
            KnownWording("userinfo", 403, "Bad_OAuth_Token"),
            KnownWording("userinfo", 403, "Wrong_Org"),
            KnownWording("userinfo", 403, "", "Bad OAuth Token"),
        ),
        (
            RefusalCause(
                "the access token has expired, was revoked, or belongs to another org",
                "Log in again: `sfcred doctor --live`.",
            ),
        ),
        FORBIDDEN,
    ),
    Refusal(
        "token-not-sent",
        (*codes("cli", "Missing_OAuth_Token"), *texts("cli", "Missing OAuth Token")),
        (
            RefusalCause(
                "the client asked Salesforce who is logged in, and sent no access token with it",
                "Update the client, which has to send the token in the header Authorization. A "
                "proxy can drop that header, too.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "userinfo-forbidden",
        texts(
            "cli",
            "/services/oauth2/userinfo{any}403",
            "403{any}/services/oauth2/userinfo",
            "salesforce.com/id/00D{any}403",
            "403{any}salesforce.com/id/00D",
        ),
        (
            RefusalCause(
                "the access token is missing, has expired, was revoked, or belongs to another org: "
                "where Salesforce tells who is logged in, it answers HTTP 403 to that, not 401",
                "Log in again: `sfcred doctor --live`. A client that renews its token only after "
                "HTTP 401 never renews it here.",
            ),
        ),
        FORBIDDEN,
        says_little=True,
    ),
    Refusal(
        "session-invalid",
        (
            KnownWording("rest", 401, "INVALID_SESSION_ID", "session expired or invalid"),
            KnownWording("rest", 401, "INVALID_SESSION_ID"),
            *texts("node", "Invalid session id", "Salesforce session is invalid or has expired"),
            KnownWording("node", 401, "InvalidSessionId"),
        ),
        (_EXPIRED, _IP, _LOCKED, _EVERY_REQUEST, _ACCESS_CONTROL, _LEVEL),
        UNAUTHORIZED,
        says_little=True,
    ),
    Refusal(
        "event-bus-refused",
        texts("node", "Provide valid authentication via metadata headers"),
        (_ENDED, _JWT_TOKEN, _API_SCOPE, _LOCKED_STREAM, _HEADERS),
        NEVER,
    ),
    Refusal(
        "session-ended",
        texts(
            "node",
            "invalid or expired access token",
            "Access Token expired",
            "access token has expired",
            "the token is expired",
            "token has expired",
            # Streaming API.
            "401::Authentication invalid",
        ),
        (_EXPIRED, _IP, _LOCKED, _EVERY_REQUEST),
        UNAUTHORIZED,
        of_any_service=True,
    ),
    Refusal(
        "session-not-for-api",
        (
            KnownWording(
                "rest",
                401,
                "INVALID_SESSION_ID",
                "this session is not valid for use with the REST API",
            ),
            KnownWording(
                "rest", 401, "INVALID_SESSION_ID", "this session is not valid for use with the API"
            ),
        ),
        (_IP, _LOCKED, _EVERY_REQUEST, _ACCESS_CONTROL, _API_SCOPE_OF_CLIENT, _LEVEL, _EXPIRED),
        UNAUTHORIZED,
    ),
    Refusal(
        "api-disabled",
        (
            KnownWording("rest", 403, "API_DISABLED_FOR_ORG", "the rest api is not enabled"),
            KnownWording(
                "rest", 403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization"
            ),
            KnownWording("rest", 403, "API_DISABLED_FOR_ORG"),
            KnownWording("rest", 403, "API_CURRENTLY_DISABLED", "API is disabled for this user"),
            KnownWording("rest", 403, "API_CURRENTLY_DISABLED"),
            *texts("node", "API is currently disabled for this user"),
        ),
        (_API_ENABLED, _API_SCOPE),
        FORBIDDEN,
    ),
    Refusal(
        "limits-hidden",
        texts("node", "limits resource is not enabled"),
        (
            RefusalCause(
                "the user lacks the permission View Setup and Configuration, without which "
                "Salesforce doesn't show the API's limits",
                "Give the user's permission set View Setup and Configuration, or don't ask for the "
                "limits.",
            ),
            _API_ENABLED,
        ),
        FORBIDDEN,
    ),
    Refusal(
        "scope-insufficient",
        (
            KnownWording("rest", 403, "INSUFFICIENT_ACCESS", "insufficient scope"),
            KnownWording("rest", 403, "FORBIDDEN", "insufficient scope"),
            KnownWording("rest", 403, "insufficient_scope"),
        ),
        (_API_SCOPE, _API_ENABLED),
        FORBIDDEN,
    ),
    Refusal(
        "auth-header-invalid",
        (
            KnownWording("rest", 401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"),
            KnownWording("rest", 401, "INVALID_AUTH_HEADER"),
            KnownWording("rest", 401, "INVALID_JWT_FORMAT"),
        ),
        (
            RefusalCause(
                "the API didn't get the access token in the header that it expects: the token is "
                "empty, or its kind is off in the app",
                "Log in again. If the app issues JWT-based access tokens, check that setting: "
                "{where}.",
                SETTINGS,
            ),
        ),
        UNAUTHORIZED,
    ),
    Refusal(
        "token-type",
        (token("unsupported_token_type"), token("invalid_token")),
        (
            RefusalCause(
                "the token isn't this app's, or is no longer valid",
                "Log in again, and introspect or revoke only tokens of the same app.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "expired-without-refresh",
        texts(
            "n8n",
            "OAuth access token expired and no refresh token is available",
            "no refresh token is available",
        ),
        (_NO_REFRESH_TOKEN,),
        OWN,
        of_any_service=True,
    ),
    Refusal(
        "no-refresh-token",
        texts(
            "cli",
            "No refresh token found",
            "refresh token is missing",
            "missing refresh token",
            "refresh_token is missing",
            "missing refresh_token",
            "missing_refresh_token",
            'Required parameter not passed: "refresh_token"',
            "refresh_token is required",
            # What n8n's client throws.
            "refreshToken is required",
            "does not have a refresh token",
            "No refresh token",
            "refresh token value is either null or empty",
            "refresh token is null",
            "refresh token is empty",
        ),
        (_NO_REFRESH_TOKEN,),
        'n8n shows "OAuth access token expired and no refresh token is available".',
        of_any_service=True,
    ),
)
