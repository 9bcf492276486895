"""The app requires PKCE, but this version of n8n doesn't send it.

**Finds** an OAuth2 credential whose app has `pkce_required: true`, and an `n8n.version` before
1.85, or before 1.0 for n8n's generic credential (`n8n.type: oAuth2Api`). If the spec declares a
refresh token it is only a warning, because only a new consent in n8n would fail.

**Why it matters** Salesforce refuses the authorize page with `invalid_request`, "missing required
code challenge" or, as users report, `redirect_uri_mismatch`.

**How to fix it** Update n8n to 1.85 or later. Or turn off "Require Proof Key for Code Exchange
(PKCE)": for an External Client App in Setup, External Client App Manager, the app, Settings, OAuth
Settings, Security; for a Connected App in Setup, App Manager, the app, Edit. Then write
`pkce_required: false`. In some newer apps and orgs, the option can't be turned off.

**Source** n8n-nodes-base 1.82.0 (grant type authorizationCode) and 1.84.0 (pkce), for the generic
credential 0.215.0 and 1.0.0; RFC 7636.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.n8n.versions import GENERIC_PKCE, PKCE, format_version, has
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import brings_consent

BAD = Example('oauth2:\n  refresh_token: null\nn8n:\n  version: "1.84.3"\n', base="oauth2")
GOOD = Example('oauth2:\n  refresh_token: null\nn8n:\n  version: "1.85.0"\n', base="oauth2")


@offline_check("SFC508", Severity.ERROR, bad=BAD, good=GOOD, flow="oauth2", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Report it as a warning if n8n gets a consent: renewing its token doesn't need PKCE."""
    if not credential.app.pkce_required:
        return
    version = _n8n_version.known_version(credential)
    feature, bound = (GENERIC_PKCE, "1.0") if credential.has_generic_type else (PKCE, "1.85")
    if not has(feature, version):
        connected = brings_consent(credential)
        message = f"the app requires PKCE, but n8n {format_version(version)} doesn't send it"
        if connected:
            message += ": a new consent in n8n would fail"
        hint = (
            f"Update n8n to {bound} or later, or turn the requirement off in Salesforce and here "
            "(in some newer apps, that isn't possible)."
        )
        severity = Severity.WARNING if connected else None
        yield Problem(message, _n8n_version.ROUTE, hint, severity=severity)
