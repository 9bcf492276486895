"""The clocks of this computer and of Salesforce differ.

**Finds** a difference of more than 60 seconds (a warning) or 180 seconds (an error) between the
local clock and the Date of Salesforce's answers. The time that the answer took is allowed for.

**Why it matters** An assertion is good for three minutes. With a clock that is late it is out of
date on arrival, and Salesforce answers `invalid_grant: expired authorization code`, which names
nothing. n8n's own machine is what counts in the end: check its clock too.

**How to fix it** Let the clock be set from the network: `timedatectl set-ntp true` on Linux; in
virtual machines and containers the host's clock counts.

**Source** RFC 7519, section 4.1.4; RFC 9110, section 6.6.1; n8n signs for 180 seconds
(n8n-nodes-base 2.41).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Reply, Severity, live_check
from sfcred.checks.lib.live import ORGANIZATION, TOKEN, USER, require_reached

if TYPE_CHECKING:
    from sfcred.live.visit import Live

_WARNING, _ERROR = 60, 180

BAD = Example("{}\n", replies=(TOKEN._replace(late=300), ORGANIZATION, USER))
GOOD = Example("{}\n", replies=(TOKEN._replace(late=30), Reply(ORGANIZATION.body), USER))


@live_check("SFC902", Severity.WARNING, bad=BAD, good=GOOD)
def check(live: "Live") -> Iterator[Problem]:
    """What is certain of the difference counts, not what a slow answer may have added."""
    if live.visit.skew is None:
        require_reached(live)
        return
    seconds = live.visit.skew.certain
    if seconds <= _WARNING:
        return
    direction = "behind" if live.visit.skew.seconds > 0 else "ahead of"
    message = f"this computer's clock is {seconds:.0f} seconds {direction} Salesforce's"
    hint = "Let the clock be set from the network (NTP), here and where n8n runs."
    severity = Severity.ERROR if seconds > _ERROR else Severity.WARNING
    yield Problem(message, ("my_domain",), hint, severity=severity)
