"""The username and the sandbox don't seem to belong together.

**Finds** a sandbox's My Domain with a username that doesn't end in the sandbox's name, and a
production org with a username that looks like a sandbox's.

**Why it matters** When a sandbox is made, Salesforce usually appends its name to every username:
`n8n@acme.com` becomes `n8n@acme.com.uat`. With the other one the login is refused (`user hasn't
approved this consumer`, or `invalid user`).

**How to fix it** Copy the username from Setup, Users, in the very org. If it is right as it is (a
user that was made in the sandbox may be called anything), write the check and the reason under
`doctor.ignore`.

A username that comes through a reference is not compared with the sandbox's name, which the same
pull request may have written: that would tell how the value ends.

**Source** Salesforce Help, "Sandbox Setup Considerations"; a likelihood, not a rule.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import NotKnown
from sfcred.redact import show
from sfcred.resolve.credential import Credential
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route

BAD = Example("jwt:\n  username: n8n@acme.com\n")
GOOD = Example("jwt:\n  username: n8n@acme.com.UAT\n")
_USERNAME: Route = ("jwt", "username")


@offline_check(
    "SFC108", Severity.WARNING, bad=BAD, good=GOOD, follows=("SFC103", "SFC104", "SFC109")
)
def check(credential: Credential) -> Iterator[Problem]:
    """Compares the username's end with the sandbox's name."""
    if credential.flow != "jwt" or credential.authority is None:
        return
    username = credential.value(_USERNAME).get_secret_value().strip().lower()
    if "@" not in username:
        return  # SFC109's
    host = credential.authority.host
    hint = "Copy the username from Setup, Users, in this very org."
    is_reference = isinstance(credential.declared(_USERNAME), Reference)
    if host.sandbox and is_reference:
        raise NotKnown(
            "jwt.username comes through a reference, and is not compared with the sandbox's name",
            hint="Write the username into the spec: it is no secret.",
        )
    if host.sandbox and not username.endswith(f".{host.sandbox.lower()}"):
        message = f"usernames of the sandbox {show(host.sandbox)} usually end in .{host.sandbox}"
        yield Problem(message, _USERNAME, hint)
    ends = (".uat", ".sandbox", ".dev", ".qa", ".test", ".staging", ".full", ".partial")
    if host.org and host.environment == "production" and username.endswith(ends):
        message = "the org is production, and the username ends as a sandbox's usually does"
        yield Problem(message, _USERNAME, hint)
