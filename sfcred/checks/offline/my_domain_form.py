"""My Domain is written in a form that n8n can't use.

**Finds** a `my_domain` with a missing `https://` or another scheme, a port, a path, a query, a user
name, white space, quotes, capital letters or several slashes at the end, or without any host. A
single slash at the end is fine.

**Why it matters** n8n removes one slash from the end and uses the rest unchanged, both as the
audience of the JWT assertion and in front of `/services/oauth2/token`. Salesforce compares the
audience with its own address, so anything extra in the value breaks one or both.

**How to fix it** Write `https://` and the host in Setup, My Domain, "Current My Domain URL", and
nothing after it. Use the same form in n8n's field "My Domain URL".

**Source** The Salesforce credential of n8n-nodes-base 2.20.0 and 2.41.2; RFC 7523, section 3, and
RFC 3986, section 3.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential
from sfcred.salesforce.my_domain import inspect_my_domain, repaired_my_domain

BAD = Example("my_domain: https://acme--uat.sandbox.my.salesforce.com/lightning\n")
GOOD = Example("my_domain: https://acme--uat.sandbox.my.salesforce.com/\n")


@offline_check("SFC107", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", explains=("my_domain",))
def check(credential: Credential) -> Iterator[Problem]:
    """Report all faults at once without repeating the value: it could contain a session id."""
    value, authority = credential.spec.my_domain, credential.authority
    if value is None or (authority and authority.allowed):
        return
    host, faults = inspect_my_domain(value)
    if faults:
        message = "my_domain can't be used as it is: " + "; ".join(fault.what for fault in faults)
        fix = repaired_my_domain(value)
        # A single word could be anything pasted by mistake, a secret too: don't repeat it.
        is_address = host is None or "." in host
        hint = faults[0].hint if is_address else "Write it as https://NAME.my.salesforce.com."
        yield Problem(message, ("my_domain",), hint, fix=fix)
