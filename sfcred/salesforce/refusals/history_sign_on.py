"""Statuses in Login History that are about single sign-on, sites and signed assertions.

Source: Salesforce Object Reference, "Login Event Type - LOGIN_STATUS Values".
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, status, texts
from sfcred.salesforce.refusals.places import HISTORY_STATUS, MY_DOMAIN

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "history-site",
        (
            *status("LOGIN_ERROR_NETWORK_INACTIVE", "Experience Cloud site offline"),
            *texts("history", "Invalid - community offline"),
            *status("LOGIN_ERROR_NO_NETWORK_ACCESS", "No Experience Cloud site access"),
            *texts("history", "No community access"),
            *status("LOGIN_ERROR_NO_PORTAL_ACCESS", "Invalid profile association"),
            *status("LOGIN_ERROR_PORTAL_INACTIVE", "Invalid - Portal disabled"),
            *status("LOGIN_SAML_SITE_INACTIVE", "Specified Site is Inactive"),
        ),
        (
            RefusalCause(
                "the login went to an Experience Cloud site, which this user can't use",
                f"Set `my_domain` to the org's own address: {MY_DOMAIN}.",
                signs=("SFC104",),
            ),
        ),
        HISTORY_STATUS,
    ),
    Refusal(
        "history-single-sign-on",
        (
            *status("LOGIN_ERROR_SSO_SVC_DOWN", "authentication service is down"),
            *status("LOGIN_ERROR_SSO_URL_INVALID", "Single Sign-On Gateway URL is invalid"),
            *status("LOGIN_ERROR_INVALID_GATEWAY", "Invalid gateway"),
            *texts(
                "history",
                "Configured Certificate Mismatch",
                "Failed: Issuer Mismatched",
                "Failed: Recipient Mismatched",
                "Failed: InResponseTo Invalid",
                "Failed: Subject Confirmation Error",
                "Failed: Status Invalid",
                "Failed: Invalid Organization Id",
                "Failed: Missing Organization Id for Portal login",
                "Failed: Invalid Portal Id",
                "Failed: Missing Portal Id",
                "Failed: Invalid Site URL",
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
                "LOGIN_SAML_INVALID_STATUS",
                "LOGIN_SAML_INVALID_VERSION",
                "LOGIN_SAML_INVALID_ORG_ID",
                "LOGIN_SAML_MISSING_ORG_ID",
                "LOGIN_SAML_INVALID_PORTAL_ID",
                "LOGIN_SAML_MISSING_PORTAL_ID",
                "LOGIN_SAML_INVALID_SITE_URL",
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
        HISTORY_STATUS,
    ),
    Refusal(
        "history-assertion",
        (
            *status("LOGIN_SAML_INVALID_AUDIENCE", "Failed: Audience Invalid"),
            *status("LOGIN_SAML_INVALID_FORMAT", "Failed: Assertion Invalid"),
            *status("LOGIN_SAML_INVALID_TIMESTAMP", "Failed: Assertion Expired"),
            *status("LOGIN_SAML_REPLAY_ATTEMPTED", "Failed: Replay Detected"),
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
        HISTORY_STATUS,
    ),
)
