"""Environment and My Domain contradict each other.

**Finds** `environment: production` with the address of a sandbox or scratch org, and
`environment: sandbox` with the address of a production org. Developer Editions, Trailhead
Playgrounds and demo orgs count as production, as they do in n8n. A production address that ends
like a sandbox's name (`acme-uat.my.salesforce.com`) is an info: a sandbox's has two hyphens and
`.sandbox`.

**Why it matters** One of the two is wrong, and it isn't clear which org the workflows will write
to. n8n's OAuth2 credential chooses the login host by its Environment Type, so for a sandbox it
would send users to login.salesforce.com, or the reverse.

**How to fix it** In Salesforce, check "Current My Domain URL" in Setup, My Domain: a sandbox has
`.sandbox.` in it, a scratch org `.scratch.`. Correct `my_domain` or `environment`. If one spec
serves several orgs, give each profile both fields.

**Source** Salesforce Help, My Domain URL Formats and Partitioned Domains; the credential types of
n8n-nodes-base 2.41.2.
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential
from sfcred.text.redact import show

BAD = Example("environment: production\n")
GOOD = Example(
    "environment: production\nmy_domain: https://acme-dev-ed.develop.my.salesforce.com\n"
)

# What people call their sandboxes.
_LIKE_A_SANDBOX = re.compile(
    "(.+)-((?:dev|uat|qa|test|sandbox|sbx|staging|stage|sit|preprod|training|full|partial)[0-9]{0,2})"
)
_HINTS = {
    "sandbox": "Write `environment: sandbox`, or copy the production org's address from its "
    "Setup, My Domain, Current My Domain URL.",
    "production": "Write `environment: production`, or copy the sandbox's address from its "
    "Setup, My Domain: https://ORG--SANDBOX.sandbox.my.salesforce.com.",
}


@offline_check(
    "SFC103",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    since="0.1.0",
    follows=("SFC104",),
    rules_out="environment and my_domain match",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Compare only if the host name shows the environment."""
    authority, environment = credential.authority, credential.spec.environment
    if authority is None or environment is None:
        return
    host = authority.host
    if host.environment not in (None, environment):
        message = (
            f"environment is {environment}, but {show(host.name)} ({host.what}) counts "
            f"as {host.environment}"
        )
        yield Problem(message, ("environment",), _HINTS[host.environment])
    elif environment == "production" and (name := _LIKE_A_SANDBOX.fullmatch(host.org or "")):
        message = f"{show(host.name)} is a production address, though it ends like a sandbox's name"
        hint = (
            "If it is a sandbox, write `environment: sandbox`, and copy its address from Setup, "
            f"My Domain: https://{name[1]}--{name[2]}.sandbox.my.salesforce.com or similar."
        )
        yield Problem(message, ("my_domain",), hint, Severity.INFO)
