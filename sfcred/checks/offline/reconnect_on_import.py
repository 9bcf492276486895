"""An import disconnects the credential in n8n.

**Finds** an OAuth2 credential without `oauth2.refresh_token`.

**Why it matters** n8n's import replaces all of a credential's data. If the credential is connected
already, its tokens are gone afterwards, and every workflow that uses it fails until somebody gives
consent again. n8n's test doesn't show it beforehand.

**How to fix it** Declare the refresh token of a consent that was given (`oauth2.refresh_token`):
the credential then arrives connected. Or use the JWT flow, which needs no consent. Or after each
import open the credential in n8n and connect it again.

**Source** n8n 2.40.5, run: the import of a credential with a known id replaces its data, tokens
included.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential
from sfcred.spec.source import Route

BAD = Example("oauth2:\n  refresh_token: null\n", base="oauth2")
GOOD = Example("oauth2:\n  refresh_token: {env: ACME_REFRESH_TOKEN}\n", base="oauth2")


@offline_check("SFC504", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Whether a credential is connected is n8n's knowledge, so this warns in every case."""
    route: Route = ("oauth2", "refresh_token")
    if credential.flow == "oauth2" and credential.declared(route) is None:
        message = (
            "without a refresh token here, an import over a connected credential drops its tokens"
        )
        hint = (
            "Declare oauth2.refresh_token, or connect the credential in n8n again after each "
            "import."
        )
        yield Problem(message, route, hint)
