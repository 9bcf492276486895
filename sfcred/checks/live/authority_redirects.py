"""The token endpoint redirects to another host.

**Finds** a token endpoint that answers with a redirect. sfcred reports the redirect but doesn't
follow it: a login's secrets go to the address in the spec and nowhere else.

**Why it matters** The address is probably outdated: the My Domain was renamed, or the address
predates enhanced domains. Salesforce has been ending the redirects of old addresses, and a
redirected POST usually arrives without its body.

**How to fix it** Set `my_domain` to the address in Setup, My Domain, Current My Domain URL.

**Source** RFC 9110, section 15.4; the redirect settings in the Metadata API's MyDomainSettings.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, ExampleReply, Problem, Severity, Trait, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, login
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.live.visit import Live

_AWAY = ExampleReply(
    status=301,
    headers={"location": "https://new--uat.sandbox.my.salesforce.com/services/oauth2/token"},
)
BAD = Example("{}\n", replies=(_AWAY,))
GOOD = Example("{}\n", replies=ALL_IS_WELL)


@live_check(
    "SFC911", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0", traits=(Trait.JUDGES_CONSENT,)
)
def check(live: "Live") -> Iterator[Problem]:
    """Name the target, if the answer has one."""
    from sfcred.oauth.token import Redirected

    attempt = login(live)
    if attempt is None or not isinstance(attempt.outcome, Redirected):
        return
    target = f"to {show(attempt.outcome.host)}" if attempt.outcome.host else "without a target"
    message = f"the token endpoint redirects {target}; sfcred doesn't follow redirects"
    hint = "Copy the org's current address from Setup, My Domain, Current My Domain URL."
    yield Problem(message, ("my_domain",), hint)
