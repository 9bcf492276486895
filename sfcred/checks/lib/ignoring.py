"""The line of a spec that ignores a check, for hints: it maps the check's id to the reason."""

from sfcred.resolve.credential import Credential


def ignore_line(credential: Credential, check: str, reason: str) -> str:
    """Return what to add to a spec, as the end of a sentence, with the section it lacks or has.

    Args:
        credential: The credential.
        check: The check's id.
        reason: A reason as its owner would give it, in words that YAML takes without quotes.
    """
    doctor = credential.spec.doctor
    if doctor is None:
        return f"add `doctor: {{ignore: {{{check}: {reason}}}}}` to the spec"
    if not doctor.ignore:
        return f"add `ignore: {{{check}: {reason}}}` under `doctor:`"
    return f"add `{check}: {reason}` to doctor.ignore"
