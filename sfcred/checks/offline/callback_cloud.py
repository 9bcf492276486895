"""n8n Cloud uses other callback URLs than those that the app lists.

**Finds** a credential for n8n Cloud whose app lacks one of the two callback URLs seen there: the
common `https://oauth.n8n.cloud/oauth2/callback` and the workspace's own.

**Why it matters** Which of the two n8n Cloud sends has changed over time and between plans. The
wrong one ends in `redirect_uri_mismatch`.

**How to fix it** List both in Setup (External Client App Manager, the app, Settings, OAuth
Settings, Callback URL) and here. n8n's credential window shows the one that it uses now.

**Source** n8n issues 15424, 19993 and 23752: reports, so "usually".
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.callbacks import ROUTE, absent_callbacks, where
from sfcred.redact import show_address
from sfcred.resolve.credential import Credential

_CLOUD = (
    "n8n:\n  deployment: cloud\n  url: https://acme.app.n8n.cloud\napp:\n  ip_relaxation: bypass\n"
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


@offline_check("SFC304", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Near misses are SFC302's."""
    if credential.flow != "oauth2" or credential.n8n.deployment != "cloud":
        return
    for absent in absent_callbacks(credential):
        if absent.near is None:
            message = f"n8n Cloud may use {show_address(absent.wanted)}, which the app doesn't list"
            yield Problem(message, ROUTE, f"Add it in Setup ({where(credential)}) and here.")
