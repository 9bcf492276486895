"""An External Client App's Consumer Key is used for several orgs.

**Finds** credentials with different My Domains but the same Consumer Key, whose app is an External
Client App.

**Why it matters** A local External Client App belongs to the org in which you created it. In other
orgs, Salesforce usually answers `app_not_found` or `Cross-org OAuth flows are not supported`.

**How to fix it** Create the app in each org (Setup, External Client App Manager) and give each
credential its own Consumer Key. In a spec with profiles, set `client_id` in each profile. If the
app is distributed as a package, ignore the check with that reason.

sfcred can't always tell. If a Consumer Key is a secret (a reference), sfcred doesn't compare it
with a key written in a spec, or with one in a place that a pull request can write to (a file, SOPS,
another account's store): otherwise, whoever writes a pull request could test guesses of the secret.
Nor can it compare a key that isn't available here. The check is then listed as not checked. If each
app has its own Consumer Key, there is nothing to do.

**Source** Salesforce Help, "External Client Apps": distribution state Local or Packaged.
"""

from collections.abc import Iterator, Mapping, Sequence

from sfcred.checks.api import Example, Problem, ProjectEntry, Severity, project_check
from sfcred.checks.lib.clients import not_compared

BAD = Example(
    "name: acme-crm\n---\nname: acme-erp\nn8n:\n  id: acmeErp000000001\n"
    "my_domain: https://acme--dev.sandbox.my.salesforce.com\n"
    "jwt:\n  username: n8n@acme.com.dev\n"
)
GOOD = Example("name: acme-crm\n---\nname: acme-erp\nn8n:\n  id: acmeErp000000001\n")


@project_check("SFC111", Severity.WARNING, bad=BAD, good=GOOD, since="0.1.0")
def check(entries: Sequence[ProjectEntry]) -> Iterator[Problem]:
    """Report each further org, and name the first one."""
    judged = [e for e in entries if e.external_client_app and e.client and e.org]
    if len({entry.org for entry in judged}) > 1:
        yield from not_compared(judged)
    groups: dict[tuple[str, str], dict[str, ProjectEntry]] = {}
    for entry in judged:
        orgs = groups.setdefault((entry.client_kind, entry.client), {})
        orgs.setdefault(entry.org, entry)
        other = _other_org(entry, orgs)
        if other is not None:
            message = f"this Consumer Key is also used for another org ({other.org}, {other.name})"
            hint = "An External Client App belongs to one org: create one in each."
            yield Problem(message, ("client_id",), hint, entry=entry)


def _other_org(entry: ProjectEntry, orgs: Mapping[str, ProjectEntry]) -> ProjectEntry | None:
    """Return a credential of another org. The first org's are right, unless they aren't chosen."""
    first = next(iter(orgs.values()))
    if first.org == entry.org and first.is_chosen:
        return None
    return next((one for org, one in orgs.items() if org != entry.org), None)
