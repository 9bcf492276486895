"""n8n before 1.90 doesn't read its own secrets when you connect an OAuth2 credential.

**Finds** an OAuth2 credential without `oauth2.refresh_token`, whose Consumer Key or Consumer Secret
is a reference `{n8n: …}`, and an `n8n.version` before 1.90.0.

**Why it matters** When you press Connect my account, n8n before 1.79.0 leaves such a field empty in
the authorize URL, and n8n before 1.90.0 leaves it empty when it exchanges the code for tokens. So
Salesforce refuses the login, although the secret is in the store.

**How to fix it** Update n8n to 1.90.0 or later. Until then, let sfcred read the value (`{env: …}`,
`{file: …}`).

**Source** n8n 1.76.1, 1.78.1, 1.79.0, 1.88.0 and 1.94.1 (controllers/oauth); n8n pull requests
13110 and 14711.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.n8n.versions import SECRETS_AT_CONNECT, format_version, has
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import brings_consent
from sfcred.spec.source import route_text

_SECRET = 'oauth2:\n  client_secret: {n8n: "$secrets.vault.acme"}\n  refresh_token: null\n'
BAD = Example(f'{_SECRET}n8n:\n  version: "1.88.0"\n', base="oauth2")
GOOD = Example(f'{_SECRET}n8n:\n  version: "1.90.0"\n', base="oauth2")


@offline_check("SFC517", Severity.ERROR, bad=BAD, good=GOOD, flow="oauth2", since="0.2.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check only what needs the Connect button: with a consent in the spec, nobody presses it."""
    if brings_consent(credential):
        return
    references = _n8n_version.n8n_references(credential)
    if not references or has(SECRETS_AT_CONNECT, _n8n_version.known_version(credential)):
        return
    version = format_version(_n8n_version.known_version(credential))
    for route, _reference in references:
        name = route_text(route)
        message = f"n8n {version} leaves {name} empty when you press Connect my account"
        hint = "Update n8n to 1.90 or later, or use a reference that sfcred reads."
        yield Problem(message, route, hint)
