"""The login works, and the first API call is refused.

**Finds** a token that was granted, and a REST call (a query with the version that n8n asks, v59.0)
or userinfo (what the Test button of n8n's JWT credential asks) that is answered with 401, 403 or
404.

**Why it matters** n8n shows its login as fine, and every workflow fails. n8n logs in again after
each 401, so it can also use up the user's logins.

**How to fix it** Follow the hint: usually the app lacks the scope `api`, or the user's profile
lacks API Enabled (Setup, Users, the user, Profile).

**Source** Salesforce REST API Developer Guide, "Status Codes and Error Responses"; n8n-nodes-base
2.41, GenericFunctions of the Salesforce node.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Reply, Severity, live_check
from sfcred.checks.lib.diagnosis import explain
from sfcred.checks.lib.live import ALL_IS_WELL, TOKEN, USER, token

if TYPE_CHECKING:
    from sfcred.live.visit import Live

_DISABLED = '[{"errorCode": "API_DISABLED_FOR_ORG", "message": "The REST API is not enabled"}]'
BAD = Example("{}\n", replies=(TOKEN, Reply(_DISABLED, 403), USER))
GOOD = Example("{}\n", replies=ALL_IS_WELL)


@live_check("SFC910", Severity.ERROR, bad=BAD, good=GOOD, follows=("SFC204",))
def check(live: "Live") -> Iterator[Problem]:
    """One login and no loop: the refusal is reported as it came."""
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
    if outside is not None and outside.versions is not None:
        yield from _version(outside.versions)


def _version(versions: frozenset[str]) -> Iterator[Problem]:
    from sfcred.live.org import API_VERSION

    if API_VERSION not in versions:
        message = f"the org's API has no version {API_VERSION}, which n8n's Salesforce node asks"
        yield Problem(message, ("my_domain",), "Is this a Salesforce org? Compare my_domain.")
