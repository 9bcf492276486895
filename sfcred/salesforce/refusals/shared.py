"""Codes and texts of Salesforce's that other services answer with, too."""

from sfcred.salesforce.refusals.model import A_STATUS, KnownWording, Refusal

#: Codes of OAuth, and words that name no thing of Salesforce's.
CODES = frozenset({
    "access-denied", "access_denied", "app_blocked", "app_not_found", "authorization_pending",
    "inactive_user", "installation_error", "insufficient_scope", "invalid_client",
    "invalid_client_id", "invalid_dpop_proof", "invalid_grant", "invalid_request", "invalid_scope",
    "invalid_token", "rate_limit_exceeded", "redirect_uri_mismatch", "redirect_uri_missing",
    "server_error", "service_unavailable", "slow_down", "system_down", "unknown_error",
    "unsupported_grant_type", "unsupported_response_type", "unsupported_token_type",
    "use_dpop_nonce",
    "ALREADY_IN_PROCESS", "API_ERROR", "CIRCULAR_DEPENDENCY", "DELETE_FAILED", "DEPENDENCY_EXISTS",
    "DUPLICATE_USERNAME", "DUPLICATE_VALUE", "FEATURE_NOT_ENABLED", "FILE_SIZE_LIMIT_EXCEEDED",
    "FORBIDDEN", "FUNCTIONALITY_NOT_ENABLED", "ILLEGAL_QUERY_PARAMETER_VALUE", "IMAGE_TOO_LARGE",
    "INACTIVE_USER", "INSUFFICIENT_ACCESS", "INVALID_ARGUMENT_TYPE", "INVALID_AUTH_HEADER",
    "INVALID_CONTENT_TYPE", "INVALID_COUNTRY", "INVALID_COUNTRY_CODE", "INVALID_EMAIL_ADDRESS",
    "INVALID_FIELD", "INVALID_INPUT", "INVALID_JWT_FORMAT", "INVALID_LOGIN", "INVALID_OPERATOR",
    "INVALID_PARAMETER", "INVALID_REQUEST_BODY", "INVALID_SEARCH", "INVALID_STATE",
    "INVALID_STATUS", "INVALID_TYPE", "JSON_PARSER_ERROR", "LICENSE_LIMIT_EXCEEDED",
    "LIMIT_EXCEEDED", "MAX_LIMIT_EXCEEDED", "METHOD_NOT_ALLOWED", "MISSING_ARGUMENT", "NOT_FOUND",
    "OPERATION_NOT_ALLOWED", "OPERATION_TOO_LARGE", "PARSE_ERROR", "PASSWORD_LOCKOUT",
    "PAYLOAD_SIZE_EXCEEDED", "QUERY_TIMEOUT", "QUERY_TOO_COMPLICATED",
    "SERVER_UNAVAILABLE", "STRING_TOO_LONG", "TEMPLATE_NOT_ACTIVE",
    "TEMPLATE_NOT_FOUND", "TOO_MANY_JOBS", "TOO_MANY_RECORDS", "TRIAL_EXPIRED",
    "UNSUPPORTED_API_VERSION", "UNSUPPORTED_MEDIATYPE",
    "UNSUPPORTED_MEDIA_TYPE", "USER_LOCKED", "XML_PARSER_ERROR",
})  # fmt: skip
#: Descriptions that other services write in the same words.
TEXTS = frozenset({
    "in JSON at position", "Unexpected token {any} is not valid JSON",
    "Access is denied", "access token has expired", "token has expired",
    "An internal server error has occurred", "Invalid login", "Invalid password",
    "Please check your username and password", "authorization code has been used",
    "client identifier invalid", "code_verifier", "expired authorization code", "inactive user",
    "insufficient scope", "invalid assertion", "invalid audience", "invalid authorization code",
    "invalid client credentials", "invalid code verifier", "invalid redirect_uri",
    "invalid refresh token", "invalid user", "invalid user credentials",
    "redirect uri does not match", "redirect_uri must match",
    "refresh token is invalid or expired", "requested scope is invalid, unknown, or malformed",
    "token has been revoked", "trial has expired", "user is inactive", "user is locked",
    "you have a valid username and password",
})  # fmt: skip


def needs_condition(row: Refusal, wording: KnownWording) -> bool:
    """Return whether a wording alone leaves open if the answer is Salesforce's."""
    if row.of_any_service:
        return True
    if wording.description:
        return wording.step in ("token", "authorize") and wording.description in TEXTS
    return wording.error in CODES


def is_shared(row: Refusal, wording: KnownWording) -> bool:
    """Return whether a text that names another service can have a wording.

    What fails on the way, or while a key is read, fails in the same way for all services.
    """
    if wording.description in TEXTS:
        return True
    if wording.step in ("network", "key", "sfcred"):
        return False
    return row.tells <= A_STATUS or needs_condition(row, wording)
