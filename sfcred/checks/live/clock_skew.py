"""The clocks of this computer and of Salesforce differ.

**Finds** a difference of more than 60 seconds (a warning) or 180 seconds (an error) between the
local clock and the Date header of Salesforce's answers, after allowing for the response time.

**Why it matters** A JWT assertion is valid for three minutes. If the clock is slow, the assertion
has expired when it arrives, and Salesforce answers `invalid_grant: expired authorization code`,
which doesn't mention the clock. What counts in the end is the clock of n8n's machine: check it too.

**How to fix it** Synchronize the clock over the network (NTP): `timedatectl set-ntp true` on Linux.
In virtual machines and containers, set the host's clock.

**Source** RFC 7519, section 4.1.4; RFC 9110, section 6.6.1; n8n signs for 180 seconds
(n8n-nodes-base 2.41).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, live_check
from sfcred.checks.lib.live import ORGANIZATION, TOKEN, USER, require_reached
from sfcred.errors import Cause, NotKnown

if TYPE_CHECKING:
    from sfcred.live.visit import Live

_WARNING, _ERROR = 60, 180

BAD = Example("{}\n", replies=(TOKEN._replace(late=300), ORGANIZATION, USER))
GOOD = Example("{}\n", replies=(TOKEN._replace(late=30), ORGANIZATION, USER))


@live_check("SFC902", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(live: "Live") -> Iterator[Problem]:
    """Judge only the part of the difference that a slow answer can't explain."""
    if live.visit.skew is None:
        require_reached(live)
        raise NotKnown(
            "none of the answers has a Date header, so the clocks can't be compared",
            hint="A proxy may remove the header. Try without the proxy.",
            cause=Cause.NOT_STATED,
        )
    seconds = live.visit.skew.certain
    if seconds <= _WARNING:
        return
    direction = "behind" if live.visit.skew.seconds > 0 else "ahead of"
    message = f"this computer's clock is {seconds:.0f} seconds {direction} Salesforce's"
    hint = "Synchronize the clock over the network (NTP), here and where n8n runs."
    severity = Severity.ERROR if seconds > _ERROR else Severity.WARNING
    yield Problem(message, ("my_domain",), hint, severity=severity)
