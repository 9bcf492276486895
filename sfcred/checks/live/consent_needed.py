"""Only a person can complete this login.

**Finds** an OAuth2 credential without a refresh token. sfcred checks what it can without logging
in: the org answers, its discovery document is Salesforce's, and its API has the version that n8n
calls.

**Why it matters** Until someone has given consent, doctor can't tell whether the app, the secret
and the callback are right. Neither can n8n: its own test only checks whether a token is stored.

**How to fix it** Run `sfcred login NAME`. It gets the consent in the browser and stores the refresh
token where `oauth2.refresh_token` points, so that n8n gets the credential connected. Or press
Connect my account in n8n.

**Source** RFC 6749, section 4.1; n8n 2.40.5, credentials-tester.service.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, ExampleReply, Problem, Severity, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, require_reached
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.live.visit import Live

_DISCOVERY = ExampleReply(
    '{"issuer": "https://acme--uat.sandbox.my.salesforce.com", "token_endpoint":'
    ' "https://acme--uat.sandbox.my.salesforce.com/services/oauth2/token",'
    ' "scopes_supported": ["api", "refresh_token"]}'
)
_VERSIONS = ExampleReply('[{"version": "59.0"}, {"version": "67.0"}]')
BAD = Example("oauth2: {refresh_token: null}\n", base="oauth2", replies=(_DISCOVERY, _VERSIONS))
GOOD = Example("{}\n", base="oauth2", replies=ALL_IS_WELL)


@live_check("SFC909", Severity.INFO, bad=BAD, good=GOOD, since="0.2.0")
def check(live: "Live") -> Iterator[Problem]:
    """Report what can't be checked without a login."""
    if live.visit.attempts:
        return
    require_reached(live)
    at: Route = ("oauth2",)
    message = "the org answers, but only a consent shows whether the app and its secret are right"
    name = live.credential.name
    hint = (
        f"Add `refresh_token` to `oauth2` (for example {{keyring: sfcred/{name}}}) and run "
        f"`sfcred login {name}`, or press Connect my account in n8n."
    )
    yield Problem(message, at, hint)
