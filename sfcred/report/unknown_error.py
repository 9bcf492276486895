"""What `sfcred explain --error` says about an error that it doesn't know."""

import re

from sfcred.salesforce.diagnosis import nearest, read_error, topic
from sfcred.salesforce.other_services import other_service
from sfcred.salesforce.pasted import Reading
from sfcred.text.redact import redact
from sfcred.text.wrapping import wrapped

# What to say of an error of another service.
_OTHERS = (
    "It looks like an error of {0}, not of a Salesforce org. Look the text up in the documentation "
    "of {0}, and check the credential that n8n uses for it."
)
# What to do about an unknown error.
_NEXT = (
    "For a login that fails, run sfcred doctor --live, which logs in and shows the full answer.",
    "For a key, a certificate or a spec, sfcred doctor needs no connection.",
    "In Salesforce, look at the user's rows in Setup, Login History: Status often has the reason.",
)
# An error code. Anything else in its place can be a secret, and isn't repeated.
_CODE = re.compile(r"(?=.{1,60}$)[A-Za-z]+(?:[_-](?:[A-Za-z]+|[0-9]+))*")


def unknown_text(text: str, reading: Reading, width: int | None) -> str:
    """Say that an error isn't known, and what may help all the same.

    Args:
        text: The error.
        reading: What `read_text` returns for it.
        width: The width to wrap at; None for no line breaks.
    """
    error = read_error(text).error
    what = f" ({redact(error)})" if _CODE.fullmatch(error) else ""
    about, service = topic(text, reading), other_service(text)
    if service and about and about.is_salesforce_only:
        about = None
    # What stands around an answer is known, and no clue.
    near = [] if service else nearest("\n".join(reading.answers) or text)
    lines = [f"sfcred doesn't know this error{what}."]
    if near:
        lines.append(f"The nearest texts that it knows: {'; '.join(near)}.")
    if service:
        lines.append(_OTHERS.format(service))
    told = [wrapped(line, width) for line in (*lines, *(() if about or service else _NEXT))]
    if about:  # not as a numbered cause: it is no diagnosis
        told.append(wrapped(f"Its words are about {about.about}. If that is what failed:", width))
        told += [wrapped(part, width, "  ") for part in (about.usually, about.fix)]
    return "".join(f"{one}\n" for one in told)
