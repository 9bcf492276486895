"""The refresh token expires.

**Finds** a `lifetime` or `inactivity` in the refresh token policy of an OAuth2 credential.

**Why it matters** When the token expires, a person has to connect n8n's credential again. With
`lifetime`, that is a fixed time after the consent. With `inactivity`, it is when no workflow has
used the token for that long.

**How to fix it** Choose "Refresh token is valid until revoked" in the app's policies. Or put the
date in your calendar, and the check with this reason in `doctor.ignore`.

**Source** Metadata API, ConnectedAppOauthPolicy: specific_lifetime, specific_inactivity.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  refresh_token_policy: {lifetime: 30d}\n", base="oauth2")
GOOD = Example("app:\n  refresh_token_policy: {lifetime: 30d}\n")

_UNITS = {"h": "hours", "d": "days", "mo": "months"}


@offline_check("SFC608", Severity.WARNING, bad=BAD, good=GOOD, flow="oauth2", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Report when the token expires."""
    policy = credential.app.refresh_token_policy
    if policy is None or policy.duration is None:
        return
    number = policy.duration.rstrip("hdmo")
    time = f"{number} {_UNITS[policy.duration.removeprefix(number)]}"
    if policy.kind == "lifetime":
        message = f"the credential must be connected again {time} after each consent"
    else:
        message = f"the credential must be connected again when it hasn't been used for {time}"
    hint = "Choose 'valid until revoked' in the app's OAuth policies, and infinite here."
    yield Problem(message, ("app", "refresh_token_policy"), hint)
