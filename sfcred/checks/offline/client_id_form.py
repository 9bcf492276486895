"""The Consumer Key doesn't look like one.

**Finds** a Consumer Key that is cut off, contains white space or quotes, or looks like a Consumer
Secret, a username or a token.

**Why it matters** Salesforce answers `invalid_client_id: client identifier invalid`, the same as
for an app that was just created or belongs to another org.

**How to fix it** Copy the whole key: External Client App Manager, the app, Settings, OAuth
Settings, Consumer Key and Secret (Connected App: App Manager, View, Manage Consumer Details).

**Source** Keys that Salesforce generates usually start with 3MVG9 and have about 85 characters. A
key chosen in metadata has 8 to 256 letters and digits (Metadata API, ConnectedApp).
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", environ={"ACME_CLIENT_ID": "text:3MVG9aZ3kQ7xPwL0"})
GOOD = Example("client_id: chosenByMetadata2026\n")


@offline_check(
    "SFC110",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    since="0.1.0",
    follows=("SFC010",),
    rules_out="the Consumer Key has the usual form",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Check the form of the value without showing it: it could be a secret."""
    fault = _fault(credential.value(("client_id",)).get_secret_value())
    if fault:
        hint = "Copy the whole Consumer Key from the app's OAuth settings in Setup."
        yield Problem(f"the Consumer Key {fault}", ("client_id",), hint)


# The beginnings of such ids, which have 15 characters, or 18 with their checksum.
_ID = r"(?:00D|005|0H4)[0-9A-Za-z]{12}(?:[A-Z0-5]{3})?"


def _fault(value: str) -> str | None:  # noqa: PLR0911 - one return per fault
    if re.search(r"\s|[\"'`]", value):
        return "contains white space or quotes"
    if re.fullmatch(r"[0-9A-F]{64}|[0-9]{16,19}", value):
        return "looks like a Consumer Secret"
    if "@" in value:
        return "looks like a username"
    if re.match(r"00D\w{12,15}!|5Aep", value):
        return "looks like a token"
    if re.fullmatch(_ID, value):
        return "looks like the id of an org, a user or an app"
    if re.match("3MVG9", value) and len(value) < 60:  # noqa: PLR2004 - usually about 85
        return "is probably cut off: Consumer Keys usually have about 85 characters"
    if len(value) < 8:  # noqa: PLR2004 - Metadata API
        return "is too short"
    return None
