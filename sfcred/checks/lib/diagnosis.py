"""The diagnosis of an error from Salesforce, worded for a finding."""

from typing import TYPE_CHECKING, NamedTuple

from sfcred.checks import all_checks
from sfcred.checks.lib.traits import signs

if TYPE_CHECKING:
    from sfcred.live.visit import Live
    from sfcred.oauth.token import TokenRefusal
    from sfcred.salesforce.refusals import Endpoint, Refusal, RefusalCause


class DiagnosisText(NamedTuple):
    """The parts of a finding about a refusal.

    Attributes:
        name: The row in the table; empty if no row matches.
        message: The likeliest cause, to append to Salesforce's own text.
        hint: What to do about each cause, what the credential rules out, and what n8n shows.
        because_of: The check whose finding is the likeliest cause.
    """

    name: str
    message: str
    hint: str
    because_of: str | None


def summary(outcome: "TokenRefusal") -> str:
    """Return the error as Salesforce worded it."""
    return f"{outcome.error}: {outcome.description}" if outcome.description else outcome.error


def explain(live: "Live", error: str, description: str, step: "Endpoint") -> DiagnosisText:
    """Look an answer up, and rank its causes by what is known about the credential.

    Args:
        live: The credential and its visit.
        error: Salesforce's error code, without secrets.
        description: Salesforce's description of the error, without secrets.
        step: The endpoint that answered.
    """
    from sfcred.salesforce.diagnosis import ErrorText, diagnose, fix_of, ruled_out
    from sfcred.salesforce.refusals import KnownWording
    from sfcred.salesforce.refusals.n8n_shows import shown_in_n8n

    rows = diagnose(ErrorText(error, description, step, live.visit.grant))
    if not rows:
        return _unknown(live)
    known = signs(live)
    first, *others = _causes(live, rows[0], known)
    app_type = live.credential.app.type
    lines = [fix_of(first, app_type, known)]
    lines += [f"Or if {cause.what}: {fix_of(cause, app_type, known)}" for cause in others]
    lines += [f"Ruled out: {cause.what} ({why})." for cause, why in ruled_out(rows[0], known)]
    answer = KnownWording(step, 0, error)
    shown = shown_in_n8n(rows[0], answer, frozenset({live.visit.grant}))
    lines += [shown] if shown else []
    culprit = next((sign for sign in first.signs if sign in live.found), None)
    return DiagnosisText(rows[0].name, f"; most likely {first.what}", "\n".join(lines), culprit)


def _causes(live: "Live", row: "Refusal", known: frozenset[str]) -> "list[RefusalCause]":
    """Return a refusal's causes, the likeliest first: a local org can lack what it can't read."""
    from sfcred.salesforce.diagnosis import rank
    from sfcred.salesforce.refusals import RefusalCause

    causes = rank(row, known)
    if live.credential.context.local_org is None or row.name not in _LACKS_A_VALUE:
        return causes
    return [RefusalCause(_LACKS_A_VALUE[row.name], _START_AGAIN), *causes]


_START_AGAIN = (
    "In the terminal of `sfcred local-org`, set the variables that the spec names, and start it "
    "again: it reads values when it starts, and says which credentials it left out. It also gives "
    "this answer if you asked for it (`--refuse`, or on its page)."
)
# By the name of the refusal: what the local org doesn't know.
_LACKS_A_VALUE = {
    "client-id-unknown": "this local org doesn't know the credential",
    "client-secret-wrong": "this local org has another Consumer Secret",
    "refresh-token-expired": "this local org doesn't know the refresh token",
}


def _unknown(live: "Live") -> DiagnosisText:
    flow = live.credential.decision.flow
    checked = [
        check.rules_out
        for check in all_checks(("offline",))
        if check.rules_out and check.id in live.clean and check.covers(flow)
    ]
    hint = "This answer is not in sfcred's table. The user's Login History in Setup often has more."
    if checked:
        hint += f"\nAlready checked: {'; '.join(checked)}."
    return DiagnosisText("", "", hint, None)
