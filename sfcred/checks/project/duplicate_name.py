"""Two specs have the same name.

**Finds** a name that two documents of the project share.

**Why it matters** The name picks a credential on the command line, and n8n's credential id is
derived from it: the second would overwrite the first.

**How to fix it** Give each spec a name of its own. For one credential in several orgs, write one
spec with profiles.

**Source** sfcred's own rule.
"""

from collections.abc import Iterator, Sequence

from sfcred.checks.api import Entry, Example, Problem, Severity, project_check
from sfcred.redact import show

BAD = Example("name: acme-crm\n---\nname: acme-crm\n")
GOOD = Example("name: acme-crm\n---\nname: acme-erp\n")


@project_check("SFC006", Severity.ERROR, bad=BAD, good=GOOD)
def check(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Names the first of the two at the second, once a document."""
    documents: dict[str, Entry] = {}
    for entry in entries:
        documents.setdefault(entry.document, entry)
    first: dict[str, Entry] = {}
    for entry in documents.values():
        other = first.setdefault(entry.name, entry)
        if other is not entry:
            message = f"{show(entry.name)} is already the name of a spec in {other.file}"
            hint = "Choose another name here, or make one spec with profiles of the two."
            yield Problem(message, ("name",), hint, entry=entry)
