"""Some versions of n8n replace a reference to a secret with the secret itself.

**Finds** a credential with a reference `{n8n: …}`, and an `n8n.version` that replaces it: for JWT
2.28 up to 2.33, for OAuth2 and client credentials anything before 1.102.1.

**Why it matters** These versions keep the access token in the credential. When they store it, they
store the whole credential with it, which replaces the expression with the resolved value. JWT does
so at first use, the other flows whenever n8n gets a token. The secret is then in n8n's database and
its exports, and changes in the vault no longer reach n8n.

**How to fix it** Update n8n, for JWT to 2.34.0 or later, and import the credential again, which
restores the expression. Until then, let sfcred read the value (`{env: …}`, `{file: …}`). If the
credential was already used, replace the secret: for JWT, upload a new certificate in the app's
OAuth settings in Salesforce (External Client App Manager, or App Manager for a Connected App). For
the other flows, rotate the Consumer Secret there.

**Source** n8n 2.30.8, 2.33.7 (with the fault) and 2.34.0 (without), n8n pull request 35064. For
OAuth2 n8n 1.101.1 (with) and 1.104.2 (without), read with their n8n-core; n8n pull request 17135.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.n8n.versions import OAUTH_WRITEBACK, SECRET_WRITEBACK, format_version, has
from sfcred.resolve.credential import Credential
from sfcred.text.redact import show

BAD = Example('jwt:\n  private_key: {n8n: "$secrets.vault.acme_key"}\nn8n:\n  version: "2.33.7"\n')
GOOD = Example('jwt:\n  private_key: {n8n: "$secrets.vault.acme_key"}\nn8n:\n  version: "2.34.0"\n')


@offline_check("SFC506", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check only references that n8n resolves: others don't depend on the version."""
    references = _n8n_version.n8n_references(credential)
    if not references:
        return
    is_jwt = credential.flow == "jwt"
    feature = SECRET_WRITEBACK if is_jwt else OAUTH_WRITEBACK
    if not has(feature, _n8n_version.known_version(credential)):
        return
    version = format_version(_n8n_version.known_version(credential))
    when = "at first use" if is_jwt else "when it gets a token"
    for route, reference in references:
        message = (
            f"n8n {version} replaces {show(reference.locator)} with its value {when}, and "
            "stores that in its database"
        )
        bound = format_version(feature.until or (0, 0, 0))
        hint = f"Update n8n to {bound} or later, or use a reference that sfcred reads."
        yield Problem(message, route, hint)
