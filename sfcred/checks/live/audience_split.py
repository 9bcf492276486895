"""The login works only with an audience that n8n can't send.

**Finds** an org that refuses its own address as the audience, and accepts login.salesforce.com or
test.salesforce.com at that same address.

**Why it matters** n8n sends one and the same URL as audience and as token host, so its login fails,
though the key, the certificate and the user are right. Some Government Cloud orgs are like this.

**How to fix it** Try n8n's credential without My Domain URL (a spec without `my_domain`): then host
and audience are both the general one; External Client Apps are usually refused there. Or use the
OAuth2 flow, which has no audience. Tell Salesforce and n8n of it.

**Source** Issue 711 of simple-salesforce, issues 674 and 886 of restforce; n8n-nodes-base 2.41,
SalesforceJwtApi.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, ORGANIZATION, TOKEN, USER, login, refusal

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example(
    "{}\n", replies=(refusal("invalid_grant", "audience is invalid"), TOKEN, ORGANIZATION, USER)
)
GOOD = Example("{}\n", replies=ALL_IS_WELL)


@live_check("SFC908", Severity.ERROR, bad=BAD, good=GOOD)
def check(live: "Live") -> Iterator[Problem]:
    """A later attempt at the same host gained a token."""
    if login(live) is None or live.visit.token is None or len(live.visit.attempts) == 1:
        return
    accepted = live.visit.attempts[-1]
    if accepted.host == live.visit.host:
        message = (
            f"the org refuses its own address as the audience and accepts {accepted.audience}, "
            "which n8n can't send to a My Domain"
        )
        hint = (
            "Try the spec without `my_domain` (not for an External Client App), or use the OAuth2 "
            "flow, which has no audience."
        )
        yield Problem(message, ("my_domain",), hint)
