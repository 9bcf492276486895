"""The username has not the form of one.

**Finds** a username without `@` and a domain, with white space or quotes, or with a display name.

**Why it matters** Salesforce usernames always have the form of an e-mail address, though they need
not be one. Anything else is refused as an unknown user.

**How to fix it** Copy the Username column of Setup, Users; not the name and not the alias.

**Source** Salesforce Help, "Add a Single User": a username has the form of an e-mail address.
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential
from sfcred.spec.source import Route

BAD = Example("jwt:\n  username: n8n integration\n")
GOOD = Example("jwt:\n  username: n8n+leads@acme.com.uat\n")
_USERNAME: Route = ("jwt", "username")


@offline_check("SFC109", Severity.ERROR, bad=BAD, good=GOOD, follows=("SFC010",))
def check(credential: Credential) -> Iterator[Problem]:
    """Judges the form alone; the value is not shown, because it may be a secret's."""
    if credential.flow != "jwt":
        return
    fault = _fault(credential.value(_USERNAME).get_secret_value())
    if fault:
        hint = "Copy the Username column of Setup, Users, in this org."
        yield Problem(f"the username {fault}", _USERNAME, hint)


def _fault(value: str) -> str | None:
    if value != value.strip():
        return "has white space round it"
    if re.search(r"\s", value):
        return "has white space in it"
    if re.search(r"[\"'<>]", value):
        return "has quotes or angle brackets in it"
    if not re.fullmatch(r"[^@]+@[^@]+\.[^@.]+", value):
        return "has not the form name@domain that every Salesforce username has"
    return "is longer than 80 characters" if len(value) > 80 else None  # noqa: PLR2004
