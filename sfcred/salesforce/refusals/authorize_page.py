"""The authorize page, and the exchange of its code."""

from sfcred.salesforce.refusals.causes import (
    IP_RANGES,
    NOT_INSTALLED,
    PKCE_OFF,
    PROPAGATION,
    SCOPE_MISSING,
    SCOPE_SENT,
    WRONG_PASSWORD,
)
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, back, codes, page, texts, token
from sfcred.salesforce.refusals.places import (
    BAD_REQUEST,
    BROWSER,
    CALLBACK,
    HISTORY,
    MY_DOMAIN,
    NEVER,
    SCOPES,
)

_PRODUCTION_PAGE = RefusalCause(
    "the code came from a different login from the one that exchanges it: in n8n, usually because "
    "sandbox was chosen but production's page opened",
    "Start the login again in a private window. For n8n, render the credential with `my_domain`, "
    "or use `sfcred login`.",
    signs=("SFC502", "SFC106"),
    unless=("production",),
)
_OTHER_LOGIN = RefusalCause(
    "the code came from a different login from the one that exchanges it: a second window, an "
    "older page, or another org's login",
    "Close all login windows, and start the login again in a private window.",
)
_CODE_USED = RefusalCause(
    "the code was already used, or is older than about 15 minutes",
    "Start the login again, and load the callback page only once.",
)
_PASSWORDS_BLOCKED = RefusalCause(
    "the client logs in with a username and a password, which the org blocks (newer orgs do from "
    "the start) or an External Client App can't do at all",
    "Use the JWT, OAuth2 or client credentials flow, as n8n does. Until then, with a Connected "
    "App, turn on Allow OAuth Username-Password Flows in Setup, OAuth and OpenID Connect Settings.",
    signs=("password",),
    unless=("jwt", "consent", "client"),
)
_CONNECT = "n8n's connect window ends on an error page."

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "redirect-uri-mismatch",
        (
            page("redirect_uri_mismatch", "redirect_uri must match configuration"),
            token("redirect_uri_mismatch", "", "code"),
            token("invalid_request", "invalid redirect_uri", "code"),
            token("invalid_grant", "redirect_uri must match", "code"),
            token("invalid_grant", "redirect uri does not match", "code"),
            page("redirect_uri_mismatch"),
        ),
        (
            RefusalCause(
                "the app has no exact match for the callback URL (scheme, host, port, path and "
                "slashes all count)",
                "Add the callback URL on its own line: {where}. n8n shows it as OAuth Redirect "
                "URL. For `sfcred login`, it is http://localhost:1717/OauthRedirect.",
                CALLBACK,
                signs=("SFC301", "SFC302", "SFC304", "SFC306"),
            ),
            PROPAGATION,
            PKCE_OFF,
        ),
        BROWSER,
    ),
    Refusal(
        "redirect-uri-missing",
        (page("redirect_uri_missing", "redirect_uri not provided"), page("redirect_uri_missing")),
        (
            RefusalCause(
                "the client didn't send a callback URL, or the app has none",
                "Add n8n's callback URL to the app: {where}.",
                CALLBACK,
                signs=("SFC301",),
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "scope-invalid",
        (
            back("invalid_scope", "requested scope is invalid, unknown, or malformed"),
            back("invalid_scope", "the requested scope is not allowed"),
            token("invalid_scope"),
        ),
        (
            SCOPE_MISSING,
            SCOPE_SENT,
            RefusalCause(
                "a scope is misspelled, or the scopes are separated by commas",
                "Compare `app.scopes` with the app: {where}.",
                SCOPES,
                signs=("SFC201",),
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "pkce-missing",
        (
            page("invalid_request", "missing required code challenge"),
            token("invalid_request", "missing required code challenge", "code"),
        ),
        (PKCE_OFF,),
        BROWSER,
    ),
    Refusal(
        "pkce-malformed",
        (
            page("invalid_request", "invalid code challenge"),
            token("invalid_request", "invalid code challenge", "code"),
        ),
        (
            RefusalCause(
                "the client sends a code_challenge in a form that Salesforce doesn't accept: it "
                "has to be the SHA-256 of the verifier in base64url, without = at the end",
                "Update the client. n8n and `sfcred login` send it in this form.",
            ),
            RefusalCause(
                "something on the way changed the login's address, such as the + and / of a "
                "challenge in plain base64",
                "Open the address exactly as the client gives it, and check for a proxy.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "response-type",
        (
            back("unsupported_response_type", "response type not supported"),
            back("unsupported_response_type"),
        ),
        (
            RefusalCause(
                "the client asks for a response type other than `code`, or the org blocks the flow",
                "Use the authorization code flow. OAuth and OpenID Connect Settings in Setup shows "
                "which flows are blocked.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "consent-denied",
        (
            back("access_denied", "end-user denied authorization"),
            back("access_denied"),
            back("access-denied"),
        ),
        (
            RefusalCause(
                "someone clicked Deny on Salesforce's consent page",
                "Try again and click Allow.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "no-session",
        (back("immediate_unsuccessful"),),
        (
            RefusalCause(
                "the client asked for a login without a page (immediate=true), but nobody is "
                "logged in",
                "Remove the parameter `immediate`.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "code-verifier-wrong",
        (
            token("invalid_grant", "invalid code verifier", "code"),
            token("invalid_request", "invalid code verifier", "code"),
            token("invalid_request", "code_verifier", "code"),
        ),
        (_PRODUCTION_PAGE, _OTHER_LOGIN),
        _CONNECT,
    ),
    Refusal(
        "code-expired",
        (
            token("invalid_grant", "expired authorization code", "code"),
            token("invalid_grant", "invalid authorization code"),
            token("invalid_grant", "authorization code has been used"),
        ),
        (_CODE_USED,),
        _CONNECT,
    ),
    Refusal(
        "code-exchange-refused",
        (token("invalid_grant", "", "code"), token("invalid_request", "", "code")),
        (_PRODUCTION_PAGE, _CODE_USED, _OTHER_LOGIN, NOT_INSTALLED, IP_RANGES),
        _CONNECT,
        says_little=True,
    ),
    Refusal(
        "authentication-failure",
        (token("invalid_grant", "authentication failure"),),
        (
            RefusalCause(
                "a policy of the app, the org or the user's profile forbids the login, or the "
                "profile lacks API Enabled",
                f"Select API Enabled in Setup, Users, the user, Profile. {HISTORY}",
            ),
            # None of the three flows sends a password.
            _PASSWORDS_BLOCKED,
            WRONG_PASSWORD._replace(signs=("password",), unless=_PASSWORDS_BLOCKED.unless),
            NOT_INSTALLED,
            IP_RANGES,
        ),
        BAD_REQUEST,
        says_little=True,
    ),
    Refusal(
        "authorize-at-api-host",
        texts("page", "api.salesforce.com/authorize"),
        (
            RefusalCause(
                "the client looks for the login page at api.salesforce.com, where hosted MCP "
                "servers are, but no logins",
                "Give the client the login's own addresses: /services/oauth2/authorize and "
                f"/services/oauth2/token at the org's My Domain ({MY_DOMAIN}).",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "id-token-unexpected",
        texts(
            "cli",
            "id_token detected in the response",
            "Unexpected ID Token returned",
        ),
        (
            RefusalCause(
                "the login was granted the scope openid, so the answer has an ID token, and the "
                "client is set up for OAuth without one",
                "Set the client up for OpenID Connect, or ask only for the scopes that it needs, "
                "such as `api refresh_token`.",
            ),
        ),
        NEVER,
        of_any_service=True,
    ),
    Refusal(
        "single-sign-on",
        texts(
            "page",
            "Single Sign-On Error",
            "Check for an invalid assertion in the SAML Assertion Validator",
        ),
        (
            RefusalCause(
                "the org sends logins to the company's own login service (single sign-on), which "
                "failed",
                "Log in to Salesforce with the browser first, then give consent. Or use the JWT "
                "flow, which doesn't use that service.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "auth-provider",
        texts(
            "page",
            "/identity/sso/ui/AuthorizationError",
            "AuthorizationError?ErrorCode=",
            "/services/authcallback/{any}OAUTH_APPROVAL_ERROR_GENERIC",
            "OAUTH_APPROVAL_ERROR_GENERIC{any}/services/authcallback/",
            "We can't log you in because of an authentication error",
        ),
        (
            RefusalCause(
                "the org sends logins to another login service (an auth. provider), and that login "
                "failed before any app was asked for: ErrorCode and ErrorDescription in the "
                "address tell how",
                "Compare Setup, Auth. Providers with the other service. Or log in with a username "
                "and password at the org's own address, or use the JWT flow.",
            ),
            RefusalCause(
                "the client took the auth. provider's address (/services/authcallback/) for "
                "Salesforce's login address",
                f"Give the client the org's own address: {MY_DOMAIN}.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "delegated-login-down",
        (
            *texts("page", "the single sign on service for the org is down"),
            *codes("page", "SSO_SERVICE_DOWN", "INVALID_SSO_GATEWAY_URL"),
        ),
        (
            RefusalCause(
                "Salesforce passes the password on to the company's own login service (delegated "
                "authentication), which doesn't answer or has a wrong address",
                "Check Delegated Gateway URL in Setup, Single Sign-On Settings, and that service. "
                "Or use the JWT flow, which doesn't use it.",
            ),
        ),
    ),
)
