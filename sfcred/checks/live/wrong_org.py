"""The login reaches a different org from the spec's.

**Finds** an org id that differs from `app.org_id`. Only the first 15 characters are compared,
because Salesforce shows ids with either 15 or 18 characters.

**Why it matters** The workflows would read and write in the wrong org. A sandbox gets a new org id
each time it is refreshed, so the same address can lead to a different org.

**How to fix it** If the sandbox was refreshed, copy the new id (Setup, Company Information,
Salesforce.com Organization ID) to `app.org_id`. Otherwise, correct `my_domain`.

**Source** The Organization record, and the identity URL in the token response, which ends in the
org's and the user's ids.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, Trait, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, require_token
from sfcred.errors import NotKnown
from sfcred.salesforce.ids import short_id
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example("app: {org_id: 00D000000000009EAA}\n", replies=ALL_IS_WELL)
GOOD = Example("app: {org_id: 00D000000000001}\n", replies=ALL_IS_WELL)


@live_check(
    "SFC904", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0", traits=(Trait.JUDGES_CONSENT,)
)
def check(live: "Live") -> Iterator[Problem]:
    """Compare the id in the org's record or, if that can't be read, in the token response."""
    wanted = live.credential.app.org_id
    if wanted is None:
        return
    granted = require_token(live)
    organization, identity = live.visit.organization, live.visit.identity
    org_id = (
        (organization and organization.org_id) or (identity and identity.org_id) or granted.org_id
    )
    if not org_id:
        raise NotKnown("the org's id could not be read", hint="See SFC910.", because_of=("SFC910",))
    if short_id(org_id) != short_id(wanted):
        message = f"the login reaches the org {show(org_id)}, not {show(wanted)}"
        hint = (
            "If the sandbox was refreshed, copy its new id from Setup, Company Information, to "
            "`app.org_id`. Otherwise, `my_domain` is another org's address."
        )
        yield Problem(message, ("app", "org_id"), hint)
