"""n8n before 2.20.0 doesn't support My Domain for the JWT flow.

**Finds** a JWT credential with `my_domain`, and an `n8n.version` before 2.20.0.

**Why it matters** The JWT credential has the field "My Domain URL" from n8n 2.20.0 on. Earlier
versions drop the value without a warning and log in at login.salesforce.com or test.salesforce.com,
which usually refuse External Client Apps (`app_not_found`).

**How to fix it** Update n8n to 2.20.0 or later, and correct `n8n.version`. Until then, only a
Connected App is likely to work, through the general login host.

**Source** n8n-nodes-base 2.19.0 (without the field) and 2.20.0 (with it); n8n issue 28990.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.n8n.versions import MY_DOMAIN_JWT, format_version, has
from sfcred.resolve.authority import generic_host
from sfcred.resolve.credential import Credential

BAD = Example('n8n:\n  version: "2.19.5"\n')
GOOD = Example('n8n:\n  version: "2.20.0"\n')


@offline_check("SFC501", Severity.ERROR, bad=BAD, good=GOOD, flow="jwt", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check only a my_domain that differs from the general login host."""
    if not _n8n_version.has_my_domain(credential):
        return
    version = _n8n_version.known_version(credential)
    if not has(MY_DOMAIN_JWT, version):
        host = generic_host(credential.spec.environment)
        message = (
            f"n8n {format_version(version)} ignores my_domain and logs in at {host}: its JWT "
            "credential doesn't have the field yet"
        )
        yield Problem(message, _n8n_version.ROUTE, "Update n8n to 2.20.0 or later.")
