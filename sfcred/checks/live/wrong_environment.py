"""The org is a sandbox and the spec says production, or the reverse.

**Finds** an org whose Organization record has an IsSandbox that contradicts `environment`. Scratch
orgs count as sandboxes.

**Why it matters** Workflows meant for a sandbox would run in production, or the reverse. n8n also
chooses the login host by this field when it has no My Domain.

**How to fix it** Correct `environment`, or correct `my_domain` if you meant another org. In n8n,
the field is Environment Type.

**Source** The fields IsSandbox and TrialExpirationDate of the Organization object, which the
Salesforce CLI reads for the same purpose.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, Trait, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, token
from sfcred.errors import NotKnown

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example("environment: production\n", replies=ALL_IS_WELL)
GOOD = Example("environment: sandbox\n", replies=ALL_IS_WELL)


@live_check(
    "SFC905",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    since="0.2.0",
    follows=("SFC103",),
    traits=(Trait.JUDGES_CONSENT,),
)
def check(live: "Live") -> Iterator[Problem]:
    """Compare the environment with the org's own record."""
    if token(live) is None:
        return
    organization = live.visit.organization
    if organization is None:
        raise NotKnown(
            "the org's record could not be read", hint="See SFC910.", because_of=("SFC910",)
        )
    environment = "sandbox" if organization.is_sandbox else "production"
    if environment == live.credential.spec.environment:
        return
    kind = "a sandbox"
    if organization.is_sandbox and organization.is_trial:
        kind = "a scratch org"
    elif not organization.is_sandbox:
        kind = "not a sandbox"
    message = f"the org is {kind}, but the spec says {live.credential.spec.environment}"
    hint = f"Write `environment: {environment}`, or correct `my_domain`."
    yield Problem(message, ("environment",), hint)
