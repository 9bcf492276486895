"""How Salesforce refuses, why, and what to do about it: the diagnosis table, as data.

A row is a refusal. Its causes are in order of likelihood, as public reports suggest. Salesforce
documents only a few of them (help pages "OAuth Authorization Errors" and "OAuth 2.0 JWT Bearer
Flow"). The rest comes from users of n8n, the Salesforce CLI, simple-salesforce, restforce and
jsforce. So sfcred offers causes in order, and never claims that one is certain.
`sfcred.salesforce.diagnosis` matches and ranks them.
"""

from typing import Literal, NamedTuple

Endpoint = Literal["token", "authorize", "userinfo", "rest", "network", "n8n"]
Grant = Literal["", "jwt", "refresh", "code"]


class KnownWording(NamedTuple):
    """One wording of a refusal.

    Attributes:
        step: The endpoint that answers; network if none does, n8n for n8n's own messages.
        status: The HTTP status; 302 for an error that is redirected to the callback, 0 without
            an HTTP answer.
        error: `error` in the body, or `errorCode` for REST.
        description: `error_description`, or `message` for REST. Any answer that contains it
            matches, ignoring case. If empty, the error alone decides.
        grant: The grant that it belongs to; empty for any.
    """

    step: Endpoint
    status: int
    error: str
    description: str = ""
    grant: Grant = ""


class Where(NamedTuple):
    """A place in Salesforce's Setup, for both types of app."""

    external_client_app: str
    connected_app: str


class Cause(NamedTuple):
    """A possible cause of a refusal.

    Attributes:
        what: A clause that fits after "most likely".
        fix: What to do; `{where}` is replaced with the place.
        where: The place in Setup, if it depends on the type of app.
        signs: Ids of checks, and traits of the credential (see `diagnosis.TRAITS`), that make this
            the likeliest cause.
        only: A trait without which this can't be the cause.
    """

    what: str
    fix: str
    where: Where | None = None
    signs: tuple[str, ...] = ()
    only: str = ""


class Refusal(NamedTuple):
    """A row of the table.

    Attributes:
        name: The row's name: `audience-invalid`.
        answers: Its wordings, the usual one first.
        causes: Its causes, the likeliest first.
        in_n8n: What n8n shows for the same fault.
    """

    name: str
    answers: tuple[KnownWording, ...]
    causes: tuple[Cause, ...]
    in_n8n: str


_ECA, _CA = "Setup, External Client App Manager, the app", "Setup, App Manager, the app"
SETTINGS = Where(f"{_ECA}, Settings, OAuth Settings", f"{_CA}, Edit")
CALLBACK = Where(f"{_ECA}, Settings, OAuth Settings, Callback URL", f"{_CA}, Edit, Callback URL")
SCOPES = Where(f"{_ECA}, Settings, OAuth Settings", f"{_CA}, Edit, Selected OAuth Scopes")
CERTIFICATE = Where(
    f"{_ECA}, Settings, OAuth Settings, JWT Bearer Flow", f"{_CA}, Edit, Use digital signatures"
)
CONSUMER_KEY = Where(
    f"{_ECA}, Settings, OAuth Settings, Consumer Key and Secret",
    "Setup, App Manager, View, Manage Consumer Details",
)
POLICIES = Where(f"{_ECA}, Policies, OAuth Policies", f"{_CA}, Manage, Edit Policies")
PERMISSION_SETS = Where(
    f"{_ECA}, Policies, OAuth Policies, Select Permission Sets",
    f"{_CA}, Manage, Manage Permission Sets",
)
MY_DOMAIN = "Setup, My Domain, Current My Domain URL"
HISTORY = "Login History in Setup has the reason that the answer hides."

_BAD_REQUEST = 'n8n shows "Bad request - please check your parameters".'
_UNAUTHORIZED = 'n8n shows "Authorization failed - please check your credentials".'
_FORBIDDEN = 'n8n shows "Forbidden - perhaps check your credentials?".'
_RECONNECT = 'n8n shows "The credential … needs to be reconnected."'
_BROWSER = "In n8n, the error appears in the window that the Connect button opens."
_NEVER = "This can't happen with n8n's Salesforce credentials."

# Causes that several rows share.
_WRONG_ORG = Cause(
    "the login goes to a different org from the one with the app and the user",
    f"In the org with the app, compare `my_domain` with {MY_DOMAIN}, and check that `environment` "
    "matches the org.",
    signs=("SFC103", "SFC106", "SFC108"),
)
_GENERIC_HOST = Cause(
    "the login of an External Client App goes to login.salesforce.com or test.salesforce.com, "
    "which have refused it since Spring '26",
    f"Set `my_domain` to the org's own address: {MY_DOMAIN}. In n8n, it is the JWT credential's "
    "field My Domain URL (2.20.0 and later).",
    signs=("SFC106",),
    only="generic_host",
)
_APP_OF_OTHER_ORG = Cause(
    "the External Client App belongs to another org (each org needs its own, and so does each "
    "sandbox)",
    "Check that the org of `my_domain` has the app: {where}. If not, create it there, and put its "
    "Consumer Key where `client_id` points.",
    Where("Setup, External Client App Manager", "Setup, App Manager"),
    signs=("SFC111",),
)
_PROPAGATION = Cause(
    "the app is new or was just changed, which can take up to ten minutes to have an effect",
    "Wait ten minutes and try again.",
    signs=("young_certificate",),
)
_PRE_AUTHORIZE = Cause(
    "the app is not pre-authorized for this user",
    "Set Permitted Users to 'Admin approved users are pre-authorized', and add a permission set "
    "that the user has: {where}. Assign the permission set to the user first.",
    POLICIES,
    signs=("SFC601", "SFC602"),
)
_KEY_WRONG = Cause(
    "the Consumer Key is cut off, or belongs to another app or another org's app",
    "Copy the Consumer Key again to where `client_id` points: {where}.",
    CONSUMER_KEY,
    signs=("SFC010", "SFC011", "SFC110", "SFC111"),
)
_BLOCKED = Cause(
    "the app is blocked, or it isn't installed and the user isn't allowed to use uninstalled apps",
    "Install or unblock the app in Setup, Connected Apps OAuth Usage. Admins can often use apps "
    "that others can't (permission Approve Uninstalled Connected Apps).",
)
_SCOPES = Cause(
    "the client asks for a scope that the app doesn't have (n8n always asks for `full "
    "refresh_token`)",
    "Add the scopes to the app: {where}. Or give consent with `sfcred login`, which only asks for "
    "the scopes in the spec.",
    SCOPES,
    signs=("SFC201", "SFC202", "SFC203", "SFC204"),
)
_IP = Cause(
    "the user's profile allows logins only from certain IP addresses or at certain hours",
    "In Setup, Profiles, the user's profile, add n8n's outgoing addresses (IPv4 and IPv6) to Login "
    f"IP Ranges, and check Login Hours. {HISTORY}",
    signs=("SFC606", "SFC607"),
)
_USER_OFF = Cause(
    "the user is inactive or frozen",
    "In Setup, Users, the user, select Active and click Unfreeze. Or log in as another integration "
    "user.",
)
_REFRESH_POLICY = Cause(
    "the app's policy makes refresh tokens expire, or the token was unused for too long",
    "Set the Refresh Token Policy to 'Refresh token is valid until revoked': {where}. Then give "
    "consent again: `sfcred login`.",
    POLICIES,
    signs=("SFC603", "SFC608"),
)
_PKCE_OFF = Cause(
    "the app requires PKCE, but the client doesn't send it (n8n before 1.85, or the generic OAuth2 "
    "credential with a grant type other than PKCE)",
    "Update n8n, or give consent with `sfcred login`. Only if you can do neither, turn off Require "
    "Proof Key for Code Exchange: {where}.",
    SETTINGS,
    signs=("SFC508",),
)


def _token(error: str, description: str = "", grant: Grant = "") -> KnownWording:
    return KnownWording("token", 400, error, description, grant)


def _page(error: str, description: str = "") -> KnownWording:
    """Return an error that Salesforce shows on its own page."""
    return KnownWording("authorize", 200, error, description)


def _back(error: str, description: str = "") -> KnownWording:
    """Return an error that Salesforce sends to the callback."""
    return KnownWording("authorize", 302, error, description)


REFUSALS: tuple[Refusal, ...] = (
    # -- the JWT bearer flow
    Refusal(
        "user-not-approved",
        (_token("invalid_grant", "user hasn't approved this consumer", "jwt"),),
        (
            _PRE_AUTHORIZE,
            Cause(
                "users must approve the app themselves, and this user never did with the scope "
                "refresh_token",
                "Pre-authorize the app: {where}. Or let the user approve it once in a browser, "
                "with the scope refresh_token.",
                POLICIES,
                signs=("SFC202",),
            ),
            _WRONG_ORG,
            Cause(
                "the org expects the audience login.salesforce.com or test.salesforce.com, as some "
                "Government Cloud orgs do",
                "This answer doesn't show whether it does. n8n can't send such an audience to a "
                "My Domain. Ask Salesforce, or use the OAuth2 flow.",
            ),
            _PROPAGATION,
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "user-not-admin-approved",
        (
            _token("invalid_app_access", "user is not admin approved to access this app"),
            _token("invalid_grant", "user is not admin approved"),
        ),
        (
            Cause(
                "the app is for admin-approved users, and this user has none of the permission "
                "sets and profiles in its policy",
                "Add a permission set to the app's policy, and assign it to the user: {where}. A "
                "permission set of the Salesforce API Integration license can't include apps: use "
                "a second one.",
                PERMISSION_SETS,
                signs=("SFC602",),
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "audience-invalid",
        (
            _token("invalid_grant", "audience is invalid", "jwt"),
            _token("invalid_grant", "audience validation failed", "jwt"),
            _token("invalid_grant", "invalid audience", "jwt"),
        ),
        (
            Cause(
                "production and sandbox are mixed up, or `my_domain` is not the org's login "
                "address",
                f"Copy `my_domain` from {MY_DOMAIN}, without a path, and set `environment` to "
                "match.",
                signs=("SFC103", "SFC104", "SFC106", "SFC107", "SFC501"),
            ),
            Cause(
                "the org expects an audience other than its own address",
                "Check the result of the other audiences that doctor tried.",
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "assertion-invalid",
        (_token("invalid_grant", "invalid assertion", "jwt"),),
        (
            Cause(
                "the app has another certificate, which doesn't match this private key",
                "Upload the certificate that `jwt.certificate` names: {where}.",
                CERTIFICATE,
                signs=("SFC408", "SFC409"),
            ),
            Cause(
                "a deployment without the certificate removed it from the app",
                "Check whether the app still has a certificate, and upload it again: {where}.",
                CERTIFICATE,
            ),
            _KEY_WRONG,
            Cause(
                "the clock of the computer that logs in is wrong",
                "Synchronize the clock over the network (NTP).",
                signs=("clock",),
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "user-unknown",
        (
            _token("invalid_grant", "invalid user", "jwt"),
            _token("invalid_grant", "invalid user credentials", "jwt"),
        ),
        (
            Cause(
                "`jwt.username` is not a username in this org, but an e-mail address, or it lacks "
                "the sandbox's name at the end",
                "Copy the value in the Username column of Setup, Users, in this org.",
                signs=("SFC108", "SFC109", "email_username"),
            ),
            _WRONG_ORG,
            _USER_OFF,
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "assertion-expired",
        (_token("invalid_grant", "expired authorization code", "jwt"),),
        (
            Cause(
                "the assertion had expired when it arrived, because the clock of the computer that "
                "logs in is wrong",
                "Synchronize the clock over the network (NTP), here and where n8n runs.",
                signs=("clock",),
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "assertion-reused",
        (_token("bad_jti_claim", "", "jwt"),),
        (
            Cause(
                "the client sent the same assertion twice",
                "Create a new assertion for each login, or leave out the claim jti, which neither "
                "n8n nor sfcred sends.",
            ),
        ),
        _NEVER,
    ),
    # -- the app
    Refusal(
        "app-not-found",
        (
            _token("app_not_found", "external client app is not installed in this org"),
            _token("app_not_found"),
        ),
        (
            _GENERIC_HOST,
            _APP_OF_OTHER_ORG,
            Cause(
                "the app is packaged, and no admin has installed it in this org",
                "Install the package, or create a local app: {where}.",
                Where("Setup, External Client App Manager", "Setup, App Manager"),
            ),
            _PRE_AUTHORIZE,
            _BLOCKED,
            Cause(
                "the sandbox was refreshed, which can break an app's OAuth settings",
                "Open the app in the sandbox and save its OAuth settings again: {where}.",
                SETTINGS,
                only="sandbox",
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "app-not-found-in-browser",
        (_page("OAUTH_EC_APP_NOT_FOUND", "external client app is not installed"),),
        (_GENERIC_HOST, _APP_OF_OTHER_ORG, _BLOCKED),
        _BROWSER,
    ),
    Refusal(
        "cross-org",
        (_page("OAUTH_AUTHORIZATION_BLOCKED", "cross-org oauth flows are not supported"),),
        (
            Cause(
                "the browser is logged in to a different org from the app's",
                "Open the login in a private window, at the org's own address "
                f"(`my_domain`: {MY_DOMAIN}).",
            ),
            _APP_OF_OTHER_ORG,
        ),
        _BROWSER,
    ),
    Refusal(
        "approval-error",
        (
            _page(
                "OAUTH_APPROVAL_ERROR_GENERIC",
                "an unexpected error has occurred during authentication",
            ),
        ),
        (
            _SCOPES,
            Cause(
                "the user has an API-only integration license and can't log in with a browser",
                "Log in as a full user, or use the JWT flow.",
            ),
            _BLOCKED,
        ),
        _BROWSER,
    ),
    Refusal(
        "app-blocked",
        (
            _page("OAUTH_APP_BLOCKED", "this app is blocked by admin"),
            _token("app_blocked"),
            _token("fail_close_app_blocked"),
        ),
        (_BLOCKED,),
        _BROWSER,
    ),
    Refusal(
        "app-access-denied",
        (
            _page("OAUTH_APP_ACCESS_DENIED", "user is not admin approved"),
            _token("OAUTH_APP_ACCESS_DENIED"),
        ),
        (
            Cause(
                "the app is for admin-approved users, and this user isn't one of them",
                "Add a permission set that the user has to the app's policy: {where}.",
                PERMISSION_SETS,
                signs=("SFC602",),
            ),
        ),
        _BROWSER,
    ),
    Refusal(
        "app-not-installed",
        (_token("invalid_client", "app must be installed into org"),),
        (_BLOCKED, _WRONG_ORG),
        _BAD_REQUEST,
    ),
    Refusal(
        "client-id-unknown",
        (
            _token("invalid_client_id", "client identifier invalid"),
            _page("invalid_client_id", "client identifier invalid"),
            _token("invalid_client_id"),
        ),
        (
            _KEY_WRONG,
            _WRONG_ORG,
            _PROPAGATION,
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "client-secret-wrong",
        (_token("invalid_client", "invalid client credentials"), _token("invalid_client")),
        (
            Cause(
                "the Consumer Secret is wrong, or it was rotated",
                "Copy the Consumer Secret again to where `oauth2.client_secret` points: {where}.",
                CONSUMER_KEY,
                signs=("SFC010", "SFC011"),
            ),
            _KEY_WRONG,
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "basic-header-malformed",
        (_token("invalid_basic_auth_header"),),
        (
            Cause(
                "the Consumer Key or Secret has a character that the header can't contain, such as "
                "a line break or a quote",
                "Check the values where `client_id` and `oauth2.client_secret` point.",
                signs=("SFC010", "SFC110"),
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "flow-disabled",
        (
            _token(
                "oauth_flow_disabled", "the external client app or the oauth plugin is disabled"
            ),
            _token("oauth_flow_disabled"),
        ),
        (
            Cause(
                "the app or its OAuth plugin is disabled",
                "Enable the app and its OAuth settings: {where}.",
                Where(f"{_ECA}, Policies", f"{_CA}, Manage, Edit Policies"),
            ),
            Cause(
                "the org blocks this flow",
                "Allow the flow in Setup, OAuth and OpenID Connect Settings.",
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "policy-missing",
        (_token("oauth_policy_not_found"), _token("ecapp_policy_not_found")),
        (
            Cause(
                "the External Client App was deployed without its policies",
                "Also deploy the policy files, or open and save the policies: {where}.",
                POLICIES,
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "distribution-state",
        (_token("invalid_distribution_state"), _token("installation_error")),
        (
            Cause(
                "a packaged app is used as a local one, or the reverse",
                "Set the app's Distribution State to Local, or install its package: {where}.",
                Where(f"{_ECA}, Settings", "Setup, App Manager"),
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "session-level",
        (_token("invalid_session_level"),),
        (
            Cause(
                "the app requires a High Assurance session, which a JWT login can't provide",
                "Remove the High Assurance requirement from the app's policy: {where}.",
                POLICIES,
            ),
        ),
        _BAD_REQUEST,
    ),
    # -- the authorize page
    Refusal(
        "redirect-uri-mismatch",
        (
            _page("redirect_uri_mismatch", "redirect_uri must match configuration"),
            _token("redirect_uri_mismatch"),
        ),
        (
            Cause(
                "the app has no exact match for the callback URL (scheme, host, port, path and "
                "slashes all count)",
                "Add the callback URL on its own line: {where}. n8n shows it as OAuth Redirect "
                "URL. For `sfcred login`, it is http://localhost:1717/OauthRedirect.",
                CALLBACK,
                signs=("SFC301", "SFC302", "SFC304", "SFC306"),
            ),
            _PROPAGATION,
            _PKCE_OFF,
        ),
        _BROWSER,
    ),
    Refusal(
        "redirect-uri-missing",
        (_page("redirect_uri_missing", "redirect_uri not provided"),),
        (
            Cause(
                "the client didn't send a callback URL, or the app has none",
                "Add n8n's callback URL to the app: {where}.",
                CALLBACK,
                signs=("SFC301",),
            ),
        ),
        _BROWSER,
    ),
    Refusal(
        "scope-invalid",
        (
            _back("invalid_scope", "requested scope is invalid, unknown, or malformed"),
            _token("invalid_scope"),
        ),
        (
            _SCOPES,
            Cause(
                "a scope is misspelled, or the scopes are separated by commas",
                "Compare `app.scopes` with the app: {where}.",
                SCOPES,
                signs=("SFC201",),
            ),
        ),
        _BROWSER,
    ),
    Refusal(
        "pkce-missing",
        (
            _page("invalid_request", "missing required code challenge"),
            _token("invalid_request", "missing required code challenge"),
        ),
        (_PKCE_OFF,),
        _BROWSER,
    ),
    Refusal(
        "response-type",
        (_back("unsupported_response_type", "response type not supported"),),
        (
            Cause(
                "the client asks for a response type other than `code`, or the org blocks the flow",
                "Use the authorization code flow. OAuth and OpenID Connect Settings in Setup shows "
                "which flows are blocked.",
            ),
        ),
        _BROWSER,
    ),
    Refusal(
        "consent-denied",
        (
            _back("access_denied", "end-user denied authorization"),
            _back("access-denied"),
        ),
        (
            Cause(
                "someone clicked Deny on Salesforce's consent page",
                "Try again and click Allow.",
            ),
        ),
        _BROWSER,
    ),
    Refusal(
        "no-session",
        (_back("immediate_unsuccessful"),),
        (
            Cause(
                "the client asked for a login without a page (immediate=true), but nobody is "
                "logged in",
                "Remove the parameter `immediate`.",
            ),
        ),
        _BROWSER,
    ),
    # -- the code's exchange
    Refusal(
        "code-verifier-wrong",
        (
            _token("invalid_grant", "invalid code verifier", "code"),
            _token("invalid_request", "invalid code verifier", "code"),
            _token("invalid_request", "code_verifier", "code"),
        ),
        (
            Cause(
                "the code came from a different login from the one that exchanges it (in n8n, "
                "usually because sandbox was chosen but production's page opened)",
                "Start the login again in a private window. For n8n, render the credential with "
                "`my_domain`, or use `sfcred login`.",
                signs=("SFC502", "SFC106"),
            ),
        ),
        "n8n's connect window ends on an error page.",
    ),
    Refusal(
        "code-expired",
        (_token("invalid_grant", "expired authorization code", "code"),),
        (
            Cause(
                "the code was already used, or is older than about 15 minutes",
                "Start the login again, and load the callback page only once.",
            ),
        ),
        "n8n's connect window ends on an error page.",
    ),
    Refusal(
        "authentication-failure",
        (_token("invalid_grant", "authentication failure"),),
        (
            Cause(
                "a policy of the app, the org or the user's profile forbids the login, or the "
                "profile lacks API Enabled",
                f"Select API Enabled in Setup, Users, the user, Profile. {HISTORY}",
            ),
            _BLOCKED,
            _IP,
        ),
        _BAD_REQUEST,
    ),
    # -- refreshing
    Refusal(
        "refresh-token-expired",
        (
            _token("invalid_grant", "expired access/refresh token", "refresh"),
            _token("invalid_grant", "expired access/refresh token"),
        ),
        (
            _REFRESH_POLICY,
            Cause(
                "this user gave consent to the app more than about five times, which revoked the "
                "oldest consent",
                "Give each credential its own user or its own app, then give consent again: "
                "`sfcred login`.",
                signs=("SFC605",),
            ),
            Cause(
                "token rotation is on, and another holder used the token",
                "Turn off Refresh Token Rotation: {where}. Then give consent again: "
                "`sfcred login`.",
                SETTINGS,
                signs=("SFC609",),
            ),
            Cause(
                "the consent was revoked, or the sandbox was refreshed",
                "Give consent again: `sfcred login`.",
            ),
        ),
        _RECONNECT,
    ),
    Refusal(
        "token-validity-expired",
        (
            _token("invalid_grant", "token validity expired"),
            _token("invalid_grant", "inactive user"),
        ),
        (_REFRESH_POLICY, _USER_OFF),
        _RECONNECT,
    ),
    # -- the user, the org, the limits
    Refusal(
        "ip-restricted",
        (
            _token("invalid_grant", "ip restricted"),
            _token("invalid_grant", "invalid login hours"),
            _token("invalid_grant", "ip restricted or invalid login hours"),
        ),
        (
            _IP,
            Cause(
                "the app enforces IP restrictions (the JWT flow always does)",
                "For OAuth2 only, set IP Relaxation to Relax IP restrictions: {where}.",
                POLICIES,
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "user-inactive",
        (_token("inactive_user", "user is inactive"), _token("inactive_user")),
        (_USER_OFF,),
        _BAD_REQUEST,
    ),
    Refusal(
        "org-inactive",
        (
            _token("inactive_org", "org is locked, closed, or suspended"),
            _token("inactive_org"),
        ),
        (
            Cause(
                "the org's trial, its license or the scratch org has expired",
                "Log in to the org with a browser. If that fails too, ask Salesforce.",
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "login-rate",
        (
            _token("rate_limit_exceeded", "number of logins exceeded"),
            _token("rate_limit_exceeded"),
            _token("invalid_grant", "login rate exceeded"),
            _token("LOGIN_RATE_EXCEEDED"),
        ),
        (
            Cause(
                "this user logged in more than 3,600 times within an hour (n8n before 2.29.2 logs "
                "in for every call)",
                "Wait half an hour, update n8n, and give each integration its own user.",
            ),
        ),
        _BAD_REQUEST,
    ),
    # -- malformed requests
    Refusal(
        "scope-not-supported",
        (_token("invalid_request", "scope parameter not supported"),),
        (
            Cause(
                "the client sends a scope to the token endpoint, which only the authorize page "
                "accepts",
                "Remove the scope from the token request. The JWT flow uses the app's own scopes.",
            ),
        ),
        _NEVER,
    ),
    Refusal(
        "domain-not-supported",
        (_token("invalid_grant", "request not supported on this domain"),),
        (
            Cause(
                "the address doesn't issue tokens for this flow",
                f"Copy `my_domain` from {MY_DOMAIN}.",
                signs=("SFC104", "SFC106"),
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "grant-type",
        (
            _token("unsupported_grant_type", "grant type not supported"),
            _token("unsupported_grant_type"),
        ),
        (
            Cause(
                "the address is that of a Lightning or Setup page, which doesn't issue tokens",
                f"Copy `my_domain` from {MY_DOMAIN}.",
                signs=("SFC104", "SFC105"),
            ),
            Cause(
                "the app has no certificate, so the JWT flow is off",
                "Upload the certificate: {where}.",
                CERTIFICATE,
            ),
            Cause(
                "something between here and Salesforce changed the request",
                "Check the proxies and firewalls on the way.",
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "request-malformed",
        (
            _token("invalid_request", "https required"),
            _token("invalid_request", "must use http post"),
            _token("invalid_request", "must use http get"),
            _token("invalid_request", "out-of-band not supported"),
        ),
        (
            Cause(
                "the request was sent in a way that Salesforce doesn't accept, such as http://",
                "Write `my_domain` with https://, and check for a proxy that rewrites requests.",
                signs=("SFC107",),
            ),
        ),
        _BAD_REQUEST,
    ),
    Refusal(
        "salesforce-trouble",
        (
            _token("server_error"),
            _token("service_unavailable"),
            _token("system_down"),
            _token("unknown_error", "retry your request"),
            _token("unknown_error"),
        ),
        (
            Cause(
                "Salesforce itself has a problem",
                "Check status.salesforce.com, and try again later.",
            ),
        ),
        'n8n shows "Service unavailable" or "The service was not able to process your request".',
    ),
    # -- client credentials, which n8n's Salesforce credentials don't use
    Refusal(
        "no-valid-scopes",
        (_token("invalid_grant", "no valid scopes defined"),),
        (
            Cause(
                "the app only has scopes that the client credentials flow doesn't grant",
                "Add `api` to the app: {where}.",
                SCOPES,
                signs=("SFC204",),
            ),
        ),
        _NEVER,
    ),
    Refusal(
        "no-run-as-user",
        (_token("invalid_grant", "no client credentials user enabled"),),
        (
            Cause(
                "the client credentials flow has no user to run as",
                "Set a user in Run As: {where}.",
                POLICIES,
            ),
        ),
        _NEVER,
    ),
    Refusal(
        "client-credentials-flow-off",
        (
            _token("invalid_grant", "client credentials flow not enabled"),
            _token("invalid_client", "client credentials flow not enabled"),
        ),
        (
            Cause(
                "the client credentials flow is off in the app or in its policy",
                "n8n's Salesforce credentials don't use this flow. To use it elsewhere, enable it "
                "in the app and in its policy: {where}.",
                SETTINGS,
            ),
        ),
        _NEVER,
    ),
    # -- with a token
    Refusal(
        "token-refused",
        (KnownWording("userinfo", 403, "Bad_OAuth_Token"),),
        (
            Cause(
                "the access token has expired, was revoked, or belongs to another org",
                "Log in again: `sfcred doctor --live`.",
            ),
        ),
        _FORBIDDEN,
    ),
    Refusal(
        "session-invalid",
        (KnownWording("rest", 401, "INVALID_SESSION_ID", "session expired or invalid"),),
        (
            Cause(
                "the access token has expired, or was used for another kind of API",
                "Log in again. If it happens on the first call, check the app's session policy: "
                "{where}.",
                POLICIES,
            ),
        ),
        _UNAUTHORIZED,
    ),
    Refusal(
        "api-disabled",
        (
            KnownWording("rest", 403, "API_DISABLED_FOR_ORG", "the rest api is not enabled"),
            KnownWording("rest", 403, "INSUFFICIENT_ACCESS", "insufficient scope"),
            KnownWording("rest", 403, "FORBIDDEN", "insufficient scope"),
        ),
        (
            Cause(
                "the token lacks the scope api",
                "Add `api` to the app, and log in again: {where}.",
                SCOPES,
                signs=("SFC204",),
            ),
            Cause(
                "the user's profile lacks API Enabled, or the org's edition has no API",
                "Select API Enabled in Setup, Users, the user, Profile.",
            ),
        ),
        _FORBIDDEN,
    ),
    Refusal(
        "token-type",
        (_token("unsupported_token_type"), _token("invalid_token")),
        (
            Cause(
                "the token isn't this app's, or is no longer valid",
                "Log in again, and introspect or revoke only tokens of the same app.",
            ),
        ),
        _NEVER,
    ),
    # -- errors before Salesforce is reached
    Refusal(
        "name-not-found",
        (
            KnownWording("network", 0, "", "getaddrinfo"),
            KnownWording("network", 0, "", "ENOTFOUND"),
            KnownWording("network", 0, "", "Name or service not known"),
        ),
        (
            Cause(
                "the My Domain is misspelled, or the sandbox or scratch org no longer exists",
                f"Compare `my_domain` with {MY_DOMAIN}. The name of an org made minutes ago may "
                "not be known everywhere yet.",
                signs=("SFC104", "SFC105"),
            ),
        ),
        "n8n shows ENOTFOUND or EAI_AGAIN.",
    ),
    Refusal(
        "key-refused",
        (
            KnownWording("n8n", 0, "", "secretOrPrivateKey must be an asymmetric key"),
            KnownWording("n8n", 0, "", "minimum key size of 2048"),
        ),
        (
            Cause(
                "n8n can't read the private key as pasted, or it isn't an RSA key of 2048 bits",
                "Run `sfcred doctor` to see what is wrong with the key. `sfcred render` writes it "
                "in the form that every n8n reads.",
                signs=("SFC401", "SFC402", "SFC403", "SFC404", "SFC405", "SFC406", "SFC407"),
            ),
        ),
        "This is n8n's own message.",
    ),
    Refusal(
        "n8n-bad-request",
        (KnownWording("n8n", 0, "", "Bad request - please check your parameters"),),
        (
            Cause(
                "n8n hides Salesforce's answer",
                "Run `sfcred doctor --live`, which logs in the same way and shows the answer.",
            ),
        ),
        "This is n8n's own message.",
    ),
    Refusal(
        "n8n-invalid-url",
        (
            KnownWording("n8n", 0, "", "ERR_INVALID_URL"),
            KnownWording("n8n", 0, "", "Invalid URL"),
        ),
        (
            Cause(
                "the OAuth2 credential was never connected, or n8n lost the org's address when it "
                "refreshed the token",
                "Update n8n. Then connect the credential again in n8n, or import one made with "
                "`sfcred login` and `sfcred render`.",
            ),
        ),
        "This is n8n's own message.",
    ),
    Refusal(
        "n8n-sandbox-page",
        (KnownWording("n8n", 0, "", "sandbox login page shows login.salesforce.com"),),
        (
            Cause(
                "n8n opens production's login page for a sandbox",
                "Before n8n 2.41.0, render the credential with `my_domain`. From 2.41.0 on, use "
                "`sfcred render --target n8n-overwrite`, or the JWT flow. On n8n Cloud, use the "
                "JWT flow.",
                signs=("SFC502",),
            ),
        ),
        _BROWSER,
    ),
)


def rehearsable() -> list[Refusal]:
    """Return the rows that an org itself answers with: no network errors, none of n8n's own."""
    return [row for row in REFUSALS if row.answers[0].step not in ("network", "n8n")]


def find_refusal(name: str) -> Refusal | None:
    """Return the row with this name."""
    return next((refusal for refusal in REFUSALS if refusal.name == name), None)
