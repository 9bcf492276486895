"""Two credentials would overwrite each other in the same n8n.

**Finds** a duplicate n8n credential id for the same n8n: the specs have the same `n8n.url`, or
don't set one. The scheme, the usual port and a page of the editor make no difference.

**Why it matters** n8n's import replaces a credential with the same id without a warning. Only the
last of the two remains, even for workflows that use the first one.

**How to fix it** Give one of them another `n8n.id`. The profiles of a spec share its id on purpose,
so that a workflow keeps its link when it moves from one n8n to another. Give each profile its own
`n8n.url`, or its own `n8n.id` if they are for the same n8n.

**Source** Tested with n8n 2.40.5, import:credentials: the last of two entries with the same id
wins.
"""

from collections.abc import Iterator, Sequence

from sfcred.checks.api import Example, Problem, ProjectEntry, Severity, project_check
from sfcred.spec.public import quoted
from sfcred.text.printable import labelled

BAD = Example("name: acme-crm\n---\nname: acme-erp\n")
GOOD = Example("name: acme-crm\n---\nname: acme-erp\nn8n:\n  url: https://n8n-test.acme.com\n")


_ID = ("n8n", "id")


@project_check("SFC007", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(entries: Sequence[ProjectEntry]) -> Iterator[Problem]:
    """Report the second of the two, and name the first."""
    first: dict[tuple[str, str], ProjectEntry] = {}
    for entry in entries:
        other = first.setdefault((entry.n8n, entry.n8n_id), entry)
        if other is not entry:
            yield _problem(entry, other)


def _problem(entry: ProjectEntry, other: ProjectEntry) -> Problem:
    name = labelled(other.name, other.profile)
    shown = quoted(entry.n8n_id, ("n8n", "id"), "")
    which = f"the n8n id {shown}" if shown else "this n8n id"
    message = f"{which} is already used by {name} in {other.file}"
    if entry.document == other.document:
        hint = "Give each profile its own n8n.url, or its own n8n.id if they share an n8n."
    else:
        hint = "Write another n8n.id here, or set n8n.url if this credential is for another n8n."
    # An id derived from the name isn't written anywhere, so point at the name.
    at = _ID if _ID in entry.places else ("name",)
    # Another name gives another id, unless the specs write the id.
    is_derived = _ID not in entry.places and _ID not in other.places
    same_name = entry.name == other.name and entry.document != other.document
    because_of = "SFC006" if is_derived and same_name else None
    return Problem(message, at, hint, entry=entry, because_of=because_of)
