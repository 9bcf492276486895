"""One External Client App's Consumer Key is used for several orgs.

**Finds** credentials with different My Domains and the same Consumer Key, whose app is an External
Client App.

**Why it matters** A local External Client App belongs to the org in which it was made. In another
org Salesforce usually answers `app_not_found` or `Cross-org OAuth flows are not supported`.

**How to fix it** Make the app in each org (Setup, External Client App Manager) and give each
credential its own Consumer Key; in a spec with profiles, a `client_id` a profile. An app that is
distributed as a package is another case: ignore the check there, with that reason.

**Not compared** are keys that come through a reference with keys that stand in a spec, and keys
from a place that a pull request can write to (a file, SOPS, another account's store): that would
tell which of many guesses is right. Only the references are compared then, and the check is listed
as not checked.

**Source** Salesforce Help, "External Client Apps": distribution state Local or Packaged.
"""

from collections.abc import Iterator, Sequence

from sfcred.checks.api import Entry, Example, Problem, Severity, project_check
from sfcred.checks.lib.clients import not_compared

BAD = Example(
    "name: acme-crm\n---\nname: acme-erp\nn8n:\n  id: acmeErp000000001\n"
    "my_domain: https://acme--dev.sandbox.my.salesforce.com\n"
    "jwt:\n  username: n8n@acme.com.dev\n"
)
GOOD = Example("name: acme-crm\n---\nname: acme-erp\nn8n:\n  id: acmeErp000000001\n")


@project_check("SFC111", Severity.WARNING, bad=BAD, good=GOOD)
def check(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Names the first org at the others."""
    judged = [e for e in entries if e.external_client_app and e.client and e.org]
    if len({entry.org for entry in judged}) > 1:
        yield from not_compared(judged)
    first: dict[tuple[str, str], Entry] = {}
    for entry in judged:
        other = first.setdefault((entry.client_kind, entry.client), entry)
        if other.org != entry.org:
            message = f"this Consumer Key is also used for another org ({other.org}, {other.name})"
            hint = "An External Client App belongs to one org: make one in each."
            yield Problem(message, ("client_id",), hint, entry=entry)
