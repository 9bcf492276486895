"""The authority sends the login to another host.

**Finds** a token endpoint that answers with a redirect. It is named and not followed: a login's
secrets go to the address of the spec and nowhere else.

**Why it matters** The address is probably an old one: a My Domain that was renamed, or one from
before enhanced domains. Salesforce has been ending the redirects of old addresses, and a POST
that is redirected usually arrives without its body.

**How to fix it** Write the address of Setup, My Domain, Current My Domain URL, as `my_domain`.

**Source** RFC 9110, section 15.4; the redirect settings in the Metadata API's MyDomainSettings.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Reply, Severity, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, login
from sfcred.redact import show

if TYPE_CHECKING:
    from sfcred.live.visit import Live

_AWAY = Reply(
    status=301,
    headers={"location": "https://new--uat.sandbox.my.salesforce.com/services/oauth2/token"},
)
BAD = Example("{}\n", replies=(_AWAY,))
GOOD = Example("{}\n", replies=ALL_IS_WELL)


@live_check("SFC911", Severity.ERROR, bad=BAD, good=GOOD)
def check(live: "Live") -> Iterator[Problem]:
    """Where to, if the answer says it."""
    from sfcred.oauth.token import Redirected

    attempt = login(live)
    if attempt is None or not isinstance(attempt.outcome, Redirected):
        return
    target = f"to {show(attempt.outcome.host)}" if attempt.outcome.host else "without saying where"
    message = f"the token endpoint redirects {target}; sfcred doesn't follow with a login"
    hint = "Take the org's current address from Setup, My Domain, Current My Domain URL."
    yield Problem(message, ("my_domain",), hint)
