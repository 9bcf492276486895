"""The app requires PKCE, and this n8n sends none.

**Finds** an OAuth2 credential whose app has `pkce_required: true`, and an `n8n.version` before
1.85. With a declared refresh token it is a warning: only a new consent in n8n would fail.

**Why it matters** Salesforce refuses the authorize page: `invalid_request`, "missing required code
challenge", or, as was reported, `redirect_uri_mismatch`.

**How to fix it** Update n8n to 1.85 or later. Or switch off "Require Proof Key for Code Exchange
(PKCE)": for an External Client App in Setup, External Client App Manager, the app, Settings, OAuth
Settings, Security; for a Connected App in Setup, App Manager, the app, Edit. Then write
`pkce_required: false`.

**Source** n8n-nodes-base 1.82.0 (grant type authorizationCode) and 1.84.0 (pkce); RFC 7636.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.n8n.versions import PKCE, format_version, has
from sfcred.resolve.credential import Credential

BAD = Example('oauth2:\n  refresh_token: null\nn8n:\n  version: "1.84.3"\n', base="oauth2")
GOOD = Example('oauth2:\n  refresh_token: null\nn8n:\n  version: "1.85.0"\n', base="oauth2")


@offline_check("SFC508", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """The renewal of a token needs no PKCE, so a declared one softens it."""
    if credential.flow != "oauth2" or not credential.app.pkce_required:
        return
    version = _n8n_version.known_version(credential)
    if not has(PKCE, version):
        connected = credential.declared(("oauth2", "refresh_token")) is not None
        message = f"the app requires PKCE, and n8n {format_version(version)} sends none"
        if connected:
            message += ": a new consent in n8n would fail"
        hint = "Update n8n to 1.85 or later, or lift the requirement in Salesforce and here."
        severity = Severity.WARNING if connected else None
        yield Problem(message, _n8n_version.ROUTE, hint, severity=severity)
