"""n8n's texts at its callback, the page that the browser returns to after the login.

Source: npm n8n (oauth); public reports of users behind proxies.
"""

from sfcred.salesforce.refusals.causes import NEW_API_KEY
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts
from sfcred.salesforce.refusals.places import BROWSER, OWN

_SESSION = RefusalCause(
    "n8n's callback didn't get the session cookie of n8n: another host name or browser than the "
    "one that n8n is open in, an expired session, or N8N_SAMESITE_COOKIE=strict",
    "Log in to n8n at the very address of the callback, and click Connect there. Set "
    "N8N_SAMESITE_COOKIE=lax. N8N_SKIP_AUTH_ON_OAUTH_CALLBACK=true turns off the check, which "
    "weakens it for everyone.",
    signs=("SFC306",),
)
_API_KEY = RefusalCause(
    "if it is the answer of n8n's API (/api/v1), the API key is missing, expired or another n8n's",
    NEW_API_KEY,
)
_STATE = RefusalCause(
    "the callback belongs to another or an older login: a second window, the browser's Back, or "
    "an n8n that was restarted",
    "Close all login windows, and click Connect once. Behind several processes, make sure that "
    "all use the same encryption key and database.",
)
_QUERY_DROPPED = RefusalCause(
    "a reverse proxy in front of n8n drops what comes after the ? of the callback's address",
    "Make the proxy pass on the whole address: in nginx, `proxy_pass` without a path, or with "
    "`$is_args$args` at the end of a path that has variables. Then click Connect again.",
)
_NOT_FROM_CONNECT = RefusalCause(
    "the callback lacks the code or the state: the login didn't begin at n8n's Connect button, but "
    "at an address made by hand or at an app's own install page, or the page was loaded again",
    "Close all login windows, and click Connect in n8n's credential.",
)
_OTHER_PATH = RefusalCause(
    "n8n is reached at another path than the one that it thinks it has",
    "Set N8N_EDITOR_BASE_URL to n8n's public address, and N8N_PATH if it has a path.",
    signs=("SFC306",),
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "n8n-callback-unauthorized",
        texts(
            "n8n",
            '"status":"error","message":"Unauthorized"',
            '"status":"error","message":"Unauthorised"',
            "Unauthorized Failed to connect",
            "Unauthorized / Failed to connect",
            "Error Unauthorized OAuth2",
        ),
        (_SESSION, _API_KEY),
        BROWSER,
    ),
    Refusal(
        "n8n-other-browser",
        texts(
            "n8n",
            "This OAuth flow was started in a different browser",
        ),
        (
            RefusalCause(
                "the login began in another browser than the one it ended in "
                "(N8N_OAUTH_BROWSER_BINDING "
                "is on)",
                "Click Connect again, and stay in that window.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-callback-state",
        texts(
            "n8n",
            "callback state is invalid",
            "Invalid state",
            "Invalid state format",
        ),
        (_STATE, _SESSION),
        OWN,
    ),
    Refusal(
        "callback-state",
        texts(
            "n8n",
            "state was missing or invalid",
            "state parameter is missing",
            "Invalid state parameter",
            "valid challenge or state",
            "state token is invalid",
            "state does not match",
            "state mismatch",
            "Missing code, unable to request token",
        ),
        (_STATE, _SESSION),
        of_any_service=True,
    ),
    Refusal(
        "n8n-callback-no-query",
        texts(
            "n8n",
            "Received following query parameters: {}",
            "Insufficient parameters for OAuth2 callback{any}query parameters: {}",
        ),
        (_QUERY_DROPPED, _NOT_FROM_CONNECT),
        OWN,
    ),
    Refusal(
        "n8n-callback-error",
        texts("n8n", 'query parameters: {any}"error":'),
        (
            RefusalCause(
                "the login page refused, and sent its reason to the callback: the code and the "
                "description that follow `error` in the text",
                "Pass only that part to `sfcred explain --error`. For Salesforce, look at the "
                "user's row in Setup, Login History, too.",
            ),
        ),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-callback-parameters",
        texts(
            "n8n",
            "Insufficient parameters for OAuth2 callback",
            "Received following query parameters",
        ),
        (_NOT_FROM_CONNECT, _QUERY_DROPPED),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-callback-not-forwarded",
        texts(
            "n8n",
            "oauth2-credential/callback{any}404 Not Found",
            "404 Not Found{any}oauth2-credential/callback",
        ),
        (
            RefusalCause(
                "a reverse proxy in front of n8n doesn't forward the paths below /rest, so the "
                "callback never reaches n8n",
                "Make the proxy forward everything (in nginx, `location / { proxy_pass … }`), not "
                "only /webhook. Then click Connect again.",
            ),
            _OTHER_PATH,
        ),
        OWN,
    ),
    Refusal(
        "n8n-window-blocked",
        texts(
            "n8n",
            "Sign-in window was blocked",
            "Allow pop-ups for this site",
            "Invalid OAuth URL",
        ),
        (
            RefusalCause(
                "the browser blocked the window of the Connect button (older versions of n8n then "
                "say that the OAuth URL is invalid)",
                "Allow pop-ups for n8n's address in the browser, turn off ad blockers there, and "
                "click Connect again.",
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "n8n-callback-path",
        texts(
            "n8n",
            "Redirected path should match configured path",
            '"code":404,"message":"Route not found"',
            "Cannot GET /rest/oauth2-credential/callback",
        ),
        (_OTHER_PATH,),
        OWN,
    ),
)
