"""n8n ignores My Domain for OAuth2: from 2.41.0 on, and on n8n Cloud.

**Finds** an OAuth2 credential with `my_domain`, and an `n8n.version` of 2.41.0 or later, or none,
or any version on n8n Cloud. n8n's generic credential (`n8n.type: oAuth2Api`) is not concerned: it
has fields for the URLs.

**Why it matters** n8n's OAuth2 credential has no field for My Domain. Up to 2.40, `sfcred render`
stores the authorize and token URLs in the credential, and n8n uses them. From 2.41.0 on, n8n drops
stored URLs and uses login.salesforce.com or test.salesforce.com, depending on the Environment Type,
both for the consent and to renew the token. This usually works, also for External Client Apps. It
fails if the org only allows logins at its My Domain (Setup, My Domain, Policies), and the consent
page can open in another org that the browser is logged in to. n8n Cloud can't import such URLs at
all, and its API refuses them.

**How to fix it** If the org allows the general hosts, there is nothing to do: connect in a private
browser window, and add `doctor: {ignore: {SFC502: the org allows general hosts}}`. Otherwise use
the JWT flow, whose credential has the field "My Domain URL". Or set the URLs for the whole n8n
instance: `sfcred render --target n8n-overwrite` writes the value of CREDENTIALS_OVERWRITE_DATA,
which applies to every Salesforce OAuth2 credential of that n8n. Or stay on n8n 2.40. If only HTTP
Request nodes use the credential, write `n8n.type: oAuth2Api`. On n8n Cloud, only that and the JWT
flow set the address.

**Source** Tested with n8n 2.40.5 and 2.41.1, the latter with and without the overwrite; n8n pull
request 38697; Salesforce's guide to hosted MCP servers, which uses the general hosts with External
Client Apps.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.checks.lib.ignoring import add_ignore
from sfcred.n8n.versions import STORED_OAUTH_URLS, format_version, has
from sfcred.resolve.authority import generic_host
from sfcred.resolve.credential import Credential

BAD = Example('n8n:\n  version: "2.41.0"\n', base="oauth2")
GOOD = Example('n8n:\n  version: "2.40.7"\n', base="oauth2")

_IGNORE = "If the org allows that (Setup, My Domain, Policies), {}."
_OVERWRITE = (
    "Otherwise use the JWT flow or, for HTTP Request nodes only, n8n.type: oAuth2Api. Or set the "
    "URLs for the whole instance with `sfcred render --target n8n-overwrite`."
)
_CLOUD = (
    "Otherwise use the JWT flow or, for HTTP Request nodes only, n8n.type: oAuth2Api: on n8n "
    "Cloud, nothing else sets the address."
)


@offline_check(
    "SFC502",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    flow="oauth2",
    since="0.1.0",
    answered_by=("n8n-overwrite",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Treat an unknown version as a new one, and make that clear in the message."""
    if credential.has_generic_type:
        return
    if not _n8n_version.has_my_domain(credential):
        return
    is_cloud = credential.n8n.is_cloud
    if has(STORED_OAUTH_URLS, credential.n8n.version) and not is_cloud:
        return
    host = generic_host(credential.spec.environment)
    message = f"{_subject(credential)} ignores my_domain for OAuth2 and uses {host}"
    message += ", which fails if the org only allows logins at its My Domain"
    ignore = _IGNORE.format(add_ignore(credential, "SFC502", "the org allows general hosts"))
    yield Problem(message, ("my_domain",), f"{ignore} {_CLOUD if is_cloud else _OVERWRITE}")


def _subject(credential: Credential) -> str:
    if credential.n8n.is_cloud:
        return "n8n Cloud"
    version = credential.n8n.version
    return f"n8n {format_version(version)}" if version else "n8n from 2.41.0 on"
