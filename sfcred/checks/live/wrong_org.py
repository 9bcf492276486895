"""The login leads to another org than the spec's.

**Finds** an org id that differs from `app.org_id`. The first 15 characters are compared, because
Salesforce shows ids with 15 or 18.

**Why it matters** The workflows would read and write in the wrong org. A sandbox gets a new org id
each time it is refreshed, so the same address can be another org.

**How to fix it** If the sandbox was refreshed, copy the new id (Setup, Company Information,
Salesforce.com Organization ID) to `app.org_id`. If not, correct `my_domain`.

**Source** The Organization record, and the identity URL of the token answer, whose last two parts
are the org's and the user's id.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, token
from sfcred.redact import show

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example("app: {org_id: 00D000000000009EAA}\n", replies=ALL_IS_WELL)
GOOD = Example("app: {org_id: 00D000000000001}\n", replies=ALL_IS_WELL)
_SHORT_ID = 15


@live_check("SFC904", Severity.ERROR, bad=BAD, good=GOOD)
def check(live: "Live") -> Iterator[Problem]:
    """The record decides; where it could not be read, the token's own id."""
    wanted = live.credential.app.org_id
    granted = token(live)
    if wanted is None or granted is None:
        return
    organization, identity = live.visit.organization, live.visit.identity
    org_id = (
        (organization and organization.org_id) or (identity and identity.org_id) or granted.org_id
    )
    if org_id and org_id[:_SHORT_ID] != wanted[:_SHORT_ID]:
        message = f"the login leads to the org {show(org_id)}, not to {show(wanted)}"
        hint = (
            "Was the sandbox refreshed? Then it has a new id: copy it from Setup, Company "
            "Information, to `app.org_id`. If not, `my_domain` is another org's."
        )
        yield Problem(message, ("app", "org_id"), hint)
