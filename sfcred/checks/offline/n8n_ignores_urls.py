"""From 2.41.0 on, n8n ignores My Domain for OAuth2.

**Finds** an OAuth2 credential with `my_domain`, and an `n8n.version` of 2.41.0 or later, or none.
For an External Client App it is an error, otherwise a warning.

**Why it matters** n8n's OAuth2 credential has no field for My Domain. Up to 2.40, `sfcred render`
stores the authorize and token URLs in the credential, and n8n uses them. From 2.41.0 on, n8n drops
stored URLs and uses login.salesforce.com or test.salesforce.com, depending on the Environment Type,
both for the consent and to renew the token. These hosts usually refuse External Client Apps.

**How to fix it** Use the JWT flow, whose credential has the field "My Domain URL". Or set the URLs
for the whole n8n instance: `sfcred render --target n8n-overwrite` writes the value of
CREDENTIALS_OVERWRITE_DATA, which applies to every Salesforce OAuth2 credential of that n8n. In that
case, add SFC502 to `doctor.ignore`, with this reason. Or stay on n8n 2.40.

**Source** Tested with n8n 2.40.5 and 2.41.1, the latter with and without the overwrite; n8n pull
request 38697.
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
    "Use the JWT flow, which supports my_domain. Or set the URLs for the whole instance with "
    "`sfcred render --target n8n-overwrite`, and add SFC502 to doctor.ignore."
)


@offline_check(
    "SFC502", Severity.WARNING, bad=BAD, good=GOOD, since="0.1.0", answered_by=("n8n-overwrite",)
)
def check(credential: Credential) -> Iterator[Problem]:
    """Treat an unknown version as a new one, and make that clear in the message."""
    if credential.flow != "oauth2" or not _n8n_version.has_my_domain(credential):
        return
    version = credential.n8n.version
    if has(STORED_OAUTH_URLS, version):
        return
    subject = f"n8n {format_version(version)}" if version else "n8n from 2.41.0 on"
    host = generic_host(credential.spec.environment)
    message = f"{subject} ignores my_domain for OAuth2 and uses {host}"
    severity = None
    if credential.is_external_client_app:
        message += ", which usually refuses External Client Apps"
        severity = Severity.ERROR
    yield Problem(message, ("my_domain",), _HINT, severity=severity)
