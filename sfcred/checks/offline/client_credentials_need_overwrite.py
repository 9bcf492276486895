"""n8n needs an overwrite to use client credentials, or can't use them at all.

**Finds** a credential with client credentials, and an `n8n.version` of 2.41.0 or later, or none, or
an n8n on n8n Cloud. n8n's generic credential (`n8n.type: oAuth2Api`) supports the flow itself.

**Why it matters** n8n doesn't offer this flow in its Salesforce credentials. Before 2.41.0, its
nodes use it if the imported credential says so, and `sfcred render` writes that. From 2.41.0 on,
n8n ignores what the credential says and tries to renew the token as after a consent, at a general
login host. Only an overwrite for the whole instance changes that. So an update from 2.40 to 2.41
stops a credential that worked. n8n Cloud has no overwrite and no import of such a credential.

**How to fix it** It depends on n8n:

- **On n8n Cloud**, Salesforce nodes can't use this flow. Use the JWT flow, which is unattended as
  well, or a self-hosted n8n. If only HTTP Request nodes use the credential, write
  `n8n.type: oAuth2Api`.
- **Without `n8n.version`**, set it first. Before 2.41.0, there is nothing else to do.
- **From 2.41.0 on**, set the overwrite if that n8n has no other Salesforce OAuth2 credential,
  because it turns all of them into client credentials for this org (SFC514). Run `sfcred render
  --target n8n-overwrite`, and start n8n with the result. Then add `doctor: {ignore: {SFC513: the
  overwrite is set in n8n's environment}}` to the spec, so that `sfcred render` and `sfcred push`
  write the credential itself. Set the overwrite before you update n8n from 2.40. Otherwise use the
  JWT flow, or `n8n.type: oAuth2Api` if only HTTP Request nodes use the credential.

**Source** Run with n8n 2.40.5 and 2.41.1, the latter with and without the overwrite; n8n pull
requests 38697 (stored fields) and 25856 (the option, still open).
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.checks.lib.ignoring import add_ignore
from sfcred.n8n.versions import format_version
from sfcred.resolve.client_credentials import way_to_log_in
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import NOT_ON_CLOUD, instead_of_push
from sfcred.spec.source import Route
from sfcred.text.printable import sentence

BAD = Example('n8n:\n  version: "2.41.0"\n', base="client_credentials")
GOOD = Example('n8n:\n  version: "2.40.7"\n', base="client_credentials")

_OVERWRITE = (
    "run `sfcred render --target n8n-overwrite` and start n8n with it: it changes every Salesforce "
    "OAuth2 credential there. Then {ignore}. Or use the JWT flow or, for HTTP "
    "Request nodes only, n8n.type: oAuth2Api."
)


@offline_check(
    "SFC513",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="client_credentials",
    since="0.2.0",
    answered_by=("n8n-overwrite",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Treat an unknown version as a new one, and make that clear in the message."""
    if credential.has_generic_type:
        return
    version, way = credential.n8n.version, way_to_log_in(credential)
    reason = "the overwrite is set in n8n's environment"
    overwrite = _OVERWRITE.format(ignore=add_ignore(credential, "SFC513", reason))
    if way is None:
        yield Problem(NOT_ON_CLOUD, _flow(credential), f"{sentence(instead_of_push(credential))}.")
    elif version is None:
        message = "n8n.version is not set, and n8n from 2.41.0 on needs an overwrite for this flow"
        line, shown = _n8n_version.addition(credential), _n8n_version.where_shown(credential)
        hint = f"Add {line}, with your n8n's version: before 2.41.0, nothing else is needed. "
        hint += f"{sentence(shown)}. From 2.41.0 on, {overwrite}"
        yield Problem(message, _n8n_version.where_missing(credential), hint)
    elif way == "overwrite":
        message = (
            f"n8n {format_version(version)} only uses client credentials if "
            "CREDENTIALS_OVERWRITE_DATA says so for the whole instance"
        )
        yield Problem(message, _n8n_version.ROUTE, sentence(overwrite))


def _flow(credential: Credential) -> Route:
    """Return where the spec chooses the flow."""
    return ("flow",) if credential.spec.flow else ("client_credentials",)
