"""n8n can't handle the credential's id or name.

**Finds** an `n8n.id` that is not 1 to 16 characters of A-Z, a-z, 0-9, `_` and `-`, and a name
(`n8n.name`, otherwise the spec's name) that doesn't have 3 to 128 characters.

**Why it matters** n8n's import accepts almost anything, and the trouble starts later. A slash in an
id stops the export to separate files halfway, an id of more than 36 characters doesn't fit into
Postgres, and the API of n8n 2.41 accepts at most 16. Postgres refuses a long name. n8n refuses a
short one when someone saves the credential, but its import accepts it, so a short `n8n.name` is a
warning.

**How to fix it** Remove `n8n.id`, so that sfcred derives a stable id from the spec's name, or write
up to 16 letters and digits. Workflows find the credential by this id: if you change an id that is
in use, select the credential again in their nodes. Write an `n8n.name` with 3 to 128 characters.

**Source** Tested with n8n 2.40.5; the public API's description in n8n 2.41.3; the tables of @n8n/db
1.40.4.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.n8n.ids import SHORTEST_NAME, derive_id, id_fault, name_fault
from sfcred.resolve.credential import Credential
from sfcred.spec.public import quoted
from sfcred.spec.source import Route
from sfcred.text.redact import show

BAD = Example("n8n:\n  id: acme/crm\n")
GOOD = Example("n8n:\n  id: acme_crm-1\n")


@offline_check("SFC503", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check the id, then the name."""
    n8n = credential.n8n
    if fault := id_fault(n8n.credential_id):
        hint = (
            f"Remove n8n.id (sfcred then derives `{derive_id(credential.name)}`), or write up to "
            "16 letters and digits."
        )
        shown = quoted(n8n.credential_id, ("n8n", "id"), "this")
        message = f"{shown} can't be an id in n8n: {fault}"
        yield Problem(message, ("n8n", "id"), hint)
    if fault := name_fault(n8n.credential_name):
        declared = credential.spec.n8n and credential.spec.n8n.name
        at: Route = ("n8n", "name") if declared else ("name",)
        message = f"{show(n8n.credential_name)} can't be a name in n8n: {fault}"
        hint = "Write an `n8n.name` of 3 to 128 characters."
        # n8n's import accepts a short name, so one that is declared can be in n8n already.
        is_short = len(n8n.credential_name) < SHORTEST_NAME
        severity = Severity.WARNING if is_short and declared else None
        yield Problem(message, at, hint, severity=severity)
