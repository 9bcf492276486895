"""A diagnosis in words, for the checks whose finding is something that Salesforce said."""

from typing import TYPE_CHECKING, NamedTuple

from sfcred.checks import all_checks
from sfcred.checks.lib.live import app_type, signs

if TYPE_CHECKING:
    from sfcred.live.visit import Live
    from sfcred.oauth.token import Refused
    from sfcred.salesforce.refusals import Endpoint


class Diagnosis(NamedTuple):
    """What a finding says of a refusal.

    Attributes:
        name: The table's row; empty if no row says the same.
        message: The likeliest cause, to be put behind what Salesforce said.
        hint: What to do, for each cause; and what n8n shows.
        because_of: The check whose finding is the likeliest cause.
    """

    name: str
    message: str
    hint: str
    because_of: str | None


def summary(outcome: "Refused") -> str:
    """What Salesforce said, as it came."""
    return f"{outcome.error}: {outcome.description}" if outcome.description else outcome.error


def explain(live: "Live", error: str, description: str, step: "Endpoint") -> Diagnosis:
    """Looks an answer up, and ranks its causes by what is known of the credential.

    Args:
        live: The credential and its visit.
        error: What Salesforce said, without secrets.
        description: The same.
        step: Which endpoint said it.
    """
    from sfcred.salesforce.diagnosis import ErrorText, diagnose, fix_of, rank

    rows = diagnose(ErrorText(error, description, step, live.visit.grant))
    if not rows:
        return _unknown(live)
    known = signs(live)
    first, *others = rank(rows[0], known)
    lines = [fix_of(first, app_type(live))]
    lines += [f"Or {cause.what}: {fix_of(cause, app_type(live))}" for cause in others]
    lines.append(rows[0].in_n8n)
    culprit = next((sign for sign in first.signs if sign in live.found), None)
    return Diagnosis(rows[0].name, f"; most likely {first.what}", "\n".join(lines), culprit)


def _unknown(live: "Live") -> Diagnosis:
    flow = live.credential.decision.flow
    checked = [
        check.rules_out
        for check in all_checks(("offline",))
        if check.rules_out and check.id in live.clean and check.flow in (None, flow)
    ]
    hint = (
        "This answer is not in sfcred's table. Setup, Login History, of this user often tells more."
    )
    if checked:
        hint += f"\nAlready checked: {'; '.join(checked)}."
    return Diagnosis("", "", hint, None)
