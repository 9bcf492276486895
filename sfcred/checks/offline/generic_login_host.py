"""Logins go to login.salesforce.com or test.salesforce.com instead of the org's own address.

**Finds** a spec without `my_domain`, or with one of these two hosts in it. It is an error for an
External Client App, else a warning.

**Why it matters** Since Spring '26 these hosts usually refuse External Client Apps:
`app_not_found`, "External client app is not installed in this org", which n8n shows as "Bad
request". Connected Apps usually still work there, but logins through test.salesforce.com are
reported to fail now and then, and an admin can forbid both hosts for an org.

**How to fix it** In Salesforce, Setup, My Domain, copy "Current My Domain URL" and write it as
`my_domain`. In n8n it is the field "My Domain URL" of the JWT credential (n8n 2.20.0 and later);
the OAuth2 credential has no such field, and SFC502 says what to do there.

**Source** n8n issue 28990 and its fix in n8n 2.20.0; issue 3482 of the Salesforce CLI; Metadata
API Developer Guide, MyDomainSettings (canOnlyLoginWithMyDomainUrl).
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.redact import show
from sfcred.resolve.authority import is_generic
from sfcred.resolve.credential import Credential
from sfcred.spec.source import Route

BAD = Example("my_domain: https://test.salesforce.com\n")
GOOD = Example(
    "my_domain: https://acme--test.sandbox.my.salesforce.com\njwt:\n  username: n8n@acme.com.test\n"
)


@offline_check("SFC106", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Points at what chose the host: my_domain, or else the environment."""
    authority = credential.authority
    if authority is None or not is_generic(authority):
        return
    at: Route = ("my_domain",)
    what = f"my_domain is {show(authority.host.name)}, which every org shares"
    if credential.spec.my_domain is None:
        at = ("environment",)
        what = f"without my_domain n8n logs in at {show(authority.host.name)}"
    hint = "Write the org's own address as `my_domain`: Setup, My Domain, Current My Domain URL."
    if credential.is_external_client_app:
        message = f"{what}: External Client Apps are usually refused there since Spring '26"
        yield Problem(message, at, hint, severity=Severity.ERROR)
    else:
        message = f"{what}: reported to fail now and then, and usually for External Client Apps"
        yield Problem(message, at, hint)
