"""A callback URL of the app is nearly n8n's, but not exactly.

**Finds** a URL that differs from n8n's callback in its scheme, host, port, path, case or slashes.

**Why it matters** Salesforce compares callback URLs exactly, and answers `redirect_uri_mismatch`.

**How to fix it** Correct the URL in Setup (External Client App Manager, the app, Settings, OAuth
Settings, Callback URL; Connected App: App Manager, the app, Edit) and in the spec. If n8n's own URL
is wrong, set N8N_EDITOR_BASE_URL or WEBHOOK_URL for n8n.

**Source** RFC 6749, section 3.1.2.3 and RFC 3986, section 6.2.1 (simple string comparison).
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.callbacks import ROUTE, absent_callbacks, given_callbacks, where
from sfcred.resolve.credential import Credential
from sfcred.text.redact import public_address, show_address

BAD = Example(
    "app:\n  callback_urls: [https://n8n.acme.com/rest/oauth2-credential/callback/]\n",
    base="oauth2",
)
GOOD = Example(
    "app:\n  callback_urls:\n    - https://n8n.acme.com/rest/oauth2-credential/callback\n"
    "    - https://n8n.acme.com/rest/oauth2-credential/callback/\n",
    base="oauth2",
)


@offline_check(
    "SFC302",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="oauth2",
    since="0.1.0",
    follows=("SFC305", "SFC306"),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Report which parts differ."""
    for absent in absent_callbacks(credential):
        if absent.near is not None:
            wanted = show_address(absent.wanted)
            both = (absent.wanted, given_callbacks(credential)[absent.near])
            # A part of an address that isn't shown must not show up as a difference, either. Of a
            # query and of white space, a difference has no words.
            is_public = all(public_address(url) == url for url in map(_before_query, both))
            part = absent.difference if is_public else "a part that isn't shown here"
            message = f"this URL differs from n8n's callback {wanted} in {part}"
            hint = absent.hint(f"Use n8n's URL, here and in Setup ({where(credential)}).")
            yield Problem(message, (*ROUTE, absent.near), hint)


def _before_query(url: str) -> str:
    return re.split("[?#]", url.strip())[0]
