"""The app's label can't be turned into a valid API name.

**Finds** a label that doesn't start with a letter, or that has too few usable characters.

**Why it matters** Salesforce derives the API name from the label. It consists of letters, digits
and single underscores, starts with a letter, and has at most 40 characters. Salesforce refuses
metadata with any other name.

**How to fix it** Write a label that starts with a letter from A to Z.

**Source** Metadata API, fullName: the rules for API names.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.redact import show
from sfcred.resolve.credential import Credential
from sfcred.salesforce.app_names import api_name

BAD = Example("app:\n  label: 8x8 n8n\n")
GOOD = Example("app:\n  label: n8n (leads & orders)\n")


@offline_check("SFC610", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Derive the API name as Setup does."""
    label = credential.app.label
    if label is not None and api_name(label) is None:
        message = f"the label {show(label)} can't be turned into a valid API name"
        hint = "Start it with a letter from A to Z, and use at most 40 characters."
        yield Problem(message, ("app", "label"), hint)
