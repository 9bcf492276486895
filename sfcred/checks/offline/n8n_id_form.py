"""The id or the name is none that n8n handles.

**Finds** an `n8n.id` that is not 1 to 16 characters of A-Z, a-z, 0-9, `_` and `-`, and a name
(from `n8n.name`, else the spec's) that doesn't have 3 to 128 characters.

**Why it matters** n8n's import takes nearly everything, and the trouble comes later: a slash in an
id stops the export to separate files half-way, more than 36 characters don't fit into Postgres,
and the API of n8n 2.41 takes 16 at most. A name out of bounds is refused by Postgres or when
somebody saves the credential.

**How to fix it** Leave `n8n.id` out, and sfcred derives one from the spec's name, always the same;
or write up to 16 letters and digits. Workflows find the credential by this id, so one that is in
use already has to be chosen anew in their nodes. Write `n8n.name` with 3 to 128 characters.

**Source** n8n 2.40.5, run; the public API's description in n8n 2.41.3; the tables of @n8n/db
1.40.4.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.n8n.ids import derive_id, id_fault, name_fault
from sfcred.redact import show
from sfcred.resolve.credential import Credential
from sfcred.spec.public import quoted
from sfcred.spec.source import Route

BAD = Example("n8n:\n  id: acme/crm\n")
GOOD = Example("n8n:\n  id: acme_crm-1\n")


@offline_check("SFC503", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """The id, then the name, wherever it comes from."""
    n8n = credential.n8n
    if fault := id_fault(n8n.credential_id):
        hint = (
            f"Leave n8n.id out (sfcred then derives `{derive_id(credential.name)}`), or write up "
            "to 16 letters and digits."
        )
        message = f"{quoted(n8n.credential_id, ('n8n', 'id'), 'this')} is no id for n8n: {fault}"
        yield Problem(message, ("n8n", "id"), hint)
    if fault := name_fault(n8n.credential_name):
        declared = credential.spec.n8n and credential.spec.n8n.name
        at: Route = ("n8n", "name") if declared else ("name",)
        message = f"{show(n8n.credential_name)} is no name for n8n: {fault}"
        yield Problem(message, at, "Write an `n8n.name` of 3 to 128 characters.")
