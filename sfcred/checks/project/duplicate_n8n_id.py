"""Two credentials would overwrite each other in one n8n.

**Finds** the same n8n credential id twice for one n8n: the same `n8n.url`, or none given.

**Why it matters** n8n's import replaces what has the same id, without a word: only the last of
the two would be left, under whichever workflows use the id.

**How to fix it** Give one of them another `n8n.id`. Profiles of one spec share its id on purpose,
so that a workflow keeps its link when it moves from one n8n to another: give each profile its own
`n8n.url`, or its own `n8n.id` if they live in one n8n.

**Source** n8n 2.40.5, import:credentials, run: the last of two entries with one id wins.
"""

from collections.abc import Iterator, Sequence

from sfcred.checks.api import Entry, Example, Problem, Severity, project_check
from sfcred.spec.public import quoted

BAD = Example("name: acme-crm\n---\nname: acme-erp\n")
GOOD = Example("name: acme-crm\n---\nname: acme-erp\nn8n:\n  url: https://n8n-test.acme.com\n")


@project_check("SFC007", Severity.ERROR, bad=BAD, good=GOOD, follows=("SFC006",))
def check(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Names the first of the two at the second."""
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        other = first.setdefault((entry.n8n, entry.n8n_id), entry)
        if other is not entry:
            yield _problem(entry, other)


def _problem(entry: Entry, other: Entry) -> Problem:
    name = other.name + (f" [{other.profile}]" if other.profile else "")
    shown = quoted(entry.n8n_id, ("n8n", "id"), "")
    which = f"the n8n id {shown}" if shown else "this n8n id"
    message = f"{which} is already that of {name} in {other.file}"
    if entry.document == other.document:
        hint = "Give each profile its own n8n.url, or its own n8n.id if they share an n8n."
    else:
        hint = "Write another n8n.id here, or say in n8n.url that it is another n8n."
    # An id that is derived from the name has no place of its own.
    at = ("n8n", "id") if ("n8n", "id") in entry.places else ("name",)
    return Problem(message, at, hint, entry=entry)
