"""The org is a sandbox and the spec says production, or the other way round.

**Finds** an Organization record whose IsSandbox contradicts `environment`. Scratch orgs are
sandboxes in this sense.

**Why it matters** Somebody takes a production org for a sandbox. n8n also chooses the login host by
this field where it has no My Domain.

**How to fix it** Correct `environment`, or `my_domain` if the other org was meant. In n8n it is the
field Environment Type.

**Source** The fields IsSandbox and TrialExpirationDate of the Organization object, which the
Salesforce CLI reads for the same purpose.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, token
from sfcred.errors import NotKnown

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example("environment: production\n", replies=ALL_IS_WELL)
GOOD = Example("environment: sandbox\n", replies=ALL_IS_WELL)


@live_check("SFC905", Severity.ERROR, bad=BAD, good=GOOD, follows=("SFC103",))
def check(live: "Live") -> Iterator[Problem]:
    """By the org's own record."""
    if token(live) is None:
        return
    organization = live.visit.organization
    if organization is None:
        raise NotKnown("the org's record could not be read", hint="See SFC910.")
    environment = "sandbox" if organization.is_sandbox else "production"
    if environment == live.credential.spec.environment:
        return
    kind = "a sandbox"
    if organization.is_sandbox and organization.is_trial:
        kind = "a scratch org"
    elif not organization.is_sandbox:
        kind = "no sandbox"
    message = f"the org is {kind}, and the spec says {live.credential.spec.environment}"
    hint = f"Write `environment: {environment}`, or correct `my_domain`."
    yield Problem(message, ("environment",), hint)
