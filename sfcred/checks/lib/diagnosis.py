"""A diagnosis in words, for the checks whose finding is something that Salesforce said."""

from typing import TYPE_CHECKING, NamedTuple

from sfcred.checks.lib.live import app_type, signs

if TYPE_CHECKING:
    from sfcred.live.visit import Live
    from sfcred.oauth.token import Refused
    from sfcred.salesforce.refusals import Step

# What a clean check rules out, in words.
_RULED_OUT = {
    "SFC103": "environment and my_domain agree",
    "SFC106": "the address is the org's own",
    "SFC108": "the username fits the sandbox",
    "SFC109": "the username has a username's form",
    "SFC110": "the Consumer Key has a Consumer Key's form",
    "SFC408": "key and certificate are a pair",
    "SFC409": "the certificate is in date",
}
_JWT_ONLY = {"SFC108", "SFC109", "SFC408", "SFC409"}


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


def explain(live: "Live", error: str, description: str, step: "Step") -> Diagnosis:
    """Looks an answer up, and ranks its causes by what is known of the credential.

    Args:
        live: The credential and its visit.
        error: What Salesforce said, without secrets.
        description: The same.
        step: Which endpoint said it.
    """
    from sfcred.salesforce.diagnosis import Said, diagnose, fix_of, rank

    rows = diagnose(Said(error, description, step, live.visit.grant))
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
    ruled_out = [
        words
        for check_id, words in _RULED_OUT.items()
        if check_id not in live.found | live.unknown
        and (check_id not in _JWT_ONLY or live.credential.decision.flow == "jwt")
    ]
    hint = (
        "This answer is not in sfcred's table. Setup, Login History, of this user often tells more."
    )
    if ruled_out:
        hint += f"\nRuled out: {'; '.join(ruled_out)}."
    return Diagnosis("", "", hint, None)
