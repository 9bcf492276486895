"""The client credentials flow only works at the org's own address.

**Finds** a credential with client credentials, and no `my_domain` or a general login host in it.

**Why it matters** The token request names no user, so a general login host can't tell which org it
is for. login.salesforce.com and test.salesforce.com usually refuse it with `request not supported
on this domain`.

**How to fix it** Set `my_domain` to the address in Setup, My Domain, Current My Domain URL.

**Source** Salesforce Help, "OAuth 2.0 Client Credentials Flow for Server-to-Server Integration":
the request goes to the My Domain. The refusal is as users report it; sfcred wasn't run against
these hosts.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.authority import is_generic
from sfcred.resolve.credential import Credential
from sfcred.text.redact import show

BAD = Example("my_domain: https://test.salesforce.com\n", base="client_credentials")
GOOD = Example(
    "my_domain: https://acme--uat.sandbox.my.salesforce.com/\n", base="client_credentials"
)


@offline_check(
    "SFC113",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    since="0.2.0",
    flow="client_credentials",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Check client credentials only: the other flows name a user, or a person logs in."""
    authority = credential.authority
    hint = "Set `my_domain` to the org's own address: Setup, My Domain, Current My Domain URL."
    if credential.spec.my_domain is None:
        message = "client credentials need my_domain, because no user tells which org is meant"
        yield Problem(message, ("client_credentials",), hint)
    elif authority is not None and is_generic(authority):
        host = show(authority.host.name)
        message = f"{host} is a general login host, which can't tell which org is meant"
        yield Problem(message, ("my_domain",), hint)
