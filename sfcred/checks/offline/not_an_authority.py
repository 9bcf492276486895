"""My Domain is a Salesforce address that doesn't handle logins.

**Finds** a `my_domain` that is a Lightning, Setup, Visualforce, content or instance address
(`na44.salesforce.com`), an old sandbox address without `.sandbox`, one with `.sandbox` but without
the two hyphens before the sandbox's name, or an address with a security proxy's suffix.

**Why it matters** n8n uses the value as the JWT's audience and as the host of the token URL. At
these hosts, Salesforce's token endpoint usually answers `grant type not supported` or
`request not supported on this domain`, which n8n shows as "Bad request".

**How to fix it** In Salesforce, Setup, My Domain, copy "Current My Domain URL" and write it with
`https://` in front. The hint has the address if it can be derived from the spec.

**Source** Salesforce Help, OAuth Endpoints: the flows support login.salesforce.com, a My Domain, an
Experience Cloud site or a custom domain; the Salesforce CLI refuses Lightning hosts.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential
from sfcred.salesforce.host_tables import HostKind
from sfcred.salesforce.hosts import meant_host
from sfcred.salesforce.my_domain import repaired_my_domain
from sfcred.text.redact import show

BAD = Example("my_domain: https://acme--uat.sandbox.lightning.force.com\n")
GOOD = Example("my_domain: https://acme--uat.sandbox.my.salesforce.com\n")


@offline_check("SFC104", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Judge the host only; SFC107 judges the rest of the URL."""
    value, authority = credential.spec.my_domain, credential.authority
    if value is None or authority is None or authority.allowed:
        return
    host = authority.host
    meant = meant_host(host.name)
    if host.kind is HostKind.MY_DOMAIN and meant:
        message = f"{show(host.name)} is not an address of Salesforce's, though it looks like one"
        yield Problem(
            message, ("my_domain",), f"Probably misspelled: did you mean https://{meant}?"
        )
    if host.kind is HostKind.NOT_AN_AUTHORITY:
        copy = "Copy the address from Setup, My Domain, Current My Domain URL."
        guess = f"If it is misspelled: did you mean https://{meant}? {copy}" if meant else copy
        hint = f"Write `my_domain: {host.my_domain}`." if host.my_domain else guess
        message = f"{show(host.name)} is {host.what}; you can't log in there"
        yield Problem(message, ("my_domain",), hint, fix=repaired_my_domain(value))
