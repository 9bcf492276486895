"""The app lacks a callback URL that n8n Cloud can use.

**Finds** a credential for n8n Cloud whose app lacks one of the two callback URLs seen there: the
shared `https://oauth.n8n.cloud/oauth2/callback` and the workspace's own.

**Why it matters** Which of the two n8n Cloud sends has changed over time and differs by plan. If
the app lacks it, the login ends with `redirect_uri_mismatch`.

**How to fix it** List both in Setup (External Client App Manager, the app, Settings, OAuth
Settings, Callback URL) and in the spec. n8n's credential window shows the one it uses now.

**Source** Users' reports in the n8n issues 15424, 19993 and 23752.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.callbacks import ROUTE, absent_callbacks, where
from sfcred.resolve.credential import Credential
from sfcred.text.redact import show_address

_CLOUD = (
    "n8n:\n  deployment: cloud\n  url: https://acme.app.n8n.cloud\n  version: '2.41.1'\n"
    "app:\n  ip_relaxation: bypass\n"
)
BAD = Example(
    _CLOUD + "  callback_urls: [https://acme.app.n8n.cloud/rest/oauth2-credential/callback]\n",
    base="oauth2",
)
GOOD = Example(
    _CLOUD + "  callback_urls:\n    - https://oauth.n8n.cloud/oauth2/callback\n"
    "    - https://acme.app.n8n.cloud/rest/oauth2-credential/callback\n",
    base="oauth2",
)


@offline_check(
    "SFC304",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="oauth2",
    follows=("SFC305",),
    since="0.1.0",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Report missing callbacks; SFC302 reports near misses."""
    if not credential.n8n.is_cloud:
        return
    for absent in absent_callbacks(credential):
        if absent.near is None:
            message = f"n8n Cloud can use {show_address(absent.wanted)}, which the app doesn't list"
            yield Problem(message, ROUTE, f"Add it in Setup ({where(credential)}) and here.")
