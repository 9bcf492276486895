"""The username doesn't look like one.

**Finds** a username without `@` and a domain, with white space, invisible characters or others
that e-mail addresses don't have, or with a display name. It warns of letters with accents and of
other scripts.

**Why it matters** Salesforce usernames always have the form of an e-mail address, even if they
aren't one. Anything else is refused as an unknown user.

**How to fix it** Copy the value in the Username column of Setup, Users, not the name or the alias.

**Source** Salesforce Help, "Add a Single User": a username has the form of an e-mail address.
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential
from sfcred.text.printable import has_invisible

BAD = Example("jwt:\n  username: n8n integration\n")
GOOD = Example("jwt:\n  username: n8n+leads@acme.com.uat\n")
_COPY = "Copy the value in the Username column of Setup, Users, in this org."


@offline_check(
    "SFC109",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    since="0.1.0",
    follows=("SFC010",),
    flow=("jwt", "client_credentials"),
    rules_out="the username has the usual form",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Check the form of the value without showing it: it could be a secret."""
    route = credential.username_route
    if route is None:
        return
    value = credential.value(route).get_secret_value()
    fault = _fault(value)
    if fault:
        hint = _COPY
        if not _fault(value.strip()):
            hint += " Write it after its key: YAML's `|` and `>` add a line break."
        yield Problem(f"the username {fault}", route, hint)
    elif not value.isascii():
        # Which one isn't shown: the value can come through a reference.
        message = (
            "the username contains something other than a plain Latin letter, digit or sign, which "
            "usernames usually don't have"
        )
        yield Problem(
            message,
            route,
            f"{_COPY} Some letters of other scripts look the same.",
            severity=Severity.WARNING,
        )


def _fault(value: str) -> str | None:  # noqa: PLR0911 - a table of faults
    if value != value.strip():
        return "starts or ends with white space"
    if re.search(r"\s", value):
        return "contains white space"
    if has_invisible(value):
        return "contains an invisible character, as text from a document or a web page can"
    if re.search(r"[\"'<>]", value):
        return "contains quotes or angle brackets"
    # An e-mail address can't contain these without quotes (RFC 5322, atext).
    if re.search(r"[:;,()\[\]\\]", value):
        return "contains a colon, comma, semicolon, bracket or backslash"
    if not re.fullmatch(r"[^@]+@[^@]+\.[^@.]+", value):
        return "is not in the form name@domain that Salesforce requires"
    return "is longer than 80 characters" if len(value) > 80 else None  # noqa: PLR2004 - its field
