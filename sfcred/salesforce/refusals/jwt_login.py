"""The JWT bearer flow."""

from sfcred.salesforce.refusals.causes import (
    CLOCK,
    KEY_WRONG,
    LICENSE,
    NOT_ADMIN_APPROVED,
    NOT_INSTALLED,
    PRE_AUTHORIZE,
    PROPAGATION,
    USER_OFF,
    WRONG_ORG,
)
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts, token
from sfcred.salesforce.refusals.places import (
    BAD_REQUEST,
    CERTIFICATE,
    MY_DOMAIN,
    NEVER,
    POLICIES,
    SCOPES,
)

_OTHER_CERTIFICATE = RefusalCause(
    "the app has another certificate, which doesn't match this private key",
    "Upload the certificate that `jwt.certificate` names: {where}.",
    CERTIFICATE,
    signs=("SFC408", "SFC409"),
)
_NO_CERTIFICATE = RefusalCause(
    "a deployment without the certificate removed it from the app",
    "Check whether the app still has a certificate, and upload it again: {where}.",
    CERTIFICATE,
)
_UNKNOWN_USER = RefusalCause(
    "`jwt.username` is not a username in this org, but an e-mail address, or it lacks the "
    "sandbox's name at the end",
    "Copy the value in the Username column of Setup, Users, in this org.",
    signs=("SFC108", "SFC109", "email_username"),
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "user-not-approved",
        (token("invalid_grant", "user hasn't approved this consumer", "jwt"),),
        (
            PRE_AUTHORIZE,
            LICENSE,
            RefusalCause(
                "users must approve the app themselves, and this user never did with the scope "
                "refresh_token",
                "Pre-authorize the app: {where}. Or let the user approve it once in a browser, "
                "with the scope refresh_token.",
                POLICIES,
                signs=("SFC202",),
            ),
            WRONG_ORG,
            RefusalCause(
                "the org expects the audience login.salesforce.com or test.salesforce.com, as some "
                "Government Cloud orgs do",
                "This answer doesn't show whether it does. n8n can't send such an audience to a "
                "My Domain. Ask Salesforce, or use the OAuth2 flow.",
            ),
            PROPAGATION,
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "refresh-scope-required",
        (token("invalid_request", "refresh_token scope is required", "jwt"),),
        (
            RefusalCause(
                "the app lacks the scope refresh_token, which it needs for logins without a person",
                "Add refresh_token to the app: {where}.",
                SCOPES,
                signs=("SFC202",),
            ),
            PRE_AUTHORIZE,
            NOT_INSTALLED,
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "user-not-admin-approved",
        (
            token("invalid_app_access", "user is not admin approved to access this app"),
            token("invalid_app_access"),
            token("invalid_grant", "user is not admin approved"),
        ),
        (NOT_ADMIN_APPROVED, LICENSE, WRONG_ORG, PROPAGATION),
        BAD_REQUEST,
    ),
    Refusal(
        "audience-invalid",
        (
            token("invalid_grant", "audience is invalid", "jwt"),
            token("invalid_grant", "audience validation failed", "jwt"),
            token("invalid_grant", "invalid audience", "jwt"),
        ),
        (
            RefusalCause(
                "production and sandbox are mixed up, or `my_domain` is not the org's login "
                "address",
                f"Copy `my_domain` from {MY_DOMAIN}, without a path, and set `environment` to "
                "match.",
                signs=("SFC103", "SFC104", "SFC106", "SFC107", "SFC501"),
            ),
            RefusalCause(
                "the org expects an audience other than its own address",
                "`sfcred doctor --live` tries the other audiences. If the org accepts one, SFC908 "
                "tells you what to do.",
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "assertion-invalid",
        (token("invalid_grant", "invalid assertion", "jwt"),),
        (_OTHER_CERTIFICATE, _NO_CERTIFICATE, KEY_WRONG, CLOCK, PROPAGATION),
        BAD_REQUEST,
    ),
    Refusal(
        "user-unknown",
        (
            token("invalid_grant", "invalid user", "jwt"),
            token("invalid_grant", "invalid user credentials", "jwt"),
        ),
        (_UNKNOWN_USER, WRONG_ORG, USER_OFF),
        BAD_REQUEST,
    ),
    Refusal(
        "assertion-expired",
        (token("invalid_grant", "expired authorization code", "jwt"),),
        (
            CLOCK._replace(
                what="the assertion had expired when it arrived, because the clock of the computer "
                "that logs in is wrong"
            ),
            RefusalCause(
                "something on the way, such as a proxy, held the request back for minutes",
                "Run `sfcred doctor --live` on the machine that runs n8n, and check its proxy.",
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "assertion-reused",
        (token("bad_jti_claim", "", "jwt"),),
        (
            RefusalCause(
                "the client sent the same assertion twice",
                "Create a new assertion for each login, or leave out the claim jti, which neither "
                "n8n nor sfcred sends.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "jwt-login-refused",
        (token("invalid_grant", "", "jwt"), token("invalid_request", "", "jwt")),
        (
            _OTHER_CERTIFICATE,
            _NO_CERTIFICATE,
            KEY_WRONG,
            PRE_AUTHORIZE,
            LICENSE._replace(signs=()),
            _UNKNOWN_USER,
            WRONG_ORG,
            CLOCK,
            PROPAGATION._replace(signs=()),
        ),
        BAD_REQUEST,
        says_little=True,
    ),
    Refusal(
        "named-credential-jwt",
        texts("cli", "Unable to complete the JWT token exchange"),
        (
            RefusalCause(
                "a Named Credential of the org got no token for its JWT, and the text hides the "
                "answer: often, the claims iss, sub and aud aren't all set",
                "Set all three in Setup, Named Credentials, External Credentials: iss to the other "
                "app's Consumer Key, sub to the username in the other org, and aud to its login "
                "address.",
            ),
            RefusalCause(
                "the other side refuses the JWT: its app has another certificate, or the user "
                "isn't approved there",
                "Upload the signing certificate to the other org's app, pre-authorize the user "
                "there, and look at its Login History. If it isn't Salesforce, look at its log: it "
                "may not take a JWT at all.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "named-credential-token",
        texts("cli", "Unable to fetch the OAuth token"),
        (
            RefusalCause(
                "a Named Credential of the org got no token, and the text hides the other side's "
                "answer: its client id, secret, scope or token address is wrong, or it needs a "
                "header, which Salesforce only sends with the call itself",
                "Compare Setup, Named Credentials, External Credentials with the other service, "
                "and send the same request without Salesforce: its answer tells the reason.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "client-refused-without-secret",
        (
            token("invalid_client", "invalid client credentials", "jwt"),
            token("invalid_client", "", "jwt"),
        ),
        (
            KEY_WRONG,
            RefusalCause(
                "the answer is to another request: a JWT login sends no secret that could be wrong",
                "Check for a proxy that rewrites requests, and for another client that logs in "
                "with the same app.",
            ),
            WRONG_ORG,
        ),
        BAD_REQUEST,
    ),
)
