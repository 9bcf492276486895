"""Refresh tokens rotate, but more than one holder uses the same one.

**Finds** `refresh_token_rotation: true` in a spec that declares the refresh token, so that n8n is
not its only holder, or with an n8n before 2.29 in queue mode (EXECUTIONS_MODE=queue in
`n8n.env_file`).

**Why it matters** With rotation, each use invalidates the token and returns a new one. A second
holder (the place that the spec refers to, or another worker in queue mode) then uses an invalid
token, and Salesforce can revoke the whole consent. From 2.29 on, n8n's processes take a lock and
use the newest token.

**How to fix it** Turn off "Enable Refresh Token Rotation" in the app's OAuth settings. Or remove
`refresh_token` from the spec and connect only in n8n. In queue mode, update n8n.

**Source** RFC 9700, section 4.14.2; Metadata API, isRefreshTokenRotationEnabled; n8n 2.28.6
(without the lock), and the release notes of n8n 2.29.0.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.n8n.settings import is_queue_mode
from sfcred.n8n.versions import REFRESH_LOCKED, format_version, has
from sfcred.resolve.credential import Credential
from sfcred.spec.source import Route

BAD = Example("app:\n  refresh_token_rotation: true\n", base="oauth2")
GOOD = Example(
    "app:\n  refresh_token_rotation: true\noauth2:\n  refresh_token: null\n", base="oauth2"
)


_ROUTE: Route = ("app", "refresh_token_rotation")


@offline_check("SFC609", Severity.WARNING, bad=BAD, good=GOOD, flow="oauth2", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Look for a second holder: the spec's reference, or other processes of n8n."""
    if not credential.app.refresh_token_rotation:
        return
    if credential.declared(("oauth2", "refresh_token")) is not None:
        message = "refresh tokens rotate, but more than one holder uses this one"
        hint = "Turn rotation off in the app's OAuth settings, or connect only in n8n."
        yield Problem(message, _ROUTE, hint)
        return
    if credential.environment is None or not is_queue_mode(credential.environment):
        return
    version = _n8n_version.known_version(credential)
    if not has(REFRESH_LOCKED, version):
        message = (
            f"refresh tokens rotate, and the workers of n8n {format_version(version)} in queue "
            "mode refresh them without a lock"
        )
        hint = "Update n8n to 2.29 or later, or turn rotation off in the app's OAuth settings."
        yield Problem(message, _ROUTE, hint)
