"""The overwrite for client credentials would change another credential.

**Finds** a credential with client credentials that needs an overwrite (SFC513), and another OAuth2
credential in the same n8n, or one with client credentials that needs a different overwrite. They
can be in the same n8n if their specs have the same `n8n.url`, or one of them doesn't set it.

**Why it matters** The overwrite applies to every Salesforce OAuth2 credential of the instance. n8n
would log in with the other one's Consumer Key and Secret at this org, as its Run As user, and its
workflows would fail or act as somebody else.

**How to fix it** Use the JWT flow for one of them: the overwrite doesn't change it. Or move one of
them to another n8n, and set `n8n.url` in both. `sfcred render --target n8n-overwrite` compares all
specs of the project. With `--n8n URL` or `--merge-from EXPORT`, it also finds credentials of that
n8n that have no spec, and so does `sfcred push`.

**Source** Run with n8n 2.41.1; n8n's documentation of credential overwrites.
"""

from collections.abc import Iterator, Sequence

from sfcred.checks.api import Example, Problem, ProjectEntry, Severity, project_check
from sfcred.n8n.credential_types import OAUTH2
from sfcred.n8n.place import can_be_one
from sfcred.text.printable import labelled

_TWO = (
    'name: acme-crm\nn8n: {{version: "2.41.1"{0}}}\n---\n'
    'name: acme-erp\nn8n: {{version: "2.41.1", id: acmeErp000000001}}\n'
)
_OAUTH2 = (
    "flow: oauth2\noauth2: {client_secret: {env: ACME_CLIENT_SECRET}}\n"
    "app: {label: n8n ERP, scopes: [full, refresh_token]}\n"
)
BAD = Example(_TWO.format("") + _OAUTH2, base="client_credentials")
GOOD = Example(_TWO.format(", url: https://other.acme.com") + _OAUTH2, base="client_credentials")


@project_check(
    "SFC514", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0", flow="client_credentials"
)
def check(entries: Sequence[ProjectEntry]) -> Iterator[Problem]:
    """Report each credential that needs an overwrite, with the first one that it would change."""
    # By n8n, the first credential with each overwrite. There can be thousands with the same one.
    instances: dict[str, dict[str, ProjectEntry]] = {}
    everywhere: dict[str, ProjectEntry] = {}
    own_type = [entry for entry in entries if entry.n8n_type == OAUTH2]
    undecided = [entry for entry in entries if entry.n8n_type is None]
    for entry in own_type:
        instances.setdefault(entry.n8n, {}).setdefault(entry.overwrite, entry)
        everywhere.setdefault(entry.overwrite, entry)
    for entry in own_type:
        if not entry.overwrite:
            continue
        together = {**instances.get("", {}), **instances[entry.n8n]} if entry.n8n else everywhere
        changed = (one for wanted, one in together.items() if wanted != entry.overwrite)
        if (other := next(changed, None)) is not None:
            yield _problem(entry, other)
        elif (other := _undecided(entry, undecided)) is not None:
            yield _not_compared(entry, other)


def _undecided(entry: ProjectEntry, undecided: Sequence[ProjectEntry]) -> ProjectEntry | None:
    """Return the first credential that can be in the same n8n, and whose flow isn't decided."""
    return next((one for one in undecided if can_be_one(one.n8n, entry.n8n)), None)


def _not_compared(entry: ProjectEntry, other: ProjectEntry) -> Problem:
    message = (
        f"the flow of {other.name} in {other.file} is not decided, so sfcred can't tell whether "
        "the overwrite changes it"
    )
    hint = "Run sfcred doctor without names or paths, and correct what it reports."
    return Problem(message, ("client_id",), hint, entry=entry, is_unknown=True)


def _problem(entry: ProjectEntry, other: ProjectEntry) -> Problem:
    name = labelled(other.name, other.profile)
    message = (
        f"the overwrite that this needs would also make {name} in {other.file} use it, because it "
        "applies to every Salesforce OAuth2 credential of that n8n"
    )
    hint = "Use the JWT flow for one of them, or another n8n with its own n8n.url."
    return Problem(message, ("client_id",), hint, entry=entry)
