"""What an error text means: the same diagnosis as doctor's, without a credential to look at."""

from typing import NamedTuple

from sfcred.printable import one_line
from sfcred.redact import redact
from sfcred.salesforce.diagnosis import ErrorText, fix_of, rank, read_error
from sfcred.salesforce.diagnosis import diagnose as rows_for
from sfcred.salesforce.refusals import Refusal


class PossibleCause(NamedTuple):
    """Why it may have happened, and what to do about it."""

    what: str
    fix: str


class Diagnosis(NamedTuple):
    """What an error text means.

    Attributes:
        name: The name of the refusal, such as `audience-invalid`.
        said: How Salesforce usually says it.
        causes: The likeliest first.
        in_n8n: What n8n shows of it.
    """

    name: str
    said: str
    causes: tuple[PossibleCause, ...]
    in_n8n: str


def diagnose(text: str) -> tuple[Diagnosis, ...]:
    """Return what an error text means; nothing if it isn't known.

    Args:
        text: What Salesforce, n8n or a log says: a line, JSON, or a whole page.
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
        f"sfcred's table has no such error{what}.\n"
        "Try: sfcred doctor --live, which logs in and shows Salesforce's whole answer.\n"
        "In Salesforce: Setup, Login History, of the user; its Status often tells the reason.\n"
    )
