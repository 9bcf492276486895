"""The org can't be reached, so nothing can be said about the login.

**Finds** no finding: doctor lists the credential as not checked, with the reason, and ends with
status 4 if nothing else is wrong. The reason is one of: the host's name is not known (DNS), the
connection is not safe (TLS), nobody answers, nobody answers in time, or what answers is not
Salesforce (a web page, broken JSON, something far too large).

**Why it matters** A network that fails says nothing about the credential. A build that turns red
for it teaches people to ignore red builds.

**How to fix it** For DNS compare `my_domain` with Setup, My Domain, Current My Domain URL; a
sandbox that was deleted, or an org made minutes ago, has no name either. For TLS behind a company's
proxy set SSL_CERT_FILE to a file with the company's certificate authority; HTTPS_PROXY and NO_PROXY
are honoured.

**Source** RFC 9110 and the behaviour of httpx 0.28, run against hosts that fail in each way.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Reply, Severity, live_check
from sfcred.checks.lib.live import ALL_IS_WELL
from sfcred.errors import NotKnown

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example("{}\n", replies=(Reply(fails="nobody answered in time"),))
GOOD = Example("{}\n", replies=ALL_IS_WELL)


@live_check("SFC901", Severity.INFO, bad=BAD, good=GOOD)
def check(live: "Live") -> Iterator[Problem]:
    """Never a problem of the credential's: the reason goes to what could not be checked."""
    if live.visit.trouble:
        host = live.visit.host.removeprefix("https://")
        raise NotKnown(f"{host}: {live.visit.trouble}", hint="Check the network and the address.")
    yield from ()
