"""The statuses in Login History, and the codes of login events.

Source: Salesforce Object Reference, "Login Event Type - LOGIN_STATUS Values".
"""

from sfcred.salesforce.refusals.causes import (
    API_ONLY_USER,
    IP_RANGES,
    KEY_WRONG,
    NOT_INSTALLED,
    PROPAGATION,
    USER_OFF,
    WRONG_PASSWORD,
)
from sfcred.salesforce.refusals.model import KnownWording, Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import CALLBACK, CERTIFICATE, MY_DOMAIN, SETTINGS

_HISTORY = "This is a status in Login History. The client gets another text."


def _status(code: str, *descriptions: str) -> tuple[KnownWording, ...]:
    return (*texts("history", *descriptions), *codes("history", code))


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
_VERIFY = RefusalCause(
    "Salesforce asks for a verification code, because the browser or address is new",
    "Enter the code from the e-mail. A JWT login isn't asked for one.",
)
_ORG_GONE = RefusalCause(
    "the org is closed, locked, suspended, expired, or in maintenance",
    "Log in to the org with a browser. If that fails too, ask Salesforce, or check "
    "status.salesforce.com.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "history-no-consumer",
        (
            *texts("history", "Missing Consumer Key Parameter"),
            *codes("history", "LOGIN_OAUTH_NO_CONSUMER"),
        ),
        (_NO_KEY, KEY_WRONG),
        _HISTORY,
    ),
    Refusal(
        "history-consumer-deleted",
        _status("LOGIN_OAUTH_CONSUMER_DELETED", "Consumer Deleted"),
        (
            KEY_WRONG._replace(what="the app that the Consumer Key belongs to was deleted"),
            NOT_INSTALLED,
        ),
        _HISTORY,
    ),
    Refusal(
        "history-api-disabled",
        _status("LOGIN_OAUTH_API_DISABLED", "OAuth API access disabled"),
        (
            RefusalCause(
                "the user lacks API Enabled, or the org's edition has no API",
                "Select API Enabled in the user's profile or in a permission set.",
            ),
            NOT_INSTALLED,
        ),
        _HISTORY,
    ),
    Refusal(
        "history-token-limit",
        _status("LOGIN_OAUTH_EXCEED_GET_AT_LMT", "Get Access Token Limit Exceeded"),
        (_TOO_MANY_TOKENS,),
        _HISTORY,
    ),
    Refusal(
        "history-verifier",
        (
            *_status("LOGIN_OAUTH_INVALID_CODE_VERIFIER", "Failed: Invalid Code Verifier"),
            *_status("LOGIN_OAUTH_INVALID_CODE_CHALLENGE", "Failed: Invalid Code Challenge"),
            *_status("LOGIN_OAUTH_INVALID_VERIFIER", "Failed: Invalid Verifier"),
        ),
        (
            RefusalCause(
                "the code came from another login than the one that exchanged it (in n8n, usually "
                "because sandbox was chosen but production's page opened)",
                "Start the login again in a private window, or use `sfcred login`.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-signature",
        (
            *_status("LOGIN_OAUTH_INVALID_DSIG", "Failed: Signature Invalid"),
            *_status("LOGIN_OAUTH_INVALID_SIG_METHOD", "Failed: Invalid Signature Method"),
        ),
        (_SIGNATURE,),
        _HISTORY,
        never_in=("code", "refresh", "client"),
    ),
    Refusal(
        "history-oauth-ip",
        _status("LOGIN_OAUTH_INVALID_IP", "Failed: IP Address Not Allowed"),
        (IP_RANGES,),
        _HISTORY,
    ),
    Refusal(
        "history-replay",
        (
            *_status("LOGIN_OAUTH_NONCE_REPLAY", "Nonce Replay Detected"),
            *_status("LOGIN_OAUTH_INVALID_NONCE", "Failed: Invalid Nonce"),
        ),
        (
            RefusalCause(
                "the same request was sent twice",
                "Look for a proxy or a client that sends again what it has already sent.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-clock",
        _status("LOGIN_OAUTH_INVALID_TIMESTAMP", "Failed: Invalid Timestamp"),
        (
            RefusalCause(
                "the clock of the computer that logs in is wrong",
                "Synchronize the clock over the network (NTP).",
                signs=("clock",),
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-token",
        (
            *_status("LOGIN_OAUTH_INVALID_TOKEN", "Failed: Invalid Token"),
            *_status("LOGIN_OAUTH_NO_TOKEN", "Missing OAuth Token Parameter"),
        ),
        (
            RefusalCause(
                "the refresh token was revoked, has expired, or belongs to another app",
                "Give consent again: `sfcred login`, or Connect in n8n.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-callback",
        _status("LOGIN_OAUTH_NO_CALLBACK_URL", "Failed: Invalid Callback URL"),
        (
            RefusalCause(
                "the callback isn't exactly one of the app's",
                "Add n8n's callback URL to the app: {where}.",
                CALLBACK,
                signs=("SFC301", "SFC302"),
            ),
            PROPAGATION,
        ),
        _HISTORY,
    ),
    Refusal(
        "history-package",
        (
            *_status(
                "LOGIN_OAUTH_PACKAGE_MISSING",
                "Package for this consumer is not installed in your organization",
            ),
            *_status(
                "LOGIN_OAUTH_PACKAGE_OLD", "Installed package for this consumer is out of date"
            ),
        ),
        (
            RefusalCause(
                "the app comes in a package that isn't installed here, or is out of date",
                "Install the package's current version, or create an app in this org.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-restricted-ip",
        _status("LOGIN_ERROR_RESTRICTED_DOMAIN", "Restricted IP"),
        (IP_RANGES,),
        _HISTORY,
    ),
    Refusal(
        "history-restricted-time",
        _status("LOGIN_ERROR_RESTRICTED_TIME", "Restricted time"),
        (
            RefusalCause(
                "the user's profile allows logins only at certain hours",
                "Change Login Hours in Setup, Profiles, the user's profile.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-restricted-domain",
        _status("LOGIN_ERROR_ORG_DOMAIN_ONLY", "Restricted domain"),
        (
            RefusalCause(
                "the org forbids logins at login.salesforce.com and test.salesforce.com",
                f"Set `my_domain` to the org's own address: {MY_DOMAIN}.",
                signs=("SFC106",),
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-frozen",
        _status("LOGIN_ERROR_USER_FROZEN", "User is frozen"),
        (
            RefusalCause(
                "the user is frozen (Salesforce also freezes users that log in through anonymizing "
                "proxies)",
                "Click Unfreeze in Setup, Users, the user.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-inactive", codes("history", "LOGIN_ERROR_USER_INACTIVE"), (USER_OFF,), _HISTORY
    ),
    Refusal(
        "history-lockout",
        (
            *_status("LOGIN_ERROR_PASSWORD_LOCKOUT", "Password lockout"),
            *codes("history", "LOGIN_ERROR_CSS_PW_LOCKOUT"),
        ),
        (
            RefusalCause(
                "the user is locked out after too many wrong passwords, often by another program",
                "Click Unlock in Setup, Users, the user, and find the program that tries. A JWT or "
                "OAuth2 credential sends no password.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-password",
        (
            *_status("LOGIN_ERROR_INVALID_PASSWORD", "Invalid password"),
            *codes("history", "LOGIN_ERROR_SSO_PWD_INVALID"),
            *_status("LOGIN_ERROR_UNKNOWN_ERROR", "Login invalid"),
            *codes(
                "history",
                "LOGIN_ERROR_INVALID_USERNAME",
                "LOGIN_ERROR_PASSWORD_EMPTY",
                "LOGIN_ERROR_USERNAME_EMPTY",
            ),
            *texts("history", "Username-Password Flow Disabled", "Invalid login"),
        ),
        (
            WRONG_PASSWORD._replace(
                what="a login with a password failed (n8n's Salesforce credentials "
                "send none, so another client tried, or a person)"
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-security-token",
        _status("LOGIN_ERROR_MUST_USE_API_TOKEN", "API security token required"),
        (
            RefusalCause(
                "a login with a password came from an address outside the trusted IP ranges, "
                "without "
                "the security token (n8n's Salesforce credentials send no password)",
                "Find the client that logs in with a password, and give it the security token or "
                "the "
                "JWT flow.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-activation",
        (
            *_status("LOGIN_CHALLENGE_ISSUED", "Computer activation required"),
            *_status("LOGIN_CHALLENGE_PENDING", "Computer activation pending"),
        ),
        (_VERIFY,),
        _HISTORY,
    ),
    Refusal(
        "history-second-factor",
        _status(
            "LOGIN_TWOFACTOR_REQ",
            "Multi-factor (formerly called two-factor) is required",
            "Multi-Factor Authentication required",
            "Multi-factor required",
        ),
        (
            RefusalCause(
                "Salesforce asks for a second factor (multi-factor authentication), which only a "
                "person in a browser can give",
                "Log in with a browser and the factor that the org asks for, then give consent "
                "again. A JWT login isn't asked for one.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-api-only",
        _status("LOGIN_ERROR_USER_API_ONLY", "API-only user"),
        (API_ONLY_USER,),
        _HISTORY,
    ),
    Refusal(
        "history-rate",
        (
            *codes("history", "LOGIN_ERROR_RATE_EXCEEDED"),
            *_status("LOGIN_ERROR_LOGINS_EXCEEDED", "Maximum logins exceeded"),
        ),
        (
            _TOO_MANY_TOKENS._replace(
                what="the user logged in too often within an hour (the limit is 3,600)"
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-org",
        (
            *_status("LOGIN_ERROR_ORG_CLOSED", "Organization closed"),
            *_status("LOGIN_ERROR_ORG_INACTIVE", "Organization is inactive"),
            *_status("LOGIN_ERROR_ORG_LOCKOUT", "Organization locked"),
            *_status("LOGIN_ERROR_ORG_SUSPENDED", "Organization suspended"),
            *_status("LOGIN_ERROR_ORG_IN_MAINTENANCE", "Organization is in maintenance"),
            *_status("LOGIN_ORG_TRIAL_EXP", "Trial Expired"),
            *codes("history", "LOGIN_ERROR_SYSTEM_DOWN"),
        ),
        (_ORG_GONE,),
        _HISTORY,
    ),
    Refusal(
        "history-api-version",
        _status("LOGIN_ERROR_API_TOO_OLD", "API Version Removed"),
        (
            RefusalCause(
                "the client logs in with an API version that Salesforce has removed",
                "Update the client.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-tls",
        (
            *_status("LOGIN_ERROR_INSECURE_LOGIN", "Login over insecure channel"),
            *_status("LOGIN_ERROR_MUTUAL_AUTHENTICATION", "Mutual authentication failed"),
        ),
        (
            RefusalCause(
                "the client didn't use TLS the way the org demands",
                "Use https:// in `my_domain`, and check a proxy on the way.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-export",
        (
            *_status("LOGIN_ERROR_EXPORT_RESTRICTED", "Restricted country"),
            *_status("LOGIN_ERROR_CLIENT_REQ_UPDATE", "Client update required"),
        ),
        (
            RefusalCause(
                "Salesforce refuses logins from that country, or from that client's version",
                "Log in from another place, or update the client.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-site",
        (
            *_status("LOGIN_ERROR_NETWORK_INACTIVE", "Experience Cloud site offline"),
            *_status("LOGIN_ERROR_NO_NETWORK_ACCESS", "No Experience Cloud site access"),
            *_status("LOGIN_ERROR_NO_PORTAL_ACCESS", "Invalid profile association"),
        ),
        (
            RefusalCause(
                "the login went to an Experience Cloud site, which this user can't use",
                f"Set `my_domain` to the org's own address: {MY_DOMAIN}.",
                signs=("SFC104",),
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-single-sign-on",
        (
            *_status("LOGIN_ERROR_SSO_SVC_DOWN", "authentication service is down"),
            *_status("LOGIN_ERROR_SSO_URL_INVALID", "Single Sign-On Gateway URL is invalid"),
            *_status("LOGIN_ERROR_INVALID_GATEWAY", "Invalid gateway"),
            *texts(
                "history",
                "Configured Certificate Mismatch",
                "Failed: Issuer Mismatched",
                "Failed: Recipient Mismatched",
                "Failed: InResponseTo Invalid",
                "Failed: Subject Confirmation Error",
                "Failed: Username Or SSO Id Invalid",
                "Failed: SAML Provision Error",
                "Configuration Error/Perm Disabled",
            ),
            *codes(
                "history",
                "LOGIN_SAML_INVALID_SIGNATURE",
                "LOGIN_SAML_MISMATCH_CERT",
                "LOGIN_SAML_INVALID_CONFIG",
                "LOGIN_SAML_INVALID_IN_RES_TO",
                "LOGIN_SAML_INVALID_ISSUER",
                "LOGIN_SAML_INVALID_RECIPIENT",
                "LOGIN_SAML_INVALID_SUB_CONFIRM",
                "LOGIN_SAML_INVALID_USERNAME",
                "LOGIN_SAML_PROVISION_ERROR",
            ),
        ),
        (
            RefusalCause(
                "the company's own login service failed or isn't set up",
                "Ask whoever runs it. The JWT flow doesn't use it.",
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-assertion",
        (
            *_status("LOGIN_SAML_INVALID_AUDIENCE", "Failed: Audience Invalid"),
            *_status("LOGIN_SAML_INVALID_FORMAT", "Failed: Assertion Invalid"),
            *_status("LOGIN_SAML_INVALID_TIMESTAMP", "Failed: Assertion Expired"),
            *_status("LOGIN_SAML_REPLAY_ATTEMPTED", "Failed: Replay Detected"),
        ),
        (
            RefusalCause(
                "the signed assertion of a login doesn't fit: the wrong address, the wrong key, or "
                "a clock that is wrong",
                f"For a JWT login, compare `my_domain` with {MY_DOMAIN}, and the certificate in "
                "the app with the key. For single sign-on, ask whoever runs it.",
                signs=("SFC103", "SFC104", "SFC408"),
            ),
        ),
        _HISTORY,
    ),
    Refusal(
        "history-parameter",
        (
            *_status("LOGIN_OAUTH_UNEXPECTED_PARAM", "Failed: Unexpected parameter"),
            *_status("LOGIN_ERROR_HTP_METHD_INVALID", "Failed: Invalid HTTP method"),
            *_status("LOGIN_OAUTH_INVALID_VERSION", "Failed: Version Not Supported"),
        ),
        (
            RefusalCause(
                "the client's request isn't one that Salesforce accepts for this flow",
                "Check for a proxy that rewrites requests, and compare the app's flows: {where}.",
                SETTINGS,
            ),
        ),
        _HISTORY,
    ),
)
