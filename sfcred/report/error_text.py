"""Explain an error text: the same diagnosis as doctor's, but without a credential at hand."""

from typing import NamedTuple

from sfcred.printable import one_line
from sfcred.redact import redact
from sfcred.salesforce.diagnosis import ErrorText, fix_of, rank, read_error
from sfcred.salesforce.diagnosis import diagnose as rows_for
from sfcred.salesforce.refusals import Refusal


class PossibleCause(NamedTuple):
    """A possible cause of an error, and how to fix it."""

    what: str
    fix: str


class Diagnosis(NamedTuple):
    """The meaning of an error text.

    Attributes:
        name: The name of the refusal, such as `audience-invalid`.
        said: Salesforce's usual wording.
        causes: The possible causes, likeliest first.
        in_n8n: What n8n shows instead.
    """

    name: str
    said: str
    causes: tuple[PossibleCause, ...]
    in_n8n: str


def diagnose(text: str) -> tuple[Diagnosis, ...]:
    """Return the diagnoses that fit an error text; empty if sfcred doesn't know the error.

    Args:
        text: An error from Salesforce, n8n or a log: a line, JSON, or a whole page.
    """
    return tuple(_diagnosis(row) for row in rows_for(read_error(text)))


def _diagnosis(row: Refusal) -> Diagnosis:
    usual = row.answers[0]
    said = f"{usual.error}: {usual.description}" if usual.error else usual.description
    causes = tuple(PossibleCause(cause.what, fix_of(cause, None)) for cause in rank(row, None))
    return Diagnosis(row.name, said.removesuffix(": "), causes, row.in_n8n)


def as_text(text: str) -> tuple[str, bool]:
    """Explain an error text to people.

    Returns:
        The explanation, and whether the error is known.
    """
    found = diagnose(text)
    if not found:
        return _unknown(read_error(text)), False
    return "\n".join(_block(one) for one in found), True


def _block(diagnosis: Diagnosis) -> str:
    lines = [f"{diagnosis.name} ({diagnosis.said})"]
    for number, cause in enumerate(diagnosis.causes, 1):
        lines.append(f"  {number}. {cause.what}")
        lines.append(f"     {cause.fix}")
    lines.append(f"  {diagnosis.in_n8n}")
    return "\n".join(lines) + "\n"


def _unknown(said: ErrorText) -> str:
    what = f" ({one_line(redact(said.error[:60]))})" if said.error else ""
    return (
        f"sfcred doesn't know this error{what}.\n"
        "Run sfcred doctor --live: it logs in and shows Salesforce's full answer.\n"
        "In Salesforce, check the user's entries in Setup, Login History: Status often gives the "
        "reason.\n"
    )
