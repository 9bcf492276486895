"""The app's label gives no valid API name.

**Finds** a label without a letter at its beginning, or of which too little is left.

**Why it matters** Salesforce derives the API name from the label: letters, digits and single
underscores, beginning with a letter, at most 40 characters. Metadata with another name is refused.

**How to fix it** Write a label that begins with a letter from A to Z.

**Source** Metadata API, fullName: the rules of API names.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.redact import show
from sfcred.resolve.credential import Credential
from sfcred.salesforce.app_names import api_name

BAD = Example("app:\n  label: 8x8 n8n\n")
GOOD = Example("app:\n  label: n8n (leads & orders)\n")


@offline_check("SFC610", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """As Setup derives it."""
    label = credential.app.label
    if label is not None and api_name(label) is None:
        message = f"the label {show(label)} gives no valid API name"
        hint = "Begin it with a letter from A to Z, and keep to 40 characters."
        yield Problem(message, ("app", "label"), hint)
