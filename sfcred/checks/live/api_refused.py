"""The login works, but the first API call is refused.

**Finds** a token that was granted, while a REST call (a query with API version 59.0, as n8n sends
it) or userinfo (which n8n calls to test a JWT credential) is answered with 401, 403 or 404.

**Why it matters** n8n shows the credential as fine, but every workflow fails. n8n logs in again
after each 401, so it can also use up the user's logins.

**How to fix it** Follow the hint. Usually the app lacks the scope `api`, or the user's profile
lacks API Enabled (Setup, Users, the user, Profile).

**Source** Salesforce REST API Developer Guide, "Status Codes and Error Responses"; n8n-nodes-base
2.41, GenericFunctions of the Salesforce node.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, ExampleReply, Problem, Severity, Trait, live_check
from sfcred.checks.lib.diagnosis import explain
from sfcred.checks.lib.live import ALL_IS_WELL, TOKEN, USER, require_reached, token
from sfcred.errors import NotKnown

if TYPE_CHECKING:
    from sfcred.live.visit import Live

_DISABLED = '[{"errorCode": "API_DISABLED_FOR_ORG", "message": "The REST API is not enabled"}]'
BAD = Example("{}\n", replies=(TOKEN, ExampleReply(_DISABLED, 403), USER))
GOOD = Example("{}\n", replies=ALL_IS_WELL)


@live_check(
    "SFC910",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    since="0.2.0",
    follows=("SFC204",),
    traits=(Trait.JUDGES_CONSENT,),
)
def check(live: "Live") -> Iterator[Problem]:
    """Report the refusal as received, and an org without n8n's API version."""
    if token(live) is not None and live.visit.api is not None:
        api = live.visit.api
        diagnosis = explain(live, api.error, api.description, api.step)
        call = "the first API call" if api.step == "rest" else "userinfo"
        said = f"{api.error}: {api.description}" if api.error and api.description else ""
        message = (
            f"the login works, but {call} is refused (HTTP {api.status}): "
            f"{said or api.error or api.description}{diagnosis.message}"
        )
        yield Problem(message, ("client_id",), diagnosis.hint, because_of=diagnosis.because_of)
    outside = live.visit.outside
    if outside is None:
        return
    if outside.versions is None:
        require_reached(live)
        raise NotKnown(
            "the list of the org's API versions could not be read",
            hint="Open /services/data at my_domain in a browser. It is public.",
        )
    yield from _version(outside.versions)


def _version(versions: frozenset[str]) -> Iterator[Problem]:
    from sfcred.live.org import API_VERSION

    if API_VERSION not in versions:
        message = f"the org's API lacks version {API_VERSION}, which n8n's Salesforce node calls"
        hint = "Check that my_domain is the address of a Salesforce org."
        yield Problem(message, ("my_domain",), hint)
