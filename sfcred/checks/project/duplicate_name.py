"""Two specs have the same name.

**Finds** a name that two documents of the project share.

**Why it matters** The name selects a credential on the command line, and n8n's credential id is
derived from it, so the second would overwrite the first.

**How to fix it** Give each spec a different name. For the same credential in several orgs, write
one spec with profiles.

**Source** sfcred's own rule.
"""

from collections.abc import Iterator, Sequence

from sfcred.checks.api import Example, Problem, ProjectEntry, Severity, project_check
from sfcred.text.redact import show

BAD = Example("name: acme-crm\n---\nname: acme-crm\n")
GOOD = Example("name: acme-crm\n---\nname: acme-erp\n")


@project_check("SFC006", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(entries: Sequence[ProjectEntry]) -> Iterator[Problem]:
    """Report the second of the two once per document, and name the first."""
    documents: dict[str, ProjectEntry] = {}
    for entry in entries:
        documents.setdefault(entry.document, entry)
    first: dict[str, ProjectEntry] = {}
    for entry in documents.values():
        other = first.setdefault(entry.name, entry)
        if other is not entry:
            message = f"{show(entry.name)} is already the name of a spec in {other.file}"
            hint = "Choose another name here, or merge the two into one spec with profiles."
            yield Problem(message, ("name",), hint, entry=entry)
