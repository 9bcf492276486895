"""Salesforce refuses the login.

**Finds** a token endpoint that refuses a login made the way n8n makes it. sfcred looks the answer
up in a table of Salesforce's errors and their causes, ranks the causes by what the spec and the
other checks show, and prints the likeliest first.

**Why it matters** n8n would get the same answer and hide it: for JWT behind "Bad request - please
check your parameters", and for the other flows mostly behind "needs to be reconnected", even if
nothing can be reconnected.

**How to fix it** Follow the hint, which names the screen and the field. Change one thing at a time,
and wait ten minutes after you change an app. For an error from a log,
`sfcred explain --error 'invalid_grant: …'` gives the same diagnosis.

**Source** Salesforce help, "OAuth Authorization Errors" and "OAuth 2.0 JWT Bearer Flow"; reports by
users of n8n, the Salesforce CLI and other clients; RFC 6749, section 5.2.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, Trait, live_check
from sfcred.checks.lib.diagnosis import explain, summary
from sfcred.checks.lib.live import ALL_IS_WELL, login, refusal, require_reached, split_audience
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.live.visit import Live

BAD = Example("{}\n", replies=(refusal("invalid_grant", "user hasn't approved this consumer"),))
GOOD = Example("{}\n", replies=ALL_IS_WELL)

#: The field of the spec to point at, by the name of the refusal.
_FIELDS: dict[str, Route] = {
    "audience-invalid": ("my_domain",),
    "domain-not-supported": ("my_domain",),
    "grant-type": ("my_domain",),
    "assertion-invalid": ("jwt", "private_key"),
    "user-unknown": ("jwt", "username"),
    "user-not-approved": ("jwt", "username"),
    "user-not-admin-approved": ("jwt", "username"),
    "jwt-login-refused": ("jwt", "private_key"),
    "no-run-as-user": ("client_credentials", "run_as"),
    "client-credentials-flow-off": ("client_credentials",),
    "no-valid-scopes": ("app", "scopes"),
    "refresh-token-expired": ("oauth2", "refresh_token"),
    "token-validity-expired": ("oauth2", "refresh_token"),
    "refresh-refused": ("oauth2", "refresh_token"),
}


@live_check(
    "SFC903", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0", traits=(Trait.JUDGES_CONSENT,)
)
def check(live: "Live") -> Iterator[Problem]:
    """Report a refusal, unless the login works with another audience (SFC908)."""
    from sfcred.oauth.token import TokenRefusal

    attempt = login(live)
    if attempt is None or not isinstance(attempt.outcome, TokenRefusal) or split_audience(live):
        return
    require_reached(live)  # a refusal because of Salesforce's own trouble
    diagnosis = explain(live, attempt.outcome.error, attempt.outcome.description, attempt.step)
    at = _FIELDS.get(diagnosis.name, ("client_id",))
    if diagnosis.name == "client-secret-wrong" and live.visit.grant != "jwt":
        at = live.credential.secret_route
    what = "gave no consent" if attempt.step == "authorize" else "refuses the login"
    who = "Salesforce" if live.credential.context.local_org is None else "the local org"
    message = f"{who} {what}: {summary(attempt.outcome)}{diagnosis.message}"
    hint = f"{diagnosis.hint}{_others(live)}"
    yield Problem(message, at, hint, because_of=diagnosis.because_of)


def _others(live: "Live") -> str:
    """Return what the attempts with other audiences showed."""
    others = live.visit.attempts[1:]
    if not others:
        return ""
    if live.visit.token is not None:
        environment = "sandbox" if "test." in others[-1].host else "production"
        return (
            f"\n{others[-1].host} accepts the login. Set `my_domain` to the org's own address, or "
            f"write `environment: {environment}`, which also works in n8n."
        )
    tried = ", ".join(attempt.audience for attempt in others)
    return f"\nAlso tried and refused: the audience {tried}."
