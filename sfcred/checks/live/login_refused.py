"""Salesforce refuses the login.

**Finds** a token endpoint that says no to a login as n8n does it. The answer is looked up in a
table of what Salesforce says and why; the causes are ranked by what the spec and the other checks
tell, and the first is printed first.

**Why it matters** n8n would get the same answer and show "Bad request - please check your
parameters", or for OAuth2 that the credential needs to be reconnected.

**How to fix it** Follow the hint: it names the screen and the field. Change one thing at a time,
and wait ten minutes after a change to an app. `sfcred explain --error 'invalid_grant: …'` gives
the same diagnosis for a text from a log.

**Source** Salesforce help, "OAuth Authorization Errors" and "OAuth 2.0 JWT Bearer Flow"; what users
of n8n, the Salesforce CLI and other clients reported; RFC 6749, section 5.2.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, live_check
from sfcred.checks.lib.diagnosis import explain, summary
from sfcred.checks.lib.live import ALL_IS_WELL, login, refusal, require_reached
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example("{}\n", replies=(refusal("invalid_grant", "user hasn't approved this consumer"),))
GOOD = Example("{}\n", replies=ALL_IS_WELL)

#: Where to point in the spec, by the row of the table.
_FIELDS: dict[str, Route] = {
    "audience-invalid": ("my_domain",),
    "domain-not-supported": ("my_domain",),
    "grant-type": ("my_domain",),
    "assertion-invalid": ("jwt", "private_key"),
    "user-unknown": ("jwt", "username"),
    "user-not-approved": ("jwt", "username"),
    "user-not-admin-approved": ("jwt", "username"),
    "client-secret-wrong": ("oauth2", "client_secret"),
    "refresh-token-expired": ("oauth2", "refresh_token"),
    "token-validity-expired": ("oauth2", "refresh_token"),
}


@live_check("SFC903", Severity.ERROR, bad=BAD, good=GOOD)
def check(live: "Live") -> Iterator[Problem]:
    """Not for a login that works with another audience: that is SFC908's."""
    from sfcred.oauth.token import Refused

    attempt = login(live)
    if attempt is None or not isinstance(attempt.outcome, Refused) or _is_split(live):
        return
    require_reached(live)  # a refusal that is about Salesforce's own trouble
    diagnosis = explain(live, attempt.outcome.error, attempt.outcome.description, "token")
    at = _FIELDS.get(diagnosis.name, ("client_id",))
    message = f"Salesforce refuses the login: {summary(attempt.outcome)}{diagnosis.message}"
    hint = f"{diagnosis.hint}{_others(live)}"
    yield Problem(message, at, hint, because_of=diagnosis.because_of)


def _is_split(live: "Live") -> bool:
    """Whether another audience works at the same host."""
    return live.visit.token is not None and live.visit.attempts[-1].host == live.visit.host


def _others(live: "Live") -> str:
    """What the other audiences gave."""
    others = live.visit.attempts[1:]
    if not others:
        return ""
    if live.visit.token is not None:
        environment = "sandbox" if "test." in others[-1].host else "production"
        return (
            f"\n{others[-1].host} accepts the login: write `environment: {environment}`, which n8n "
            "can use; better is the org's own address as `my_domain`."
        )
    tried = ", ".join(attempt.audience for attempt in others)
    return f"\nTried and refused as well: the audience {tried}."
