"""The refresh token has an end.

**Finds** a `lifetime` or `inactivity` as refresh token policy of an OAuth2 credential.

**Why it matters** After that time n8n's credential has to be connected again by a person: with
`lifetime` at a fixed moment after the consent, with `inactivity` when no workflow used it so long.

**How to fix it** Choose "Refresh token is valid until revoked" in the app's policies, or write the
date into a calendar and the reason under `doctor.ignore`.

**Source** Metadata API, ConnectedAppOauthPolicy: specific_lifetime, specific_inactivity.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("app:\n  refresh_token_policy: {lifetime: 30d}\n", base="oauth2")
GOOD = Example("app:\n  refresh_token_policy: {lifetime: 30d}\n")

_UNITS = {"h": "hours", "d": "days", "mo": "months"}


@offline_check("SFC608", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Says when it will die."""
    policy = credential.app.refresh_token_policy
    if credential.flow != "oauth2" or policy is None or policy.duration is None:
        return
    number = policy.duration.rstrip("hdmo")
    time = f"{number} {_UNITS[policy.duration.removeprefix(number)]}"
    if policy.kind == "lifetime":
        message = f"the credential must be connected again {time} after each consent"
    else:
        message = f"the credential must be connected again once it was not used for {time}"
    hint = "Choose 'valid until revoked' in the app's OAuth policies, and infinite here."
    yield Problem(message, ("app", "refresh_token_policy"), hint)
