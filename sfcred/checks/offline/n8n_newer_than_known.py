"""n8n is newer than the last version that sfcred was tested with.

**Finds** an `n8n.version` of a later release than the newest one that this version of sfcred was
run with. A patch release (2.41.3 after 2.41.1) counts as the same.

**Why it matters** n8n changes how it logs in to Salesforce: 2.41.0, for example, ignores the login
URLs that earlier versions use. sfcred judges a newer n8n like the newest one that it knows, so what
it says about n8n is likely, but nobody has tried it.

**How to fix it** Update sfcred, if there is a newer version of it. Until then, run one workflow
with the credential after you update n8n, before you rely on it.

**Source** sfcred's table of n8n versions; its end-to-end tests run the newest version in it.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.n8n.versions import NEWEST_RUN, format_version
from sfcred.resolve.credential import Credential

BAD = Example('n8n:\n  version: "2.42.0"\n')
GOOD = Example('n8n:\n  version: "2.41.9"\n')


@offline_check("SFC516", Severity.INFO, bad=BAD, good=GOOD, since="0.2.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Compare releases without their patches, which come every few days."""
    version = credential.n8n.version
    if version is not None and version[:2] > NEWEST_RUN[:2]:
        message = (
            f"n8n {format_version(version)} is newer than {format_version(NEWEST_RUN)}, the newest "
            "version that this sfcred was tested with"
        )
        hint = "Look for a newer sfcred. Until then, try a workflow after you update n8n."
        yield Problem(message, ("n8n", "version"), hint)
