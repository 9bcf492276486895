"""The Consumer Key doesn't look like one.

**Finds** a Consumer Key that is cut off, has white space or quotes, or looks like a Consumer
Secret, a username or a token.

**Why it matters** Salesforce answers `invalid_client_id: client identifier invalid`, the same as
for an app that is too young or lives in another org.

**How to fix it** Copy it whole: External Client App Manager, the app, Settings, OAuth Settings,
Consumer Key and Secret (Connected App: App Manager, View, Manage Consumer Details).

**Source** Salesforce's generated keys usually begin with 3MVG9 and have about 85 characters; a key
chosen by metadata has 8 to 256 letters and digits (Metadata API, ConnectedApp).
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", environ={"ACME_CLIENT_ID": "text:3MVG9aZ3kQ7xPwL0"})
GOOD = Example("client_id: chosenByMetadata2026\n")


@offline_check("SFC110", Severity.WARNING, bad=BAD, good=GOOD, follows=("SFC010",))
def check(credential: Credential) -> Iterator[Problem]:
    """Judges the form alone; the value is not shown, because it may be a secret's."""
    fault = _fault(credential.value(("client_id",)).get_secret_value())
    if fault:
        hint = "Copy the Consumer Key whole from the app's OAuth settings in Setup."
        yield Problem(f"the Consumer Key {fault}", ("client_id",), hint)


def _fault(value: str) -> str | None:  # noqa: PLR0911 - one return a fault
    if re.search(r"\s|[\"'`]", value):
        return "has white space or quotes in it"
    if re.fullmatch(r"[0-9A-F]{64}|[0-9]{16,19}", value):
        return "looks like a Consumer Secret"
    if "@" in value:
        return "looks like a username"
    if re.match(r"00D\w{12,15}!|5Aep", value):
        return "looks like a token"
    if re.match("3MVG9", value) and len(value) < 60:  # noqa: PLR2004 - usually about 85
        return "is likely cut off: Consumer Keys usually have about 85 characters"
    if len(value) < 8:  # noqa: PLR2004 - Metadata API
        return "is too short"
    return None
