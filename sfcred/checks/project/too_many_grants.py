"""More than four OAuth2 credentials share one Consumer Key and org.

**Finds** five or more OAuth2 credentials with the same Consumer Key in the same org.

**Why it matters** Salesforce usually keeps five refresh tokens per user and app. The next consent
silently revokes the oldest, and you have to connect that credential again. With five credentials,
that is the first one that you connect again. Some vendors report a limit of four.

**How to fix it** Use one credential in several workflows, one app per group of credentials, or the
JWT flow, which has no refresh tokens.

**Source** Widely reported by vendors of integrations (Merge: five, Fivetran: four); no official
page states the number.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from sfcred.checks.api import Example, Problem, ProjectEntry, Severity, project_check
from sfcred.checks.lib.clients import not_compared

_MOST = 4


def _specs(number: int) -> str:
    return "---\n".join(f"name: acme-{n}\nn8n: {{id: acme{n}}}\n" for n in range(number))


BAD = Example(_specs(5), base="oauth2")
GOOD = Example(_specs(4), base="oauth2")


@project_check("SFC605", Severity.WARNING, bad=BAD, good=GOOD, flow="oauth2", since="0.1.0")
def check(entries: Sequence[ProjectEntry]) -> Iterator[Problem]:
    """Report each group once, at the first credential above the limit."""
    judged = [entry for entry in entries if entry.flow == "oauth2" and entry.client]
    if any(number > _MOST for number in Counter(e.authority for e in judged).values()):
        yield from not_compared(judged)
    groups: dict[tuple[str, str, str], int] = {}
    told = set()
    for entry in judged:
        key = (entry.client_kind, entry.client, entry.authority)
        groups[key] = groups.get(key, 0) + 1
        if groups[key] > _MOST and entry.is_chosen and key not in told:
            told.add(key)
            message = f"more than {_MOST} OAuth2 credentials share this Consumer Key and org"
            hint = "Share one credential between workflows, or use the JWT flow."
            yield Problem(message, ("client_id",), hint, entry=entry)
