"""n8n's API refuses client credentials, so they can only be imported.

**Finds** a credential with client credentials for an `n8n.version` before 2.41.0. n8n's generic
credential (`n8n.type: oAuth2Api`) has fields for the flow, so the API takes it.

**Why it matters** Before 2.41.0, n8n's nodes use this flow if the credential itself says so. n8n's
import accepts the fields that say it, its API doesn't. So `sfcred push` leaves such a credential
out, and a pipeline that pushes never delivers it.

**How to fix it** Run `sfcred render` and n8n's `import:credentials`. If that is how you deliver it
anyway, add `doctor: {ignore: {SFC515: we import it with n8n's CLI}}`. If only HTTP Request nodes
use the credential, write `n8n.type: oAuth2Api`.

**Source** Run with n8n 0.236.0 to 2.41.1: the API answers "is not allowed to have the additional
property grantType".
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.ignoring import add_ignore
from sfcred.n8n.versions import format_version
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import needs_stored_urls

BAD = Example('n8n:\n  version: "2.40.5"\n', base="client_credentials")
GOOD = Example('n8n:\n  version: "2.40.5"\n  type: oAuth2Api\n', base="client_credentials")


@offline_check(
    "SFC515",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    flow="client_credentials",
    since="0.2.0",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Leave newer versions to SFC513: n8n ignores the fields there, however they get in."""
    version = credential.n8n.version
    if version is not None and needs_stored_urls(credential):
        message = (
            f"the API of n8n {format_version(version)} refuses the fields of client credentials, "
            "so `sfcred push` can't write them"
        )
        ignore = add_ignore(credential, "SFC515", "we import it with n8n's CLI")
        hint = (
            f"Run `sfcred render {credential.chosen}` and n8n's "
            f"import:credentials. If you always do, {ignore}."
        )
        yield Problem(message, ("n8n", "version"), hint)
