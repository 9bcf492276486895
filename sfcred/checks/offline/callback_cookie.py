"""A strict session cookie makes n8n refuse the consent.

**Finds** `N8N_SAMESITE_COOKIE=strict` in n8n's environment (`n8n.env_file`) for an OAuth2
credential whose callback needs n8n's session.

**Why it matters** After the consent, Salesforce sends the browser back to n8n. With a strict
cookie, the browser doesn't send n8n's session along, because it comes from another site. n8n then
doesn't know who consented, and refuses the callback.

**How to fix it** Set `N8N_SAMESITE_COOKIE=lax` (n8n's default) in n8n's environment, and restart
n8n. With `N8N_SKIP_AUTH_ON_OAUTH_CALLBACK=true`, n8n 2 accepts the callback without a session, but
then anybody can finish a login that somebody else began.

**Source** @n8n/config and oauth.service of n8n 2.40.5; RFC 6265bis, section 5.2.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.n8n.settings import callback_needs_session, is_cookie_strict
from sfcred.resolve.credential import Credential

BAD = Example(
    "n8n:\n  env_file: n8n.env\n",
    base="oauth2",
    files={"n8n.env": "text:WEBHOOK_URL=https://n8n.acme.com/\nN8N_SAMESITE_COOKIE=strict\n"},
)
GOOD = Example(
    "n8n:\n  env_file: n8n.env\n",
    base="oauth2",
    files={
        "n8n.env": "text:WEBHOOK_URL=https://n8n.acme.com/\nN8N_SAMESITE_COOKIE=strict\n"
        "N8N_SKIP_AUTH_ON_OAUTH_CALLBACK=true\n"
    },
)


@offline_check("SFC309", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0", flow="oauth2")
def check(credential: Credential) -> Iterator[Problem]:
    """Read the cookie's setting from n8n's environment."""
    environment = credential.environment
    if environment is None or not is_cookie_strict(environment):
        return
    if callback_needs_session(environment, credential.n8n.version):
        message = (
            "N8N_SAMESITE_COOKIE is strict in n8n's environment, so n8n refuses the consent when "
            "the browser comes back from Salesforce"
        )
        hint = "Set N8N_SAMESITE_COOKIE=lax, n8n's default, and restart n8n."
        yield Problem(message, ("n8n", "env_file"), hint)
