"""Statuses in Login History that are about the user, the client or the org.

Source: Salesforce Object Reference, "Login Event Type - LOGIN_STATUS Values".
"""

from sfcred.salesforce.refusals.causes import (
    API_ONLY_USER,
    IP_RANGES,
    LOGIN_HOURS,
    USER_OFF,
    WRONG_PASSWORD,
)
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, status, texts
from sfcred.salesforce.refusals.places import HISTORY_STATUS, MY_DOMAIN

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
        "history-restricted-ip",
        status("LOGIN_ERROR_RESTRICTED_DOMAIN", "Restricted IP"),
        (IP_RANGES,),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-restricted-time",
        status("LOGIN_ERROR_RESTRICTED_TIME", "Restricted time"),
        (LOGIN_HOURS,),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-restricted-domain",
        status("LOGIN_ERROR_ORG_DOMAIN_ONLY", "Restricted domain"),
        (
            RefusalCause(
                "the org forbids logins at login.salesforce.com and test.salesforce.com",
                f"Set `my_domain` to the org's own address: {MY_DOMAIN}.",
                signs=("SFC106",),
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-frozen",
        (
            *status("LOGIN_ERROR_USER_FROZEN", "User is frozen"),
            *codes("history", "LOGIN_ERROR_CSS_FROZEN"),
        ),
        (
            RefusalCause(
                "the user is frozen (Salesforce also freezes users that log in through anonymizing "
                "proxies)",
                "Click Unfreeze in Setup, Users, the user.",
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-inactive",
        codes("history", "LOGIN_ERROR_USER_INACTIVE"),
        (USER_OFF,),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-lockout",
        (
            *status("LOGIN_ERROR_PASSWORD_LOCKOUT", "Password lockout"),
            *codes("history", "LOGIN_ERROR_CSS_PW_LOCKOUT"),
        ),
        (
            RefusalCause(
                "the user is locked out after too many wrong passwords, often by another program",
                "Click Unlock in Setup, Users, the user, and find the program that tries. A JWT or "
                "OAuth2 credential sends no password.",
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-password",
        (
            *status("LOGIN_ERROR_INVALID_PASSWORD", "Invalid password"),
            *codes("history", "LOGIN_ERROR_SSO_PWD_INVALID"),
            *status("LOGIN_ERROR_UNKNOWN_ERROR", "Login invalid"),
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
        HISTORY_STATUS,
    ),
    Refusal(
        "history-security-token",
        status("LOGIN_ERROR_MUST_USE_API_TOKEN", "API security token required"),
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
        HISTORY_STATUS,
    ),
    Refusal(
        "history-activation",
        (
            *status("LOGIN_CHALLENGE_ISSUED", "Computer activation required"),
            *status("LOGIN_CHALLENGE_PENDING", "Computer activation pending"),
        ),
        (_VERIFY,),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-second-factor",
        status(
            "LOGIN_TWOFACTOR_REQ",
            "Multi-factor (formerly called two-factor) is required",
            "Multi-Factor Authentication required",
            "Multi-factor required",
            "Two-factor required",
        ),
        (
            RefusalCause(
                "Salesforce asks for a second factor (multi-factor authentication), which only a "
                "person in a browser can give",
                "Log in with a browser and the factor that the org asks for, then give consent "
                "again. A JWT login isn't asked for one.",
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-api-only",
        status("LOGIN_ERROR_USER_API_ONLY", "API-only user"),
        (API_ONLY_USER,),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-rate",
        (
            *codes("history", "LOGIN_ERROR_RATE_EXCEEDED"),
            *status("LOGIN_ERROR_LOGINS_EXCEEDED", "Maximum logins exceeded"),
        ),
        (
            RefusalCause(
                "the user logged in too often within an hour (the limit is 3,600)",
                "Find what logs in that often: n8n before 2.28 logs in for every call of a JWT "
                "credential. Update n8n, and give each integration its own user.",
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-org",
        (
            *status("LOGIN_ERROR_ORG_CLOSED", "Organization closed"),
            *status("LOGIN_ERROR_ORG_INACTIVE", "Organization is inactive"),
            *status("LOGIN_ERROR_ORG_LOCKOUT", "Organization locked"),
            *status("LOGIN_ERROR_ORG_SUSPENDED", "Organization suspended"),
            *status("LOGIN_ERROR_ORG_IN_MAINTENANCE", "Organization is in maintenance"),
            *status("LOGIN_ORG_TRIAL_EXP", "Trial Expired"),
            *codes("history", "LOGIN_ERROR_SYSTEM_DOWN"),
        ),
        (_ORG_GONE,),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-api-version",
        status("LOGIN_ERROR_API_TOO_OLD", "API Version Removed"),
        (
            RefusalCause(
                "the client logs in with an API version that Salesforce has removed",
                "Update the client.",
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-tls",
        (*status("LOGIN_ERROR_INSECURE_LOGIN", "Login over insecure channel"),),
        (
            RefusalCause(
                "the client didn't use TLS the way the org demands",
                "Use https:// in `my_domain`, and check a proxy on the way.",
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-export",
        status("LOGIN_ERROR_EXPORT_RESTRICTED", "Restricted country"),
        (
            RefusalCause(
                "Salesforce refuses logins from that country", "Log in from another place."
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-client-version",
        status("LOGIN_ERROR_CLIENT_REQ_UPDATE", "Client update required"),
        (
            RefusalCause(
                "Salesforce refuses logins from that version of the client", "Update the client."
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-lightning-login",
        status("LOGIN_LIGHTNING_LOGIN", "Lightning Login required"),
        (
            RefusalCause(
                "the user has to log in without a password (Lightning Login), and a client tried "
                "with one (n8n's Salesforce credentials send none)",
                "Find the client in the row's Application, and give it the JWT or the OAuth2 flow.",
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-other-client",
        (
            *status("LOGIN_ERROR_USER_NON_MOBILE", "Mobile license required"),
            *status("LOGIN_ERROR_SYNCOFFLINE_DISBLD", "Failed: Mobile disabled"),
            *status("LOGIN_ERROR_OFFLINE_DISABLED", "Offline disabled"),
            *status("LOGIN_ERROR_OFFLINE_TRIAL_EXP", "Offline trial expired"),
            *status("LOGIN_ERROR_WIRELESS_DISABLED", "Wireless disabled"),
            *status("LOGIN_ERROR_WIRELESS_TRIAL_EXP", "Wireless trial expired"),
            *status("LOGIN_ERROR_OUTLOOK_DISABLED", "Outlook integration disabled"),
        ),
        (
            RefusalCause(
                "a client for mobile devices, offline work or Outlook tried to log in, and the "
                "user has no license for it, or the org has it turned off",
                "Look for the row of n8n's own login: n8n isn't such a client.",
            ),
        ),
        HISTORY_STATUS,
    ),
)
