"""What an error text means: the same diagnosis as doctor's, without a credential to look at."""

from sfcred.printable import one_line
from sfcred.redact import redact
from sfcred.salesforce.diagnosis import Said, fix_of, rank
from sfcred.salesforce.refusals import Refusal


def as_text(said: Said, rows: list[Refusal]) -> str:
    """For people.

    Args:
        said: What was understood of the text.
        rows: The rows of the table that say the same; none for an unknown text.
    """
    if not rows:
        return _unknown(said)
    return "\n".join(_block(row) for row in rows)


def _block(row: Refusal) -> str:
    usual = row.answers[0]
    said = f"{usual.error}: {usual.description}" if usual.error else usual.description
    lines = [f"{row.name} ({said.removesuffix(': ')})"]
    for number, cause in enumerate(rank(row, None), 1):
        lines.append(f"  {number}. {cause.what}")
        lines.append(f"     {fix_of(cause, None)}")
    lines.append(f"  {row.in_n8n}")
    return "\n".join(lines) + "\n"


def _unknown(said: Said) -> str:
    what = f" ({one_line(redact(said.error[:60]))})" if said.error else ""
    return (
        f"sfcred's table has no such error{what}.\n"
        "Try: sfcred doctor --live, which logs in and shows Salesforce's whole answer.\n"
        "In Salesforce: Setup, Login History, of the user; its Status often tells the reason.\n"
    )
