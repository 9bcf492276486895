"""The line of a spec that ignores a check, for hints: it maps the check's id to the reason."""

from typing import NamedTuple

from sfcred.resolve.credential import Credential


class Addition(NamedTuple):
    """What to add to a spec, and where: the end of a sentence that begins with `add`."""

    line: str
    where: str


def ignore_line(credential: Credential, check: str, reason: str) -> Addition:
    """Return what makes a spec ignore a check, with the section it lacks or has.

    Args:
        credential: The credential.
        check: The check's id.
        reason: A reason as its owner would give it, in words that YAML takes without quotes.
    """
    doctor = credential.spec.doctor
    if doctor is None:
        return Addition(f"doctor: {{ignore: {{{check}: {reason}}}}}", "to the spec")
    if not doctor.ignore:
        return Addition(f"ignore: {{{check}: {reason}}}", "under `doctor:`")
    return Addition(f"{check}: {reason}", "to doctor.ignore")


def add_ignore(credential: Credential, check: str, reason: str) -> str:
    """Return the end of a sentence that says what makes a spec ignore a check."""
    line, where = ignore_line(credential, check, reason)
    return f"add `{line}` {where}"
