"""Explain an error text: the same diagnosis as doctor's, but without a credential at hand."""

import re
from typing import NamedTuple

from sfcred.checks import find_check
from sfcred.printable import one_line
from sfcred.redact import redact
from sfcred.salesforce.diagnosis import (
    diagnose_text,
    fix_of,
    nearest,
    rank,
    read_error,
    signs_in,
)
from sfcred.salesforce.refusals import Refusal


class PossibleCause(NamedTuple):
    """A possible cause of an error, and how to fix it."""

    what: str
    fix: str


class Diagnosis(NamedTuple):
    """The meaning of an error text.

    Attributes:
        name: The name of the refusal, such as `audience-invalid`.
        said: The usual wording.
        causes: The possible causes, likeliest first.
        in_n8n: What n8n shows instead; can be empty.
    """

    name: str
    said: str
    causes: tuple[PossibleCause, ...]
    in_n8n: str


def diagnose(text: str) -> tuple[Diagnosis, ...]:
    """Return the diagnoses that fit an error text; empty if sfcred doesn't know the error.

    Args:
        text: An error from Salesforce, n8n, a deployment or a log: a line, JSON, an address, or a
            whole page. If it holds several errors, the most telling one counts.
    """
    signs = signs_in(text)
    return tuple(_diagnosis(row, signs) for row in diagnose_text(text))


_GRANTS = {
    "": "",
    "jwt": " in the JWT flow",
    "client": " with client credentials",
    "refresh": " when a token is renewed",
    "code": " when a code is exchanged",
}


def _diagnosis(row: Refusal, signs: frozenset[str]) -> Diagnosis:
    usual = row.answers[0]
    said = ": ".join(part for part in (usual.error, usual.description) if part)
    causes = tuple(
        PossibleCause(redact(cause.what), redact(fix_of(cause, None))) for cause in rank(row, signs)
    )
    return Diagnosis(row.name, f"{said}{_GRANTS[usual.grant]}", causes, row.in_n8n)


def as_text(text: str) -> tuple[str, bool]:
    """Explain an error text to people.

    Returns:
        The explanation, and whether the error is known.
    """
    found = diagnose(text)
    if found:
        return "\n".join(_block(one) for one in found), True
    checks = _checks_named_in(text)
    return ("\n".join(checks) + "\n", True) if checks else (_unknown(text), False)


def _checks_named_in(text: str) -> list[str]:
    """Explain findings of sfcred's own that were pasted, by their ids."""
    ids = dict.fromkeys(re.findall(r"\bSFC[0-9]{3}\b", text))
    checks = [check for check in map(find_check, list(ids)[:_MOST_CHECKS]) if check]
    return [
        f"{check.id} ({check.name}) is a finding of sfcred's own: {check.title}.\n"
        f"  Follow its hint. `sfcred explain {check.id}` shows the whole page."
        for check in checks
    ]


def _block(diagnosis: Diagnosis) -> str:
    lines = [f"{diagnosis.name} ({diagnosis.said})"]
    for number, cause in enumerate(diagnosis.causes, 1):
        lines.append(f"  {number}. {cause.what}")
        lines.append(f"     {cause.fix}")
    if diagnosis.in_n8n:
        lines.append(f"  {diagnosis.in_n8n}")
    return "\n".join(lines) + "\n"


# The number of findings to explain in one text.
_MOST_CHECKS = 5
# What to do about an unknown error.
_NEXT = (
    "For a login that fails, run sfcred doctor --live, which logs in and shows the full answer.",
    "For a key, a certificate or a spec, sfcred doctor needs no connection.",
    "In Salesforce, look at the user's rows in Setup, Login History: Status often has the reason.",
)


def _unknown(text: str) -> str:
    error = read_error(text).error
    what = f" ({one_line(redact(error[:60]))})" if error else ""
    lines = [f"sfcred doesn't know this error{what}."]
    if near := nearest(text):
        lines.append(f"The nearest texts that it knows: {'; '.join(near)}.")
    return "\n".join([*lines, *_NEXT]) + "\n"
