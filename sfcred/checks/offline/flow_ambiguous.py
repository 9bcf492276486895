"""Several flows are declared, but the spec doesn't say which to use.

**Finds** a spec with more than one of `oauth2`, `jwt` and `client_credentials`, whose `flow` is
auto or missing.

**Why it matters** Each flow becomes a different credential in n8n. `jwt` even becomes another type,
and each Salesforce node of a workflow is set to one type (Authentication: OAuth2 or OAuth2 JWT).

**How to fix it** Write the flow to use, such as `flow: jwt`, or remove the sections that you don't
use.

**Source** sfcred's own rule.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential
from sfcred.resolve.flow import declared_flows, in_words

BAD = Example("flow: auto\noauth2:\n  client_secret: {env: ACME_CLIENT_SECRET}\n")
GOOD = Example("flow: jwt\noauth2:\n  client_secret: {env: ACME_CLIENT_SECRET}\n")


@offline_check("SFC101", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", explains=("flow",))
def check(credential: Credential) -> Iterator[Problem]:
    """Report a spec whose flow can't be decided."""
    spec, flows = credential.spec, declared_flows(credential.spec)
    if credential.decision.flow is None and flows:
        at = ("flow",) if spec.flow else (flows[0],)
        hint = f"Write {' or '.join(f'`flow: {flow}`' for flow in reversed(flows))}."
        yield Problem(f"{in_words(flows)} are declared, but flow is auto", at, hint)
