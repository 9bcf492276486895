"""An import disconnects the credential in n8n.

**Finds** an OAuth2 credential without `oauth2.refresh_token`, except on n8n Cloud, which has no
import.

**Why it matters** n8n's import replaces all of a credential's data. If the credential was
connected, its tokens are gone afterwards, and every workflow that uses it fails until someone gives
consent again. n8n's own test doesn't warn you.

**How to fix it** Declare the refresh token of an existing consent (`oauth2.refresh_token`), so that
the credential arrives connected. Or write it with `sfcred push`, which keeps the tokens, or with
`sfcred render --merge-from`. Or use the JWT flow, which doesn't need consent. Or open the
credential in n8n after each import and connect it again.

**Source** Tested with n8n 2.40.5: importing a credential with an existing id replaces its data,
tokens included.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential
from sfcred.spec.source import Route

BAD = Example("oauth2:\n  refresh_token: null\n", base="oauth2")
GOOD = Example("oauth2:\n  refresh_token: {env: ACME_REFRESH_TOKEN}\n", base="oauth2")


@offline_check(
    "SFC504",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    flow="oauth2",
    since="0.1.0",
    answered_by=("merge-from",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Warn in every case: only n8n knows whether the credential is connected."""
    route: Route = ("oauth2", "refresh_token")
    if credential.n8n.is_cloud:
        return
    if credential.declared(route) is None:
        message = (
            "without a refresh token, importing over a connected credential deletes its tokens"
        )
        hint = (
            "Declare oauth2.refresh_token, or use sfcred push or sfcred render --merge-from, which "
            "keep them."
        )
        yield Problem(message, route, hint)
