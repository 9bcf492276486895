"""The spec doesn't say which user the app acts as.

**Finds** a credential with client credentials, and no `client_credentials.run_as`.

**Why it matters** The app's policy in Salesforce chooses the user (Run As), and the token request
doesn't name one. If somebody changes the policy, n8n goes on with another user's permissions, and
nothing shows it. With `run_as`, `sfcred doctor --live` compares the user, and `sfcred app` writes
the policy.

**How to fix it** Copy the Username of the integration user from Setup, Users, to
`client_credentials.run_as`.

**Source** Salesforce Help, "Configure the Client Credentials Flow": Run As in the app's policies.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

_RUN_AS = ("client_credentials", "run_as")
BAD = Example("client_credentials:\n  run_as: null\n", base="client_credentials")
GOOD = Example("client_credentials:\n  run_as: n8n@acme.com.UAT\n", base="client_credentials")


@offline_check(
    "SFC611", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0", flow="client_credentials"
)
def check(credential: Credential) -> Iterator[Problem]:
    """Check client credentials only: a JWT login names its user, and a consent is a person's."""
    if credential.declared(_RUN_AS) is None:
        message = "without run_as, nobody notices when the app acts as another user"
        hint = "Add `run_as: USERNAME` under `client_credentials:` (Setup, Users)."
        yield Problem(message, _RUN_AS, hint)
