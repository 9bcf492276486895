"""From 2.41.0 on n8n ignores My Domain for OAuth2.

**Finds** an OAuth2 credential with `my_domain`, and an `n8n.version` of 2.41.0 or later, or none.
It is an error for an External Client App, else a warning.

**Why it matters** n8n's OAuth2 credential has no field for My Domain. Up to 2.40 `sfcred render`
stores the authorize and token URLs in the credential, and n8n uses them. From 2.41.0 on n8n drops
stored URLs and goes to login.salesforce.com or test.salesforce.com, by its Environment Type: for
the consent, and each time that it renews the token. External Client Apps are usually refused
there.

**How to fix it** Either use the JWT flow, whose credential has the field "My Domain URL". Or set
the URLs for the whole n8n instance: `sfcred render --target n8n-overwrite` writes what belongs
into CREDENTIALS_OVERWRITE_DATA; it holds for every Salesforce OAuth2 credential of that n8n. Then
note under `doctor.ignore` that SFC502 is taken care of. Or stay with n8n 2.40.

**Source** n8n 2.40.5 and 2.41.1, run, the latter with and without the overwrite; n8n pull request
38697.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.n8n.versions import STORED_OAUTH_URLS, format_version, has
from sfcred.resolve.authority import generic_host
from sfcred.resolve.credential import Credential

BAD = Example('n8n:\n  version: "2.41.0"\n', base="oauth2")
GOOD = Example('n8n:\n  version: "2.40.7"\n', base="oauth2")

_HINT = (
    "Use the JWT flow, which has my_domain, or set the URLs for the whole instance with `sfcred "
    "render --target n8n-overwrite` and note that under doctor.ignore."
)


@offline_check("SFC502", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """An unknown version is taken for a new one, and the message says so."""
    if credential.flow != "oauth2" or not _n8n_version.has_my_domain(credential):
        return
    version = credential.n8n.version
    if has(STORED_OAUTH_URLS, version):
        return
    subject = f"n8n {format_version(version)}" if version else "n8n from 2.41.0 on"
    host = generic_host(credential.spec.environment or "production")
    message = f"{subject} ignores my_domain for OAuth2 and goes to {host}"
    severity = None
    if credential.is_external_client_app:
        message += ", where External Client Apps are usually refused"
        severity = Severity.ERROR
    yield Problem(message, ("my_domain",), _HINT, severity=severity)
