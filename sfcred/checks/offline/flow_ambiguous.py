"""Both flows are declared, but the spec doesn't say which to use.

**Finds** a spec with both `oauth2` and `jwt` whose `flow` is auto or missing.

**Why it matters** The two become different types of credential in n8n, and each Salesforce node of
a workflow is set to one of them (Authentication: OAuth2 or OAuth2 JWT).

**How to fix it** Write `flow: jwt` or `flow: oauth2`, or remove the section that you don't use.

**Source** sfcred's own rule.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("flow: auto\noauth2:\n  client_secret: {env: ACME_CLIENT_SECRET}\n")
GOOD = Example("flow: jwt\noauth2:\n  client_secret: {env: ACME_CLIENT_SECRET}\n")


@offline_check("SFC101", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", explains=("flow",))
def check(credential: Credential) -> Iterator[Problem]:
    """Report a spec whose flow can't be decided."""
    spec = credential.spec
    if credential.decision.flow is None and spec.oauth2 and spec.jwt:
        at = ("flow",) if spec.flow else ("oauth2",)
        hint = "Write `flow: jwt` or `flow: oauth2`."
        yield Problem("both oauth2 and jwt are declared, but flow is auto", at, hint)
