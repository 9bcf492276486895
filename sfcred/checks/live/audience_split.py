"""The login works only with an audience that n8n can't send.

**Finds** an org that refuses its own address as the audience, but accepts login.salesforce.com or
test.salesforce.com as the audience at that same address.

**Why it matters** n8n sends the same URL as audience and as token host, so its login fails even
though the key, the certificate and the user are right. Some Government Cloud orgs behave like this.

**How to fix it** Use the OAuth2 flow, which has no audience. Or try n8n's credential without My
Domain URL (a spec without `my_domain`): host and audience are then both the general login host,
which usually refuses External Client Apps. Report it to Salesforce and n8n.

**Source** Issue 711 of simple-salesforce, issues 674 and 886 of restforce; n8n-nodes-base 2.41,
SalesforceJwtApi.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, live_check
from sfcred.checks.lib.live import (
    ALL_IS_WELL,
    ORGANIZATION,
    TOKEN,
    USER,
    login,
    refusal,
    split_audience,
)

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example(
    "{}\n", replies=(refusal("invalid_grant", "audience is invalid"), TOKEN, ORGANIZATION, USER)
)
GOOD = Example("{}\n", replies=ALL_IS_WELL)


@live_check("SFC908", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(live: "Live") -> Iterator[Problem]:
    """Find a later attempt that got a token from the same host."""
    accepted = split_audience(live) if login(live) is not None else None
    if accepted is not None:
        message = (
            f"the org refuses its own address as the audience but accepts {accepted.audience}, "
            "which n8n can't send to a My Domain"
        )
        hint = (
            "Use the OAuth2 flow, which has no audience. For a Connected App, you can also try the "
            "spec without `my_domain`."
        )
        yield Problem(message, ("my_domain",), hint)
