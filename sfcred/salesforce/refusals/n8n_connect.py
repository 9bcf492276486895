"""n8n's texts around the Connect button and the renewal of tokens.

Source: npm @n8n/client-oauth2 (ERROR_RESPONSES), n8n (oauth), n8n-core (oauth.js).
"""

from sfcred.salesforce.refusals.causes import (
    HIDDEN_ANSWER,
    KEY_WRONG,
    NEW_CONSENT,
    NO_TOKEN_ENDPOINT,
    NOT_ADMIN_APPROVED,
    PKCE_OFF,
    SALESFORCE_FAILS,
    SCOPE_MISSING,
)
from sfcred.salesforce.refusals.client_credentials import CLIENT_REFUSED, FLOW_OFF
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import BROWSER, CALLBACK, CONSUMER_KEY, OWN

_PRODUCTION_PAGE = RefusalCause(
    "sandbox was chosen, but n8n opens production's login page, so that the code and its verifier "
    "don't fit",
    "Before n8n 2.41.0, render the credential with `my_domain`. From 2.41.0 on, use `sfcred render "
    "--target n8n-overwrite` (not on n8n Cloud), or the JWT flow.",
    signs=("SFC502", "SFC106"),
    unless=("production", "client"),
)
_DETAILS = (
    "Salesforce's own words are in the window's details, or in n8n's log: pass them to `sfcred "
    "explain --error`."
)
_CODE = RefusalCause(
    "the code was used twice, or is older than about 15 minutes",
    f"Close the window, and click Connect again. {_DETAILS}",
    unless=("client",),
)
_REFUSED_REFRESH = RefusalCause(
    "Salesforce refused to renew the token: the refresh token expired or was used elsewhere "
    "(rotation), the consent was revoked, or the app's policy or users changed",
    f"Run `sfcred doctor --live`, which shows Salesforce's answer. {NEW_CONSENT}",
    signs=("SFC603", "SFC608", "SFC609", "SFC605"),
    unless=("client",),
)
_HIDDEN_FROM_CLIENT = HIDDEN_ANSWER._replace(
    what="n8n hides why Salesforce refuses client credentials",
    fix="Run `sfcred doctor --live`, which logs in the same way and shows the answer. Connecting "
    "the credential again doesn't help: nobody gives consent in this flow.",
    unless=("consent",),
)
_CLIENT_REFUSED = (_HIDDEN_FROM_CLIENT, *CLIENT_REFUSED)
_NOT_CONNECTED = RefusalCause(
    "nobody has clicked Connect yet, or an import dropped the tokens",
    f"{NEW_CONSENT} To import a connected credential, run `sfcred login`, then `sfcred render`.",
    signs=("SFC504",),
)

# The texts of n8n's OAuth2 client, which its JWT credential doesn't use.
_OAUTH2: tuple[Refusal, ...] = (
    Refusal(
        "n8n-invalid-grant",
        texts(
            "n8n",
            "The provided authorization grant (e.g., authorization code, resource owner "
            "credentials) or "
            "refresh token is invalid, expired, revoked, does not match the redirection URI used "
            "in the "
            "authorization request, or was issued to another client",
        ),
        (_PRODUCTION_PAGE, _CODE, _REFUSED_REFRESH, *_CLIENT_REFUSED),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-invalid-client",
        texts(
            "n8n",
            "Client authentication failed (e.g., unknown client, no client authentication "
            "included, or unsupported authentication method)",
        ),
        (
            RefusalCause(
                "the Consumer Secret is wrong or missing, or the Consumer Key is another app's",
                "Copy both again to where `client_id` and `client_secret` point: {where}.",
                CONSUMER_KEY,
                signs=("SFC010", "SFC011", "SFC110"),
            ),
            *FLOW_OFF,
        ),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-invalid-request",
        texts(
            "n8n",
            "The request is missing a required parameter, includes an invalid parameter value, "
            "includes a parameter more than once, or is otherwise malformed",
        ),
        (
            PKCE_OFF._replace(what="the app requires PKCE and n8n before 1.85 sends none"),
            RefusalCause(
                "the callback URL isn't exactly one of the app's",
                "Add n8n's callback URL to the app: {where}.",
                CALLBACK,
                signs=("SFC301", "SFC302", "SFC304"),
            ),
            KEY_WRONG,
        ),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-unauthorized-client",
        texts(
            "n8n",
            "The client is not authorized to request an authorization code using this method",
        ),
        (NOT_ADMIN_APPROVED, KEY_WRONG),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-grant-type",
        texts(
            "n8n",
            "The authorization grant type is not supported by the authorization server",
        ),
        (
            RefusalCause(
                "the token address isn't Salesforce's, or the flow is off in the app or the org",
                "Check the credential's environment and `my_domain`, and Setup, OAuth and OpenID "
                "Connect Settings.",
                signs=("SFC104", "SFC105"),
            ),
        ),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-access-denied",
        texts(
            "n8n",
            "The resource owner or authorization server denied the request",
        ),
        (
            RefusalCause(
                "someone clicked Deny on Salesforce's page", "Click Connect again, then Allow."
            ),
            NOT_ADMIN_APPROVED,
        ),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-response-type",
        texts(
            "n8n",
            "The authorization server does not support obtaining an authorization code using "
            "this method",
        ),
        (
            RefusalCause(
                "the org or the app blocks the authorization code flow",
                "Allow the flow in Setup, OAuth and OpenID Connect Settings.",
            ),
        ),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-invalid-scope",
        texts("n8n", "The requested scope is invalid, unknown, or malformed"),
        (SCOPE_MISSING,),
        OWN,
    ),
    Refusal(
        "login-server-error",
        texts(
            "n8n",
            '"error":"server_error"',
            "error=server_error",
            '"error":"temporarily_unavailable"',
            "error=temporarily_unavailable",
        ),
        (SALESFORCE_FAILS,),
        BROWSER,
    ),
    Refusal(
        "n8n-oauth-server-error",
        texts(
            "n8n",
            "The authorization server encountered an unexpected condition that prevented it from "
            "fulfilling the request",
            "The authorization server is currently unable to handle the request due to a temporary "
            "overloading or maintenance of the server",
        ),
        (SALESFORCE_FAILS,),
        OWN,
        says_little=True,
    ),
)

ROWS: tuple[Refusal, ...] = (
    *(row._replace(never_in=("jwt",), of_any_service=True) for row in _OAUTH2),
    Refusal(
        "n8n-oauth-url",
        texts(
            "n8n",
            "OAuth url is not a valid URL",
            "OAuth url must use HTTP or HTTPS protocol",
        ),
        (
            RefusalCause(
                "the credential's authorize or token address is empty or malformed",
                "Render the credential again: `sfcred render`.",
            ),
        ),
        OWN,
        of_any_service=True,
    ),
    Refusal(
        "n8n-connect-failed",
        (
            *texts(
                "n8n",
                "Failed to connect. The window can be closed now",
                "There was a problem generating the authorization URL",
                "at getAuthError",
            ),
            *codes("n8n", "EAUTH"),
        ),
        (
            RefusalCause(
                "n8n's window, or an old n8n's log, hides the answer of the token endpoint",
                f"{_DETAILS} Or give consent with `sfcred login`, which shows it.",
            ),
        ),
        OWN,
        is_a_frame=True,
    ),
    Refusal(
        "n8n-reconnect",
        texts(
            "n8n",
            "needs to be reconnected",
            "Access could not be refreshed because the connected account",
            "Could not save the refreshed OAuth2 token",
        ),
        (_REFUSED_REFRESH, *_CLIENT_REFUSED),
        OWN,
        says_little=True,
        never_in=("jwt",),
        of_any_service=True,
    ),
    Refusal(
        "n8n-first-token",
        texts("n8n", "Failed to acquire OAuth2 access token"),
        _CLIENT_REFUSED,
        OWN,
        says_little=True,
        never_in=("jwt", "code", "refresh"),
        of_any_service=True,
    ),
    Refusal(
        "n8n-not-connected",
        texts(
            "n8n",
            "OAuth credentials not connected",
            "Unable to sign without access token",
            "The access token is empty",
            "not yet authenticated",
            "This credential is missing its OAuth client details",
            "No credentials were returned",
            "No data is set on this credentials",
        ),
        (
            _NOT_CONNECTED,
            RefusalCause(
                "imported `oauthTokenData` has no access token, or an empty one",
                "Use `sfcred render`: it writes a placeholder, which n8n replaces at the first "
                "call. "
                "To check, run `sfcred diff --export FILE`.",
            ),
        ),
        OWN,
        of_any_service=True,
    ),
    Refusal(
        "n8n-token-answer",
        texts(
            "n8n",
            "Expected JSON response from OAuth2 token endpoint",
            "Unsupported content type: text/html",
            "Salesforce JWT authentication did not return an access token and instance URL",
        ),
        (NO_TOKEN_ENDPOINT,),
        OWN,
        of_any_service=True,
    ),
    Refusal(
        "n8n-url-without-scheme",
        texts(
            "n8n",
            "Invalid URL {host}",
            "Invalid URL: {host}",
            "Invalid URL{any}input: {host}",
            "Invalid URL{any}input: '{host}",
            'Invalid URL{any}input: "{host}',
            'Invalid URL{any}"input":"{host}',
            "Invalid URL '{host}",
            "Invalid URL: '{host}",
            "Failed to parse URL from {host}",
        ),
        (
            RefusalCause(
                "an address in the credential lacks https:// at its beginning",
                "Write https:// before the address that the text names: in n8n, it is My Domain "
                "URL, or the token address. Or render the credential again: `sfcred render`.",
                signs=("SFC107",),
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-invalid-url",
        (
            *codes("n8n", "ERR_INVALID_URL"),
            *texts("n8n", "Invalid URL", "Failed to parse URL from"),
        ),
        (
            RefusalCause(
                "the OAuth2 credential was never connected, or n8n lost the org's address when it "
                "refreshed the token",
                "Update n8n. Then connect the credential again in n8n, or import one made with "
                "`sfcred login` and `sfcred render`.",
            ),
        ),
        OWN,
        of_any_service=True,
    ),
)
