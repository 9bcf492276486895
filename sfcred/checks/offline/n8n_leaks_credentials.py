"""n8n has a published fault in this version that hands out credentials.

**Finds** an `n8n.version` with a published security advisory after which people can read or use
credentials that aren't theirs.

**Why it matters** Whoever uses the fault gets this credential, and with it the access to the org
that the integration user has. How well the credential is set up doesn't matter then.

**How to fix it** Update n8n to the version in the message, and change `n8n.version`. If others had
access to that n8n, replace the secrets: upload a new certificate or create a new Consumer Secret in
the app's OAuth settings, and revoke the old consent (Setup, OAuth Usage). sfcred's table has a
date, and newer advisories aren't in it: follow https://github.com/n8n-io/n8n/security/advisories.

**Source** GitHub's advisory database: GHSA-v4pr-fm98-w9pg, GHSA-r4v6-9fqc-w5jr,
GHSA-pmqw-72cg-wx85 and GHSA-6qc9-mqvw-jg7x; NVD, CVE-2026-42226.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.n8n.advisories import LAST_CHECKED, advisories_of, safe_version
from sfcred.n8n.versions import format_version
from sfcred.resolve.credential import Credential

BAD = Example('n8n:\n  version: "2.32.0"\n')
GOOD = Example('n8n:\n  version: "2.32.1"\n')


@offline_check("SFC512", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Look the version up in the table of advisories."""
    version = _n8n_version.known_version(credential)
    found = advisories_of(version)
    if not found:
        return
    faults = "; ".join(f"{one.what} ({one.id})" for one in found)
    message = (
        f"n8n {format_version(version)} has published faults that hand out credentials: {faults}; "
        f"by sfcred's table of {LAST_CHECKED}"
    )
    hint = f"Update n8n to {format_version(safe_version(version))} or later."
    yield Problem(message, _n8n_version.ROUTE, hint)
