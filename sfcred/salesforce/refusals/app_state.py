"""The app: not there, not installed, blocked, disabled, or with another key."""

from sfcred.salesforce.refusals.causes import (
    API_ONLY_USER,
    APP_OF_OTHER_ORG,
    GENERIC_HOST,
    KEY_WRONG,
    LICENSE,
    NOT_ADMIN_APPROVED,
    NOT_INSTALLED,
    OTHER_SESSION,
    PKCE_OFF,
    PRE_AUTHORIZE,
    PROPAGATION,
    SANDBOX_REFRESHED,
    SCOPE_MISSING,
    WRONG_ORG,
)
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, back, page, texts, token
from sfcred.salesforce.refusals.places import (
    APPS,
    BAD_REQUEST,
    BROWSER,
    CONSUMER_KEY,
    DISTRIBUTION,
    ENABLED,
    MY_DOMAIN,
    POLICIES,
    SECRET_REFUSED,
)

_NOT_AT_GENERIC_HOST = GENERIC_HOST._replace(
    what="an External Client App isn't always found at login.salesforce.com and test.salesforce.com"
)
_GENERIC_HOST_IN_BROWSER = _NOT_AT_GENERIC_HOST._replace(
    fix=f"Set `my_domain` to the org's own address: {MY_DOMAIN}. `sfcred explain SFC502` tells you "
    "how to get n8n's OAuth2 credential there."
)
_NO_HIGH_ASSURANCE = "Remove the High Assurance requirement from the app's policy: {where}."
_PACKAGED = RefusalCause(
    "the app is packaged, and no admin has installed it in this org",
    "Install the package, or create a local app: {where}.",
    APPS,
)
_NOT_INSTALLED_IN_BROWSER = NOT_INSTALLED._replace(
    fix="Install or unblock the app in Setup, Connected Apps OAuth Usage, or give the user the "
    "permission Approve Uninstalled Connected Apps. The address of the page contains `error=`, "
    "which names the exact reason: pass the address to `sfcred explain --error`."
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "app-not-found",
        (
            token("app_not_found", "external client app is not installed in this org"),
            token("app_not_found"),
        ),
        (
            GENERIC_HOST,
            APP_OF_OTHER_ORG,
            _PACKAGED,
            PRE_AUTHORIZE,
            NOT_INSTALLED,
            SANDBOX_REFRESHED,
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "app-not-found-in-browser",
        (
            page("OAUTH_EC_APP_NOT_FOUND", "external client app is not installed"),
            page("OAUTH_EC_APP_NOT_FOUND"),
        ),
        (APP_OF_OTHER_ORG, NOT_INSTALLED, _GENERIC_HOST_IN_BROWSER, SANDBOX_REFRESHED),
        BROWSER,
    ),
    Refusal(
        "cross-org",
        (
            page("OAUTH_AUTHORIZATION_BLOCKED", "cross-org oauth flows are not supported"),
            page("OAUTH_AUTHORIZATION_BLOCKED"),
        ),
        (
            OTHER_SESSION,
            APP_OF_OTHER_ORG,
        ),
        BROWSER,
    ),
    Refusal(
        "approval-error",
        (
            page(
                "OAUTH_APPROVAL_ERROR_GENERIC",
                "an unexpected error has occurred during authentication",
            ),
            page("OAUTH_APPROVAL_ERROR_GENERIC"),
            *texts("page", "OAuth Approval Error Generic"),
        ),
        (_NOT_INSTALLED_IN_BROWSER, SCOPE_MISSING, PKCE_OFF, API_ONLY_USER),
        BROWSER,
        says_little=True,
    ),
    Refusal(
        "oauth-page",
        texts(
            "page",
            "We can't authorize you because of an OAuth error",
            "RemoteAccessErrorPage.apexp",
            "RemoteAccessAuthorizationPage.apexp",
        ),
        (
            _NOT_INSTALLED_IN_BROWSER,
            NOT_ADMIN_APPROVED,
            SCOPE_MISSING,
            KEY_WRONG,
        ),
        BROWSER,
        says_little=True,
    ),
    Refusal(
        "approval-expired",
        texts("page", "You didn't complete the approval process before it expired"),
        (
            RefusalCause(
                "the login or consent page stayed open for too long",
                "Close it, start the login again (Connect in n8n, or `sfcred login`), and click "
                "Allow within a few minutes.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "oauth-plugin-broken",
        texts(
            "page",
            "We couldn't load OAuth plugin",
            "Cannot invoke String.split",
        ),
        (
            SANDBOX_REFRESHED._replace(
                what="a sandbox refresh broke the app's OAuth settings", unless=()
            ),
            RefusalCause(
                "the app was deployed only in part",
                "Deploy all files of the app together, with its policies: `sfcred app` writes "
                "them.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "app-removed",
        texts(
            "page",
            "There was a problem in setting up your remote access",
            "1800 : There was a problem",
        ),
        (
            RefusalCause(
                "the app that the Consumer Key belongs to was deleted, or Salesforce can't load it "
                "in this org",
                "Check that the app still exists: {where}. Then put its Consumer Key where "
                "`client_id` points.",
                APPS,
            ),
            NOT_INSTALLED,
        ),
        BROWSER,
    ),
    Refusal(
        "salesforce-page-failed",
        texts(
            "page",
            "An internal server error has occurred",
            "An error has occurred while processing your request",
            "URL No Longer Exists",
        ),
        (
            RefusalCause(
                "Salesforce's page hides the reason, which is often a missing PKCE challenge or a "
                "wrong address",
                f"Compare `my_domain` with {MY_DOMAIN}, and give consent with `sfcred login`, "
                "which sends PKCE and shows Salesforce's answer.",
            ),
            PKCE_OFF,
            PROPAGATION,
        ),
        BROWSER,
        says_little=True,
    ),
    Refusal(
        "page-without-data",
        texts("page", "The data you were trying to access could not be found"),
        (
            RefusalCause(
                "the org isn't ready, or is in maintenance (a new or refreshed sandbox needs a "
                "while)",
                "Wait a few minutes, and try again. status.salesforce.com shows maintenance.",
            ),
            RefusalCause(
                "the record or page was deleted, or the user may not see it",
                "Check the address, and what the user's permission sets allow.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "salesforce-page-maintenance",
        texts("page", "We are down for maintenance"),
        (
            RefusalCause(
                "Salesforce, or the org's instance, is in maintenance",
                "Look the instance up on status.salesforce.com, and try again after it.",
            ),
        ),
        of_any_service=True,
    ),
    Refusal(
        "app-blocked",
        (
            page("OAUTH_APP_BLOCKED", "this app is blocked by admin"),
            page("OAUTH_APP_BLOCKED"),
            token("app_blocked"),
            token("fail_close_app_blocked"),
        ),
        (NOT_INSTALLED,),
        BROWSER,
    ),
    Refusal(
        "app-install-failed",
        texts(
            "page",
            "Managed Application Installation Error",
            "There was a problem in installing the application",
            "AppInstallErrorPage.apexp",
        ),
        (
            RefusalCause(
                "Salesforce couldn't install the app, which belongs to another org, and the page "
                "hides the reason",
                "Open the org's own login page (My Domain) as an admin, and install it again in "
                "Setup, Connected Apps OAuth Usage. If it still fails, create an app in this org, "
                "and use its Consumer Key.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "app-access-denied",
        (
            page("OAUTH_APP_ACCESS_DENIED", "user is not admin approved"),
            token("OAUTH_APP_ACCESS_DENIED"),
        ),
        (NOT_ADMIN_APPROVED, LICENSE, NOT_INSTALLED),
        BROWSER,
    ),
    Refusal(
        "app-not-installed",
        (
            token("invalid_client", "app must be installed into org"),
            token("invalid_client", "app is not installed"),
        ),
        (NOT_INSTALLED, _PACKAGED, WRONG_ORG),
        BAD_REQUEST,
    ),
    Refusal(
        "client-id-unknown",
        (
            token("invalid_client_id", "client identifier invalid"),
            page("invalid_client_id", "client identifier invalid"),
            token("invalid_client_id"),
            *texts("cli", "invalid or missing clientId", "Invalid clientId"),
        ),
        (
            KEY_WRONG,
            WRONG_ORG,
            _NOT_AT_GENERIC_HOST,
            OTHER_SESSION,
            RefusalCause(
                "the app was deleted, or a sandbox refresh replaced it",
                "Check that the app exists in this org: {where}.",
                APPS,
            ),
            PROPAGATION,
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "client-secret-wrong",
        (
            token("invalid_client", "invalid client credentials"),
            token("invalid_client", "client credentials were not found in the headers or body"),
            token("invalid_client"),
        ),
        (
            RefusalCause(
                "the Consumer Secret is wrong, or it was rotated",
                "Copy the Consumer Secret again to where the spec's `client_secret` points: "
                "{where}.",
                CONSUMER_KEY,
                signs=("SFC010", "SFC011"),
            ),
            KEY_WRONG,
        ),
        SECRET_REFUSED,
    ),
    Refusal(
        "basic-header-malformed",
        (token("invalid_basic_auth_header"),),
        (
            RefusalCause(
                "the Consumer Key or Secret has a character that the header can't contain, such as "
                "a line break or a quote",
                "Check the values where the spec's `client_id` and `client_secret` point.",
                signs=("SFC010", "SFC110"),
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "flow-disabled",
        (
            token("oauth_flow_disabled", "the external client app or the oauth plugin is disabled"),
            token("oauth_flow_disabled"),
            back("oauth_flow_disabled"),
        ),
        (
            RefusalCause(
                "the app or its OAuth plugin is disabled",
                "Enable the app and its OAuth settings: {where}.",
                ENABLED,
            ),
            RefusalCause(
                "the org blocks this flow",
                "Allow the flow in Setup, OAuth and OpenID Connect Settings.",
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "policy-missing",
        (token("oauth_policy_not_found"), token("ecapp_policy_not_found")),
        (
            RefusalCause(
                "the External Client App was deployed without its policies",
                "Also deploy the policy files, or open and save the policies: {where}.",
                POLICIES,
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "distribution-state",
        (token("invalid_distribution_state"), token("installation_error")),
        (
            RefusalCause(
                "a packaged app is used as a local one, or the reverse",
                "Set the app's Distribution State to Local, or install its package: {where}.",
                DISTRIBUTION,
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "session-level",
        (token("invalid_session_level"),),
        (
            RefusalCause(
                "the app requires a High Assurance session, which a login without a person can't "
                "provide",
                _NO_HIGH_ASSURANCE,
                POLICIES,
                unless=("consent",),
            ),
            RefusalCause(
                "the app requires a High Assurance session, and this login isn't one",
                f"{_NO_HIGH_ASSURANCE} Or log in with a second factor, then give consent again.",
                POLICIES,
                unless=("jwt", "client"),
            ),
        ),
        BAD_REQUEST,
    ),
)
