"""Logins go to login.salesforce.com or test.salesforce.com instead of the org's own address.

**Finds** a spec without `my_domain`, or with one of these two hosts in it. It is an error for the
JWT flow with an External Client App, otherwise a warning.

**Why it matters** Since Spring '26, these hosts have usually refused External Client Apps in the
JWT flow: `app_not_found`, "External client app is not installed in this org", which n8n shows as
"Bad request". In the OAuth2 flow they accept External Client Apps, as long as the org does: an
admin can forbid both hosts, and they can open another org's login page if you are logged in there.
With Connected Apps, users report that logins through test.salesforce.com sometimes fail.

**How to fix it** In Salesforce, Setup, My Domain, copy "Current My Domain URL" to `my_domain`. In
n8n it is the field "My Domain URL" of the JWT credential (n8n 2.20.0 and later). The OAuth2
credential doesn't have this field: SFC502 explains what to do there. On n8n Cloud, it can't log in
anywhere else, so use the JWT flow or, for HTTP Request nodes, `n8n.type: oAuth2Api`.

**Source** n8n issue 28990 and its fix in n8n 2.20.0; issue 3482 of the Salesforce CLI; Salesforce's
guide to hosted MCP servers, which uses these hosts with External Client Apps; Metadata API
Developer Guide, MyDomainSettings (canOnlyLoginWithMyDomainUrl).
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.authority import is_generic
from sfcred.resolve.credential import Credential
from sfcred.spec.source import Route
from sfcred.text.redact import show

BAD = Example("my_domain: https://test.salesforce.com\n")
GOOD = Example(
    "my_domain: https://acme--test.sandbox.my.salesforce.com\njwt:\n  username: n8n@acme.com.test\n"
)


@offline_check(
    "SFC106",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    since="0.1.0",
    flow=("oauth2", "jwt"),
    rules_out="the address is not a general login host",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Point at what determines the host: my_domain, otherwise the environment."""
    authority = credential.authority
    if authority is None or not is_generic(authority):
        return
    is_oauth2 = credential.flow == "oauth2"
    if credential.n8n.is_cloud and is_oauth2 and not credential.has_generic_type:
        yield _on_cloud(authority.host.name)
        return
    at: Route = ("my_domain",)
    what = f"my_domain is {show(authority.host.name)}, a general login host"
    if credential.spec.my_domain is None:
        at = ("environment",)
        what = f"without my_domain, n8n logs in at {show(authority.host.name)}"
    hint = "Set `my_domain` to the org's own address: Setup, My Domain, Current My Domain URL."
    if is_oauth2:
        message = f"{what}. It fails if the org only allows logins at its My Domain"
        yield Problem(message, at, hint)
    elif credential.is_external_client_app:
        message = f"{what}, which usually refuses External Client Apps"
        yield Problem(message, at, hint, severity=Severity.ERROR)
    else:
        message = f"{what}, where logins sometimes fail, and usually do for External Client Apps"
        yield Problem(message, at, hint)


def _on_cloud(host: str) -> Problem:
    """Return the problem of OAuth2 on n8n Cloud, where my_domain would be ignored."""
    message = (
        f"n8n Cloud logs in at {show(host)} for OAuth2, which fails if the org only allows logins "
        "at its My Domain"
    )
    return Problem(message, ("environment",), "Use the JWT flow, which has a field for My Domain.")
