"""More than four OAuth2 credentials share one Consumer Key and org.

**Finds** five or more OAuth2 credentials with the same Consumer Key in the same org.

**Why it matters** Salesforce usually keeps five refresh tokens a user and app. The next consent
silently ends the oldest, and that credential needs to be connected again.

**How to fix it** Use one credential in several workflows, an app for each group of credentials, or
the JWT flow, which has no refresh tokens.

**Source** Widely reported by vendors of integrations; the number is not on an official page.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from sfcred.checks.api import Entry, Example, Problem, Severity, project_check
from sfcred.checks.lib.clients import not_compared

_MOST = 4


def _specs(number: int) -> str:
    return "---\n".join(f"name: acme-{n}\nn8n: {{id: acme{n}}}\n" for n in range(number))


BAD = Example(_specs(5), base="oauth2")
GOOD = Example(_specs(4), base="oauth2")


@project_check("SFC605", Severity.WARNING, bad=BAD, good=GOOD)
def check(entries: Sequence[Entry]) -> Iterator[Problem]:
    """One problem a group, at its first credential too many."""
    judged = [entry for entry in entries if entry.flow == "oauth2" and entry.client]
    if any(number > _MOST for number in Counter(e.authority for e in judged).values()):
        yield from not_compared(judged)
    groups: dict[tuple[str, str, str], int] = {}
    for entry in judged:
        key = (entry.client_kind, entry.client, entry.authority)
        groups[key] = groups.get(key, 0) + 1
        if groups[key] == _MOST + 1:
            message = f"more than {_MOST} OAuth2 credentials share this Consumer Key and org"
            hint = "Share one credential between workflows, or use the JWT flow."
            yield Problem(message, ("client_id",), hint, entry=entry)
