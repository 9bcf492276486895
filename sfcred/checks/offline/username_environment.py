"""The username and the sandbox don't seem to match.

**Finds** a sandbox's My Domain with a username that doesn't end in the sandbox's name, and a
production org with a username that looks like a sandbox's.

**Why it matters** When you create a sandbox, Salesforce usually appends its name to every username:
`n8n@acme.com` becomes `n8n@acme.com.uat`. With the wrong one, Salesforce refuses the login
(`user hasn't approved this consumer`, or `invalid user`).

**How to fix it** Copy the username from Setup, Users, in the same org. If it is right as it is (a
user created in the sandbox can have any username), add the check with this reason to
`doctor.ignore`.

A username behind a reference is not compared with the sandbox's name. A pull request could change
the sandbox's name, and the result would then reveal how the username ends.

**Source** Salesforce Help, "Sandbox Setup Considerations"; a likelihood, not a rule.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import Cause, NotKnown
from sfcred.resolve.credential import Credential
from sfcred.spec.refs import Reference
from sfcred.spec.source import route_text
from sfcred.text.redact import show

BAD = Example("jwt:\n  username: n8n@acme.com\n")
GOOD = Example("jwt:\n  username: n8n@acme.com.UAT\n")


@offline_check(
    "SFC108",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    since="0.1.0",
    follows=("SFC103", "SFC104", "SFC109"),
    flow=("jwt", "client_credentials"),
    rules_out="the username doesn't end like that of another org",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Compare the end of the username with the sandbox's name."""
    route = credential.username_route
    if route is None or credential.authority is None:
        return
    username = credential.value(route).get_secret_value().strip().lower()
    if "@" not in username:
        return  # SFC109's
    host = credential.authority.host
    hint = "Copy the username from Setup, Users, in this org."
    is_reference = isinstance(credential.declared(route), Reference)
    if host.sandbox and is_reference:
        raise NotKnown(
            f"{route_text(route)} is a reference, so it is not compared with the sandbox's name",
            hint="Write the username in the spec: it is not a secret.",
            cause=Cause.SECRET,
        )
    if host.sandbox and not username.endswith(f".{host.sandbox.lower()}"):
        message = f"usernames of the sandbox {show(host.sandbox)} usually end in .{host.sandbox}"
        yield Problem(message, route, hint)
    ends = (".uat", ".sandbox", ".dev", ".qa", ".test", ".staging", ".full", ".partial")
    if host.org and host.environment == "production" and username.endswith(ends):
        message = "the org is production, but the username ends like a sandbox's"
        yield Problem(message, route, hint)
