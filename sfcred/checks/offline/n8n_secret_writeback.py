"""An n8n from 2.29.2 to 2.33 puts the secret in the place of a reference to it.

**Finds** a JWT credential with a reference `{n8n: …}`, and an `n8n.version` from 2.29.2 up to
2.33.

**Why it matters** These versions keep the access token in the credential. When they store it for
the first time, they store the whole credential with it, and the expression is replaced by the
resolved value. The secret is then in n8n's database and its exports, and a change in the vault no
longer arrives.

**How to fix it** Update n8n to 2.34.0 or later, and import the credential anew, which puts the
expression back. Or let sfcred read the value (`{env: …}`, `{file: …}`) as long as this version is
in use. If the credential was used already, replace the key: in Salesforce, upload a new
certificate in the app's OAuth settings (External Client App Manager, or App Manager for a
Connected App).

**Source** n8n 2.30.8, 2.33.7 (with the fault) and 2.34.0 (without); n8n pull request 35064.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.n8n.versions import SECRET_WRITEBACK, format_version, has
from sfcred.redact import show
from sfcred.resolve.credential import Credential

BAD = Example('jwt:\n  private_key: {n8n: "$secrets.vault.acme_key"}\nn8n:\n  version: "2.33.7"\n')
GOOD = Example('jwt:\n  private_key: {n8n: "$secrets.vault.acme_key"}\nn8n:\n  version: "2.34.0"\n')


@offline_check("SFC506", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """The version matters only where something is n8n's to resolve."""
    if credential.flow != "jwt":
        return
    references = _n8n_version.n8n_references(credential)
    if not references or not has(SECRET_WRITEBACK, _n8n_version.known_version(credential)):
        return
    version = format_version(_n8n_version.known_version(credential))
    for route, reference in references:
        message = (
            f"n8n {version} replaces {show(reference.locator)} by its value at first use and keeps "
            "that in its database"
        )
        hint = "Update n8n to 2.34.0 or later, or use a reference that sfcred reads."
        yield Problem(message, route, hint)
