"""The org can't be reached, so the login can't be judged.

**Finds** an org that can't be reached. This is not a finding: doctor lists the credential as not
checked, with the reason, and exits with status 4 if nothing else is wrong. The reason is one of:
the host name can't be resolved (DNS), the connection is not secure (TLS), nothing answers, nothing
answers in time, or the answer isn't Salesforce's (a web page, broken JSON, or far too large).

**Why it matters** A network failure says nothing about the credential. A build that turns red for
it teaches people to ignore red builds.

**How to fix it** For a DNS problem, compare `my_domain` with Setup, My Domain, Current My Domain
URL. A renamed My Domain, a deleted sandbox and an org made minutes ago can't be found either. A
machine that is offline, in a VPN with its own DNS, or behind a proxy gets the same answer for any
name: `nslookup login.salesforce.com` shows which it is. For a TLS problem behind a company's proxy,
set SSL_CERT_FILE to a file with the company's certificate authority. sfcred honors HTTPS_PROXY and
NO_PROXY.

**Source** RFC 9110 and the behavior of httpx 0.28, run against hosts that fail in each way.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, ExampleReply, Problem, Severity, Trait, live_check
from sfcred.checks.lib.live import ALL_IS_WELL
from sfcred.errors import NotKnown

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example("{}\n", replies=(ExampleReply(fails="nobody answered in time"),))
GOOD = Example("{}\n", replies=ALL_IS_WELL)


@live_check(
    "SFC901",
    Severity.INFO,
    bad=BAD,
    good=GOOD,
    since="0.2.0",
    traits=(Trait.ALWAYS, Trait.ABOUT_THE_VISIT),
)
def check(live: "Live") -> Iterator[Problem]:
    """Report the reason as not checked: it is not a problem with the credential."""
    if live.visit.trouble:
        host = live.visit.host.removeprefix("https://")
        hint = live.visit.advice or "Check the network and the address."
        raise NotKnown(f"{host}: {live.visit.trouble}", hint=hint)
    yield from ()
